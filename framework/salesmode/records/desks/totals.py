"""How many rows there are and what they add up to, by the values of some fields."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy.types import Integer

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import Step
from salesmode.fieldtypes.measures import WHOLE_NUMBERS, measures_of
from salesmode.fieldtypes.totals import total as added
from salesmode.model.condition import Condition
from salesmode.model.field import Field
from salesmode.records.desks.columns import columns_of, decoded
from salesmode.records.desks.lifting import lifted
from salesmode.records.subject import Subject


@dataclass(frozen=True, slots=True)
class Total:
    """The statement, what it groups by, and what it adds up (None: it counts)."""

    statement: Statement
    groups: tuple[Field, ...]
    summed: Field | None


def total(
    subject: Subject,
    summed: str | None,
    by: tuple[str, ...],
    *,
    where: Condition,
    environment: Environment,
) -> UnitOf[Mapping[Any, Any]]:
    """The count, or the sum of the field `summed`, by the values of the fields `by`."""
    found = lifted(where)
    asked = _total(subject, summed, by, found.structure)
    values = replace(environment, variables=found.values)
    rows = yield Step(asked.statement.sql, asked.statement.bind(values))
    answer: dict[Any, Any] = {}
    for *group, amount in rows:
        keys = tuple(
            decoded(field, raw, subject.dialect) for field, raw in zip(asked.groups, group, strict=True)
        )
        answer[keys[0] if len(keys) == 1 else keys] = _amount(asked.summed, amount, subject)
    return answer


def _amount(summed: Field | None, raw: Any, subject: Subject) -> int | Decimal:
    if summed is None or summed.type in WHOLE_NUMBERS:
        return int(raw or 0)
    return Decimal(0) if raw is None else Decimal(decoded(summed, raw, subject.dialect))


@lru_cache(maxsize=512)
def _total(subject: Subject, summed: str | None, by: tuple[str, ...], where: Condition) -> Total:
    columns = columns_of(subject)
    groups = tuple(columns.field(each) for each in by)
    values = [columns.named(each).label(f"g{at}") for at, each in enumerate(by)]
    field = None if summed is None else columns.field(summed)
    if field is not None and "sum" not in measures_of(field):
        raise ValueError(f"'{summed}' cannot be added up")
    measured = literal_column("1", Integer) if summed is None else columns.named(summed)
    inner = columns.select(*values, measured.label("m")).where(columns.where(where)).subquery()
    amount = func.count(literal_column("*")) if summed is None else added(inner.c.m, subject.dialect)
    keys = [inner.c[f"g{at}"] for at in range(len(by))]
    return Total(
        render(select(*keys, amount).select_from(inner).group_by(*keys), subject.dialect), groups, field
    )
