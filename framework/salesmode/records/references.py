"""Holding what a write refers to, so that it cannot be deleted between the check and the commit.

Only PostgreSQL needs it: there a deletion locks its rows against this lock, and whoever comes second sees
what the first one did. On SQLite one write runs at a time.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlalchemy import ScalarSelect, func, select

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.model.condition import Argument, Compare
from salesmode.records.binding import one
from salesmode.records.subject import Subject
from salesmode.tables.indexes import refers

Referred = tuple[Subject, str, object]
"""A caller gave this value to this field of this object."""


def hold(subject: Subject, referred: Iterable[Referred], environment: Environment) -> UnitOf[None]:
    """Lock the rows until the transaction ends, in one step for all objects."""
    ids = held_ids(referred) if subject.dialect == "postgresql" else {}
    if any(ids.values()):
        yield one(_holding(subject, frozenset(ids)), held_variables(ids), environment)


def held_ids(referred: Iterable[Referred]) -> Mapping[str, set[str]]:
    """Ids by the object that they are of; an object that could be referred to and is not has none."""
    held: dict[str, set[str]] = {}
    for subject, name, value in referred:
        field = subject.object.fields[name]
        if field.to is not None and refers(field):
            held.setdefault(field.to, set()).update(() if value is None else (str(value),))
    return held


def held_variables(ids: Mapping[str, set[str]]) -> Mapping[str, tuple[str, ...]]:
    return {_variable(target): tuple(sorted(each)) for target, each in ids.items()}


def held_columns(subject: Subject, targets: Iterable[str]) -> list[ScalarSelect[int]]:
    """Scalars whose evaluation locks the rows; ids in order, so that writes do not wait for each other."""
    return [_held(subject, each) for each in sorted(targets)]


def _variable(target: str) -> str:
    return f"$held.{target}"


def _held(subject: Subject, target: str) -> ScalarSelect[int]:
    source = subject.system.source(target)
    these = Compare("id", "in", Argument((_variable(target),)))
    locked = (
        select(source.table.c.id)
        .where(compile_condition(these, source, subject.system))
        .order_by(source.table.c.id)
        .with_for_update(read=True, key_share=True)
        .subquery()
    )
    return select(func.count()).select_from(locked).scalar_subquery()


@lru_cache(maxsize=512)
def _holding(subject: Subject, targets: frozenset[str]) -> Statement:
    return render(select(*held_columns(subject, targets)), subject.dialect)
