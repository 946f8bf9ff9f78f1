"""Changing records: one unit of work for one row or a thousand, with the same values or each with its own."""

from collections.abc import Mapping, Sequence

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Problem, Refusal
from salesmode.model.condition import Condition
from salesmode.records.alteration import alteration, lock_rows
from salesmode.records.altering import Change, judge_altered, permitted, write_altered
from salesmode.records.automatic import keep_tags, touches
from salesmode.records.checks import IDS
from salesmode.records.collisions import settle
from salesmode.records.history import changed, record
from salesmode.records.hooking import after_all
from salesmode.records.judging import Findings
from salesmode.records.limits import MOST, within
from salesmode.records.locking import Locked, asked_ids, lock
from salesmode.records.problems import INPUT, Path
from salesmode.records.references import held_ids, held_variables
from salesmode.records.shape import required, shaped
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.verbs import verb
from salesmode.records.versions import same_version


def update(
    scope: WriteScope,
    object_name: str,
    ids: Sequence[str],
    values: Mapping[str, object],
    environment: Environment,
    *,
    if_version: int | None = None,
) -> UnitOf[tuple[str, ...]]:
    """Write the same values to each of the records. NOT_FOUND if one of them is not there for the caller.

    `if_version`: the version that the records must have, else CONFLICT.
    """
    subject = subject_of(scope, object_name)
    supplied = right_input(subject, values)
    rows = yield from lock_visible(subject, [supplied], ids, environment)
    changes = [Change(each, supplied, INPUT) for each in rows]
    yield from _alter(subject, changes, environment, if_version=if_version)
    return tuple(each.id for each in rows)


@verb
def update_each(
    scope: WriteScope,
    object_name: str,
    values: Mapping[str, Mapping[str, object]],
    environment: Environment,
    *,
    touch: bool = False,
) -> UnitOf[tuple[str, ...]]:
    """Write to each of the records, by its id, its own values; `touch`: each gets a new version, also one
    that has them already.
    """
    subject = subject_of(scope, object_name)
    problems: list[Problem] = []
    paths = [(*INPUT, number) for number in range(len(values))]
    supplied = [
        update_input(subject, each, problems, path=path)
        for path, each in zip(paths, values.values(), strict=True)
    ]
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    rows = yield from lock_visible(subject, supplied, list(values), environment)
    changes = [Change(*each) for each in zip(rows, supplied, paths, strict=True)]
    yield from _alter(subject, changes, environment, touch=touch)
    return tuple(each.id for each in rows)


def update_where(
    scope: WriteScope,
    object_name: str,
    where: Condition,
    values: Mapping[str, object],
    environment: Environment,
) -> UnitOf[tuple[str, ...]]:
    """Write the values to every record that the caller sees and that fits; gives their ids (RULING 34).

    `where` has the caller's rights; its `Argument`s are variables of the environment.
    """
    subject = subject_of(scope, object_name)
    supplied = right_input(subject, values)
    wanted, statement = lock_rows(subject, frozenset(supplied), where=where, most=MOST + 1)
    rows = yield from lock(statement, wanted, environment.with_variables(_held(subject, [supplied])))
    within(len(rows), "where")
    yield from _alter(subject, [Change(each, supplied, INPUT) for each in rows], environment)
    return tuple(each.id for each in rows)


def right_input(
    subject: Subject, values: Mapping[str, object], problems: Sequence[Problem] = ()
) -> Mapping[str, object]:
    """The canonical values; VALIDATION_FAILED with what is wrong with them, after the given problems."""
    problems = list(problems)
    supplied = update_input(subject, values, problems)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    return supplied


def update_input(
    subject: Subject, values: Mapping[str, object], problems: list[Problem], *, path: Path = INPUT
) -> Mapping[str, object]:
    """The canonical values; what is wrong with them is added to the problems."""
    supplied = shaped(subject, "update", values, path=path, problems=problems, new=False)
    problems += required(subject, supplied, path)
    return supplied


def _alter(
    subject: Subject,
    changes: Sequence[Change],
    environment: Environment,
    *,
    if_version: int | None = None,
    touch: bool = False,
) -> UnitOf[None]:
    """rights → write → rules and validations on the new rows → history (RULING 10)."""
    if not changes:
        return
    altered = permitted(subject, changes, environment, touch=touch)
    same_version([each.row for each in changes], if_version)
    altered = yield from write_altered(altered, environment)
    findings = Findings()
    yield from judge_altered(altered, environment, findings)
    yield from settle(findings, environment)
    written = [(subject, each) for each in altered.rows]
    yield from record(subject, list(changed(subject, "updated", altered.rows)), environment)
    yield from keep_tags(subject.scope, touches(written), environment)
    yield from after_all(written, environment)


def lock_visible(
    subject: Subject,
    supplied: Sequence[Mapping[str, object]],
    ids: Sequence[str],
    environment: Environment,
    *,
    moving: bool = False,
) -> UnitOf[list[Locked]]:
    """Lock the rows in the order of `ids`; NOT_FOUND unless the caller sees all of them. `moving`: some of
    them may move to another stage.
    """
    names, ids = frozenset[str]().union(*supplied), asked_ids(ids)
    wanted, statement = lock_rows(subject, names, moving=moving)
    variables = {IDS: ids, **_held(subject, supplied)}
    found = yield from lock(statement, wanted, environment.with_variables(variables))
    visible = alteration(subject, names).visible
    rows = {each.id: each for each in found if each.rights[visible]}
    if any(each not in rows for each in ids):
        raise Refusal("NOT_FOUND")
    return [rows[each] for each in ids]


def _held(subject: Subject, supplied: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    return held_variables(held_ids((subject, *item) for values in supplied for item in values.items()))
