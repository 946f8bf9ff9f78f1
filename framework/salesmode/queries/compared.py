"""With what an aggregation is compared: its rows of the period before, and quotas that stand among them as
rows that count for nothing else.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, case, cast, null, select, union_all

from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Source
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.buckets import bucket
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.field import Field
from salesmode.model.target import QUOTA, Target
from salesmode.queries import nodes
from salesmode.queries.periods import Periods
from salesmode.tables.engine import plain_field

FORMER, QUOTAS = "former", "quota"
_DAY = plain_field("date")
_NOW, _NEXT, _BEFORE = 0, 1, -1


def in_periods(
    compared: nodes.Compared, source: Source, scope: PolicyScope
) -> tuple[ColumnElement[int], list[ColumnElement[bool]]]:
    """Whether a row is of the period before (1), and which rows are of either."""
    if compared.period is None:
        return integer_literal(_NOW), []
    field = source.object.fields[compared.period.field]
    at = scope.readable(source, field.name).value
    periods = Periods(compared.period.unit, compared.at, scope.model.app)
    begin, first, end = (periods.start(each, field, scope.dialect) for each in (_BEFORE, _NOW, _NEXT))
    former = case((at < first, integer_literal(1)), else_=integer_literal(_NOW))
    return former, [at >= begin, at < end]


def with_quotas(
    rows: Select[Any], measured: Mapping[str, Field], found: nodes.Aggregation, scope: PolicyScope
) -> FromClause:
    """The rows, and a row for each quota of the target: its groups and nothing to count."""
    assert found.compared is not None, "asked of what is compared only"
    target = found.compared.target
    if target is None:
        return rows.subquery()
    amount = scope.model.objects[QUOTA].fields["amount"]
    nothing = cast(null(), field_type(amount.type).column_type(amount, scope.dialect))
    quotas = _quotas(target, measured, found, scope)
    return union_all(rows.add_columns(nothing.label(QUOTAS)), quotas).subquery()


def _quotas(
    target: Target, measured: Mapping[str, Field], found: nodes.Aggregation, scope: PolicyScope
) -> Select[Any]:
    source = scope.source(QUOTA)
    name, user, day, amount = (
        scope.readable(source, each).value for each in ("target", "user", "starts_on", "amount")
    )
    columns: list[ColumnElement[Any]] = [cast(null(), Integer()).label("one")]
    for at, group in enumerate(found.groups):
        value = user if group.by is None else _bucketed(day, group.by, scope)
        columns.append(value.label(f"g{at}"))
    columns += (
        cast(null(), field_type(field.type).column_type(field, scope.dialect)).label(f"m_{each}")
        for each, field in measured.items()
    )
    columns += [integer_literal(_NOW).label(FORMER), amount.label(QUOTAS)]
    held = select(*columns).where(scope.rows(source), name == text_literal(target.name), user.is_not(None))
    return held.where(*_current(found, day, scope))


def _current(
    found: nodes.Aggregation, day: ColumnElement[Any], scope: PolicyScope
) -> Iterator[ColumnElement[bool]]:
    """Quotas of the period that is told, if it is one of it only."""
    compared = found.compared
    if compared is not None and compared.period is not None:
        periods = Periods(compared.period.unit, compared.at, scope.model.app)
        yield day >= periods.start(_NOW, _DAY, scope.dialect)
        yield day < periods.start(_NEXT, _DAY, scope.dialect)


def _bucketed(day: ColumnElement[Any], by: str, scope: PolicyScope) -> ColumnElement[Any]:
    app = scope.model.app
    return bucket(_DAY, day, by, scope.dialect, timezone=app.timezone, week_start=app.week_start)
