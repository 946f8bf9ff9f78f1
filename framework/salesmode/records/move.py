"""Moving a record to another stage: the input is written with it, and gates see the result (RULING 36)."""

from collections.abc import Mapping

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Message, Problem
from salesmode.pipelines.places import places
from salesmode.records.altering import Aim, Change, judge_altered, permitted, write_altered
from salesmode.records.arriving import arrive
from salesmode.records.automatic import keep_tags, touched_by, touches
from salesmode.records.collisions import settle
from salesmode.records.history import changed, record
from salesmode.records.hooking import after_all
from salesmode.records.judging import Findings
from salesmode.records.problems import INPUT, Path
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.update import lock_visible, right_input
from salesmode.records.verbs import verb
from salesmode.records.versions import same_version

TO: Path = ("to",)


@verb
def move(
    scope: WriteScope,
    object_name: str,
    id_: str,
    to: str,
    values: Mapping[str, object],
    environment: Environment,
    *,
    comment: str | None = None,
    if_version: int | None = None,
) -> UnitOf[tuple[str, ...]]:
    """Write the values, and bring the record to the stage `to` (of a simple pipeline: open, won or lost).

    STAGE_BLOCKED with everything that is in its way. `comment` stays in the history of its stages.
    """
    subject = subject_of(scope, object_name)
    supplied = _input(subject, values, to)
    (row,) = yield from lock_visible(subject, [supplied], [id_], environment, moving=True)
    change = Change(row, supplied, INPUT, Aim(to, TO, comment))
    altered = permitted(subject, [change], environment, moving=True)
    same_version([row], if_version)
    altered = yield from write_altered(altered, environment)
    findings = Findings()
    yield from judge_altered(altered, environment, findings)
    yield from settle(findings, environment)
    written = [(subject, each) for each in altered.rows]
    made = yield from arrive(written, environment)
    yield from record(subject, [*changed(subject, "updated", altered.rows), *made.entries], environment)
    yield from keep_tags(scope, [*touches(written), *touched_by(made.entries)], environment)
    yield from after_all([*written, *made.rows], environment)
    return (row.id,)


def _input(subject: Subject, values: Mapping[str, object], to: str) -> Mapping[str, object]:
    problems: list[Problem] = []
    if all(to != stage.name for each in subject.pipelines.values() for stage in places(each)):
        problems.append(Problem(TO, "unknown_option", Message("unknown_option", {"value": to})))
    return right_input(subject, values, problems)
