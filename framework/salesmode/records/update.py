"""Changing records: one unit of work for one row or a thousand, with the same values or each with its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Problem, Refusal
from salesmode.model.condition import Condition
from salesmode.records.alteration import Alteration, alteration, lock_rows
from salesmode.records.binding import guarded, many, one
from salesmode.records.checks import IDS
from salesmode.records.filling import forced, stamp
from salesmode.records.history import changed, record
from salesmode.records.judging import Findings, judge, note
from salesmode.records.limits import MOST, within
from salesmode.records.locking import Locked, asked_ids, lock
from salesmode.records.problems import INPUT, Path, problem
from salesmode.records.references import held_ids, held_variables
from salesmode.records.rights import chosen, verdict
from salesmode.records.shape import required, shaped
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.versions import same_version
from salesmode.records.written import Written


@dataclass(frozen=True, slots=True)
class Change:
    """A locked row, and what the caller wants it to hold."""

    row: Locked
    supplied: Mapping[str, object]
    path: Path


@dataclass(frozen=True, slots=True)
class Altered:
    """Rows that the caller may change, with what they will hold."""

    plan: Alteration
    rows: Sequence[Written]


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
    supplied = _input(subject, values)
    rows = yield from lock_visible(subject, [supplied], ids, environment)
    same_version(rows, if_version)
    changes = [Change(each, supplied, INPUT) for each in rows]
    yield from alter(subject, changes, environment)
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
    supplied = _input(subject, values)
    wanted, statement = lock_rows(subject, frozenset(supplied), where, MOST + 1)
    rows = yield from lock(statement, wanted, environment.with_variables(_held(subject, [supplied])))
    within(len(rows), "where")
    yield from alter(subject, [Change(each, supplied, INPUT) for each in rows], environment)
    return tuple(each.id for each in rows)


def _input(subject: Subject, values: Mapping[str, object]) -> Mapping[str, object]:
    problems: list[Problem] = []
    supplied = shaped(subject, "update", values, path=INPUT, problems=problems)
    problems += required(subject, supplied, INPUT)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    return supplied


def lock_visible(
    subject: Subject, supplied: Sequence[Mapping[str, object]], ids: Sequence[str], environment: Environment
) -> UnitOf[list[Locked]]:
    """Lock the rows in the order of `ids`; NOT_FOUND unless the caller sees all of them."""
    names, ids = frozenset[str]().union(*supplied), asked_ids(ids)
    wanted, statement = lock_rows(subject, names, None, None)
    variables = {IDS: ids, **_held(subject, supplied)}
    found = yield from lock(statement, wanted, environment.with_variables(variables))
    visible = alteration(subject, names).visible
    rows = {each.id: each for each in found if each.rights[visible]}
    if any(each not in rows for each in ids):
        raise Refusal("NOT_FOUND")
    return [rows[each] for each in ids]


def _held(subject: Subject, supplied: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    return held_variables(held_ids((subject, *item) for values in supplied for item in values.items()))


def alter(subject: Subject, changes: Sequence[Change], environment: Environment) -> UnitOf[None]:
    """rights → write → rules and validations on the new rows → history (RULING 10)."""
    if changes:
        altered = permitted(subject, changes, environment)
        yield from write_altered(altered, environment)
        findings = Findings()
        yield from judge_altered(altered, environment, findings)
        findings.refuse()
        yield from record(subject, list(changed(subject, "updated", altered.rows)), environment)


def permitted(subject: Subject, changes: Sequence[Change], environment: Environment) -> Altered:
    """The rows as they will be; FORBIDDEN where the old row gives no right to it (RULING 20)."""
    plan = alteration(subject, frozenset[str]().union(*(each.supplied for each in changes)))
    findings = Findings()
    rows = [_permit(plan, each, environment, findings) for each in changes]
    findings.refuse()
    return Altered(plan, rows)


def _permit(plan: Alteration, change: Change, environment: Environment, findings: Findings) -> Written:
    subject, rights = plan.law.subject, change.row.rights
    names = frozenset(change.supplied)
    missing = verdict(plan.law.grants, names, rights=rights, checks=plan.law.checks.all_hold)
    if not missing.row:
        raise Refusal("FORBIDDEN")
    note(findings.rights, (problem(subject, change.path, "locked", field=name) for name in missing.locked))
    presets = forced(subject, chosen(plan.law.grants, names, rights), change.supplied, environment)
    note(findings.broken, required(subject, presets, change.path))
    values = {**change.supplied, **presets}
    row = change.row
    return Written(row.id, change.path, names, values, old=row.old, rights=rights, version=row.version + 1)


def write_altered(altered: Altered, environment: Environment) -> UnitOf[None]:
    """One statement where all rows get the same values, else one for each row, in one step."""
    plan, rows = altered.plan, altered.rows
    subject, stamped = plan.law.subject, stamp(environment)
    paths = [row.path for row in rows]
    new = [{each.name: row.now(each.name) for each in plan.touched} | stamped for row in rows]
    if all(each == new[0] for each in new):
        step = one(plan.update, {**new[0], IDS: tuple(row.id for row in rows)}, environment)
        yield from guarded(step, subject, paths)
    else:
        each_alone = [{**values, IDS: (row.id,)} for values, row in zip(new, rows, strict=True)]
        yield from guarded(many(plan.update, each_alone, environment), subject, paths)


def judge_altered(altered: Altered, environment: Environment, findings: Findings) -> UnitOf[None]:
    """`check`, rules and validations on the new rows, in one statement."""
    law, rows = altered.plan.law, altered.rows
    failing = yield from law.checks.ask([row.id for row in rows], environment)
    judge(law, rows, failing, environment=environment, findings=findings)
