"""Every stay of a record in a stage is a record of its own, `stage_change`: from when to when, by whom."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlalchemy import update

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument, Compare, Literal, both
from salesmode.model.pipeline import STAGE_CHANGE
from salesmode.pipelines.passage import ends, way
from salesmode.records.binding import many, one
from salesmode.records.checks import IDS
from salesmode.records.creation import insertion
from salesmode.records.filling import filled, new_id, stamp
from salesmode.records.subject import Subject, subject_of
from salesmode.records.written import Written

Arrived = Sequence[tuple[Subject, Written]]
"""Rows that have entered a stage."""

_CHANGED = ("left_at", "updated_at", "updated_by")


def stay(arrived: Arrived, environment: Environment) -> UnitOf[None]:
    """End the stays that the rows have left, and begin the new ones; two steps for each object at most."""
    for subject, ids in _leaving(arrived).items():
        values = {IDS: tuple(ids), "left_at": environment.now, **stamp(environment)}
        yield one(_ending(subject), values, environment)
    if arrived:
        stays = subject_of(arrived[0][0].system, STAGE_CHANGE)
        rows = [_stay(stays, *each, environment) for each in arrived]
        yield many(insertion(stays), rows, environment)


def _leaving(arrived: Arrived) -> Mapping[Subject, list[str]]:
    found: dict[Subject, list[str]] = {}
    for subject, row in arrived:
        if row.going is not None and row.going.passage.source is not None:
            found.setdefault(subject, []).append(row.id)
    return found


def _stay(stays: Subject, subject: Subject, row: Written, environment: Environment) -> Mapping[str, object]:
    assert row.going is not None
    model, passage = subject.tables.model, row.going.passage
    staged = model.pipelines[passage.pipeline].staged
    given = {
        subject.object.name: row.id,
        "pipeline": passage.pipeline,
        "stage": passage.target if staged else None,
        "from_stage": passage.source if staged else None,
        "status": ends(model, passage)[1].status,
        "direction": way(model, passage),
        "entered_at": environment.now,
        "by": environment.user.get("id"),
        "comment": row.going.comment,
    }
    return filled(stays, given, (), environment) | {"id": new_id()}


@lru_cache(maxsize=256)
def _ending(subject: Subject) -> Statement:
    stays = subject_of(subject.system, STAGE_CHANGE)
    table, fields = stays.table, stays.object.fields
    left = both(
        Compare(subject.object.name, "in", Argument((IDS,))), Compare("left_at", "isNull", Literal(True))
    )
    new = {fields[name].column: slot_of(Argument((name,)), fields[name], stays.dialect) for name in _CHANGED}
    these = compile_condition(left, stays.source, stays.system)
    changed = update(table).values({**new, "version": table.c.version + 1}).where(these)
    return render(changed, stays.dialect)
