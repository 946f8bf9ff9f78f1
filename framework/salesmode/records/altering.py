"""Locked rows get new values: rights to the old rows, the write, and what the new rows are held to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement
from salesmode.database.unit import ManyStep, Step
from salesmode.diagnostics import Refusal
from salesmode.model.condition import ALWAYS
from salesmode.records.alteration import Alteration, alteration, update_statement
from salesmode.records.binding import guarded, many, one
from salesmode.records.checks import IDS
from salesmode.records.choosing import by_hand, choose
from salesmode.records.collisions import judged
from salesmode.records.filling import forced, stamp
from salesmode.records.judging import Findings, note
from salesmode.records.locking import Locked
from salesmode.records.problems import Path, problem
from salesmode.records.rights import chosen, verdict
from salesmode.records.shape import required, retired
from salesmode.records.subject import Subject
from salesmode.records.written import Written, equal


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


def permitted(
    subject: Subject, changes: Sequence[Change], environment: Environment, *, operation: str = "update"
) -> Altered:
    """The rows as they will be; FORBIDDEN where the old row gives no right to it (RULING 20)."""
    plan = alteration(subject, frozenset[str]().union(*(each.supplied for each in changes)), operation)
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
    note(findings.broken, retired(subject, change.supplied, change.row.old, change.path))
    values = {**change.supplied, **presets}
    values |= dict.fromkeys(by_hand(subject, values))
    row, idle = change.row, all(_kept(plan, change.row, *each) for each in values.items())
    version = row.version if idle else row.version + 1
    return Written(row.id, change.path, names, values, old=row.old, rights=rights, version=version, idle=idle)


def _kept(plan: Alteration, row: Locked, name: str, value: object) -> bool:
    """Whether the row has the value, and the caller may know it: else the version would tell a right guess.

    That a reference is empty is told only where all that it could refer to can be seen.
    """
    subject = plan.law.subject
    field = subject.object.fields[name]
    if not row.rights[plan.told[name]] or not equal(field, row.old[name], value):
        return False
    return field.to is None or bool(value) or subject.rows(field.to) == ALWAYS


def write_altered(altered: Altered, environment: Environment) -> UnitOf[None]:
    """One statement where all rows get the same values, else one for each row, in one step; a row that has
    them keeps its version. Then the rules choose.
    """
    yield from _write(altered.plan, environment, [row for row in altered.rows if not row.idle])


def _write(
    plan: Alteration, environment: Environment, rows: Sequence[Written], *, apart: bool = False
) -> UnitOf[None]:
    """A row keeps what another one writes by being given what it has; only a secret cannot be read for that,
    so rows that write one are written apart.
    """
    for names, alike in _alike(plan, rows).items():
        new = [{each: row.now(each) for each in names} | stamp(environment) for row in alike]
        step = _step(update_statement(plan.law.subject, names, apart=apart), alike, new, environment)
        yield from guarded(step, plan.law.subject, [row.path for row in alike])
    yield from choose(plan.law.subject, (each.name for each in plan.touched), rows, environment)


def _alike(plan: Alteration, rows: Sequence[Written]) -> dict[frozenset[str], list[Written]]:
    groups: dict[frozenset[str], list[Written]] = {}
    secrets = {each.name for each in plan.touched if each.type == "secret"}
    names = frozenset(each.name for each in plan.touched)
    for row in rows:
        groups.setdefault(names - (secrets - row.values.keys()), []).append(row)
    return groups


def _step(
    statement: Statement,
    rows: Sequence[Written],
    new: Sequence[Mapping[str, object]],
    environment: Environment,
) -> Step | ManyStep:
    if all(each == new[0] for each in new):
        return one(statement, {**new[0], IDS: tuple(row.id for row in rows)}, environment)
    alone = [{**values, IDS: (row.id,)} for values, row in zip(new, rows, strict=True)]
    return many(statement, alone, environment)


def judge_altered(altered: Altered, environment: Environment, findings: Findings) -> UnitOf[None]:
    """`check`, rules and validations on the new rows, in one statement."""
    law, apart = altered.plan.law, partial(_write, altered.plan, environment, apart=True)
    yield from judged(law, altered.rows, apart, environment=environment, findings=findings)
