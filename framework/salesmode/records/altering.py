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
from salesmode.model.pipeline import PIPELINE
from salesmode.pipelines.passage import Passage
from salesmode.pipelines.places import places
from salesmode.records.alteration import Alteration, alteration, update_statement
from salesmode.records.binding import guarded, many, one
from salesmode.records.checks import IDS
from salesmode.records.choosing import by_hand, choose
from salesmode.records.collisions import judged
from salesmode.records.filling import forced, stamp
from salesmode.records.hooking import before
from salesmode.records.judging import Findings, note
from salesmode.records.keeping import keep
from salesmode.records.locking import Locked
from salesmode.records.problems import Path, problem
from salesmode.records.rights import chosen, verdict
from salesmode.records.shape import required, retired
from salesmode.records.stages import locked_here, placed, standing_in, unfit
from salesmode.records.subject import Subject
from salesmode.records.written import Going, Written, equal


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a row is to go, and `path`, where the request says so. `pipeline`: in which it is said to be.

    `resting`: where it is already, it stays; otherwise that is told as what is in its way.
    """

    target: str | None
    path: Path
    comment: str | None = None
    pipeline: str | None = None
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A locked row, and what the caller wants it to hold."""

    row: Locked
    supplied: Mapping[str, object]
    path: Path
    aim: Aim | None = None


@dataclass(frozen=True, slots=True)
class Altered:
    """Rows that the caller may change, with what they will hold."""

    plan: Alteration
    rows: Sequence[Written]


def permitted(
    subject: Subject,
    changes: Sequence[Change],
    environment: Environment,
    *,
    operation: str = "update",
    moving: bool = False,
    touch: bool = False,
) -> Altered:
    """The rows as they will be; FORBIDDEN where the old row gives no right to it (RULING 20)."""
    names = frozenset[str]().union(*(each.supplied for each in changes))
    passages = frozenset(filter(None, (_passage(subject, each) for each in changes))) if moving else None
    plan = alteration(subject, names, operation, passages)
    findings = Findings()
    rows = [_permit(plan, each, environment, findings, touch=touch) for each in changes]
    findings.refuse()
    return Altered(plan, rows)


def _passage(subject: Subject, change: Change) -> Passage | None:
    """The way that the row takes, if it leads anywhere."""
    target = None if change.aim is None else change.aim.target
    if change.aim is None or target is None:
        return None
    pipeline, source = standing_in(subject, change.row.old)
    there = target in (each.name for each in places(pipeline))
    return Passage(pipeline.name, source, target) if there and not _rests(change.aim, source) else None


def _rests(aim: Aim, source: str) -> bool:
    return aim.target is None or (aim.resting and aim.target == source)


def _permit(
    plan: Alteration, change: Change, environment: Environment, findings: Findings, *, touch: bool
) -> Written:
    subject, rights = plan.law.subject, change.row.rights
    names = frozenset(change.supplied)
    missing = verdict(plan.law.grants, names, rights=rights, checks=plan.law.checks.all_hold)
    if not missing.row:
        raise Refusal("FORBIDDEN")
    note(findings.rights, (problem(subject, change.path, "locked", field=name) for name in missing.locked))
    presets = forced(subject, chosen(plan.law.grants, names, rights), change.supplied, environment)
    note(findings.broken, required(subject, presets, change.path))
    note(findings.broken, retired(subject, change.supplied, change.row.old, change.path))
    _staged(plan, change, findings)
    values = {**change.supplied, **presets}
    values |= dict.fromkeys(by_hand(subject, values))
    going = None if change.aim is None else _going(plan, change, change.aim, findings)
    if going is not None:
        pipeline = subject.pipelines[going.passage.pipeline]
        values |= placed(subject, pipeline, going.passage.target, environment)
        del values[PIPELINE]
    row = change.row
    idle = not touch and all(_kept(plan, row, *each) for each in values.items())
    version = row.version if idle else row.version + 1
    return Written(
        row.id,
        change.path,
        names,
        values,
        old=row.old,
        rights=rights,
        version=version,
        idle=idle,
        going=going,
    )


def _going(plan: Alteration, change: Change, aim: Aim, findings: Findings) -> Going | None:
    """FORBIDDEN to who may not know where the row stands: what is in its way would tell."""
    assert plan.move is not None
    subject, (shown, movable) = plan.law.subject, plan.move
    if not change.row.rights[shown]:
        raise Refusal("FORBIDDEN")
    pipeline, source = standing_in(subject, change.row.old)
    if aim.pipeline not in (None, pipeline.name):
        note(findings.broken, [problem(subject, change.path, "readonly", field=PIPELINE)])
    passage = _passage(subject, change)
    if passage is not None:
        return Going(passage, aim.path, aim.comment, barred=not change.row.rights[movable])
    if not _rests(aim, source):
        note(findings.broken, [problem(subject, aim.path, "not_in_pipeline")])
    return None


def _staged(plan: Alteration, change: Change, findings: Findings) -> None:
    """What the row's pipeline does not have, and what its stage locks; what it has may be repeated."""
    subject, row = plan.law.subject, change.row
    if PIPELINE not in row.old:
        return
    pipeline, _ = standing_in(subject, row.old)
    note(findings.broken, unfit(subject, pipeline, change.supplied, row.old, change.path))
    locked = locked_here(subject, row.old).intersection(change.supplied)
    changed = (name for name in sorted(locked) if not _kept(plan, row, name, change.supplied[name]))
    note(findings.rights, (problem(subject, change.path, "locked", field=name) for name in changed))


def _kept(plan: Alteration, row: Locked, name: str, value: object) -> bool:
    """Whether the row has the value, and the caller may know it: else the version would tell a right guess.

    That a reference is empty is told only where all that it could refer to can be seen.
    """
    subject = plan.law.subject
    field = subject.object.fields[name]
    if not row.rights[plan.told[name]] or not equal(field, row.old[name], value):
        return False
    return field.to is None or bool(value) or subject.rows(field.to) == ALWAYS


def write_altered(altered: Altered, environment: Environment) -> UnitOf[Altered]:
    """Plugins give the rows what they want them to hold. One statement where all rows get the same values,
    else one for each row, in one step; a row that has them keeps its version. Then the rules choose, and what
    is stored of the rows elsewhere follows. Gives the rows as they were written.
    """
    found = yield from before(altered.plan.law.subject, "update", altered.rows, environment)
    given = frozenset[str]().union(*(row.given for row in found))
    altered = Altered(altered.plan.giving(given) if given else altered.plan, found)
    rows = [row for row in altered.rows if not row.idle]
    yield from _write(altered.plan, environment, rows)
    yield from keep(altered.plan.law.subject, rows, environment)
    return altered


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
