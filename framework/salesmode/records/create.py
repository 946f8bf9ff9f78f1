"""Creating records: one unit of work for one row or a thousand, nested ones included."""

from collections.abc import Mapping, Sequence

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Problem, Refusal
from salesmode.records.arriving import arrive, newcomers
from salesmode.records.automatic import keep_tags, touched_by, touches
from salesmode.records.collisions import settle
from salesmode.records.history import record
from salesmode.records.hooking import after_all
from salesmode.records.judging import Findings
from salesmode.records.limits import MOST, within
from salesmode.records.nested import batches
from salesmode.records.new import created, judge_new, shape_new, write_new
from salesmode.records.problems import INPUT, Path
from salesmode.records.subject import WriteScope, subject_of
from salesmode.records.verbs import verb


@verb
def create(
    scope: WriteScope,
    object_name: str,
    inputs: Sequence[Mapping[str, object]],
    environment: Environment,
    *,
    paths: Sequence[Path] | None = None,
    presets: Mapping[str, object] | None = None,
    most: int | None = MOST,
) -> UnitOf[tuple[str, ...]]:
    """Create a record for each input; gives their ids in that order.

    `inputs`: values by field name, as field types parse them; a to-many has `{"create": [inputs]}` (RULING
    32). `paths`: where each input stands in the request; `("input", 0)` and so on unless told. `presets`:
    what the engine gives the records, whatever the caller may write, where the inputs do not. `most`: how
    many inputs there may be.
    """
    within(len(inputs), "input", most)
    subject = subject_of(scope, object_name)
    places = paths or [(*INPUT, number) for number in range(len(inputs))]
    drafted = batches(subject, inputs, places, presets or {})
    problems: list[Problem] = []
    new = shape_new(drafted, environment, problems)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    new = yield from write_new(new, environment)
    findings = Findings()
    yield from judge_new(new, environment, findings)
    yield from settle(findings, environment)
    made = yield from arrive(newcomers(new), environment)
    yield from record(subject, [*created(new), *made.entries], environment)
    yield from keep_tags(scope, [*touches(newcomers(new)), *touched_by(made.entries)], environment)
    yield from after_all([*newcomers(new), *made.rows], environment)
    return tuple(row.id for row in new[0].rows[: len(inputs)]) if new else ()
