"""Aggregates as SQL: what is measured or grouped is read once, as the caller may read it, and labelled.

Grouping and measuring happen on the labels of that derived table, so a guarded field counts as null in every
use.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.types import Integer

from salesmode.access.scope import PolicyScope
from salesmode.database.statement import slot
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.buckets import bucket
from salesmode.fieldtypes.measures import measure, measured_value
from salesmode.fieldtypes.sql import NULL_JSON, as_text, integer_literal, json_string, quoted, text_literal
from salesmode.fieldtypes.totals import total_json
from salesmode.model.field import Field
from salesmode.model.target import QUOTA
from salesmode.queries import nodes
from salesmode.queries.compared import FORMER, QUOTAS, in_periods, with_quotas
from salesmode.queries.joins import Joins
from salesmode.queries.json_text import joined, object_of
from salesmode.queries.page import MAX_SIZE, size_of
from salesmode.queries.paging import Link, filtered
from salesmode.queries.reaching import PERCENT_SCALE, Reaching
from salesmode.queries.search import title_of

Reference = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]


@dataclass(frozen=True)
class _Facts:
    """The derived table of the rows that are counted: `g0 …` for groups, a column per measured field."""

    table: FromClause
    groups: tuple[Field, ...]
    found: nodes.Aggregation
    scope: PolicyScope

    def measured(self, field: str, function: str, former: bool = False) -> ColumnElement[str]:
        described = self.found.object.fields[field]
        return measure(described, function, self.value(f"m_{field}", former), self.scope.dialect)

    def value(self, name: str, former: bool = False) -> ColumnElement[Any]:
        """A column, in the rows of its period."""
        column = self.table.c[name]
        if self.found.compared is None or self.found.compared.period is None:
            return column
        return case((self.table.c[FORMER] == integer_literal(int(former)), column))

    def count(self, former: bool = False) -> ColumnElement[int]:
        """How many rows there are; quotas are none."""
        compared = self.found.compared
        return func.count(literal_column("*")) if compared is None else func.count(self.value("one", former))

    def reached(self, name: str) -> ColumnElement[str]:
        """What quotas ask for, and how far that is reached."""
        assert self.found.compared is not None
        target = self.found.compared.target
        assert target is not None, "asked of what is held against a target only"
        amount = self.scope.model.objects[QUOTA].fields["amount"]
        scale = self.found.object.fields[target.field].scale if target.field else 0
        both = Reaching(self.scope.dialect, amount.scale, scale)
        quota = both.total(self.table.c[QUOTAS], amount.scale)
        if name == "target":
            return total_json(quota, both.scale, self.scope.dialect)
        counted = both.total(self.value(f"m_{target.field}" if target.field else "one"), scale)
        actual = func.coalesce(counted, both.zero, type_=both.type)
        if name == "gap":
            return total_json(both.gap(quota, actual), both.scale, self.scope.dialect)
        return total_json(both.percent(quota, actual), PERCENT_SCALE, self.scope.dialect)


def aggregation_json(
    found: nodes.Aggregation, scope: PolicyScope, link: Link | None, reference: Reference
) -> ColumnElement[str]:
    """The JSON text of an aggregation: a list of groups at the root, one object in a connection."""
    facts = _facts(found, scope, link)
    if not found.listed:
        whole = object_of([_entry(item, facts, None, reference) for item in found.items])
        one = select(whole)
        measured = any(_is_measured(item) for item in found.items)
        return (one.select_from(facts.table) if measured else one).scalar_subquery()
    return _list(facts, reference)


def _is_measured(item: Any) -> bool:
    """Whether it makes one row of whatever rows there are; the rest is the same of any rows and of none."""
    match item:
        case nodes.Measure():
            return not all(isinstance(each, nodes.TypeName) for each in item.items)
        case _:
            return not isinstance(item, nodes.TypeName | nodes.KeyObject)


def _facts(found: nodes.Aggregation, scope: PolicyScope, link: Link | None) -> _Facts:
    source = scope.source(found.object.name)
    joins = Joins(source, scope)
    columns: list[ColumnElement[Any]] = [literal_column("1", Integer).label("one")]
    fields = []
    for at, group in enumerate(found.groups):
        below = joins.reach(group.path)
        field = below.object.fields[group.field]
        fields.append(field)
        value = scope.readable(below, group.field).value
        columns.append(_bucketed(field, value, group, scope).label(f"g{at}"))
    for name in sorted(_measured_fields(found)):
        columns.append(scope.readable(source, name).value.label(f"m_{name}"))
    measured = {name: found.object.fields[name] for name in sorted(_measured_fields(found))}
    periods: list[ColumnElement[bool]] = []
    if found.compared is not None:
        former, periods = in_periods(found.compared, source, scope)
        columns.append(former.label(FORMER))
    inner: Select[Any] = select(*columns).select_from(joins.table).where(*periods)
    inner = filtered(inner, nodes.Rows(found.object, (), where=found.where), source, scope, link)
    rows = _computed_once(inner, [*fields, *measured.values()])
    table = rows.subquery() if found.compared is None else with_quotas(rows, measured, found, scope)
    return _Facts(table, tuple(fields), found, scope)


def _computed_once(inner: Select[Any], fields: Iterable[Field]) -> Select[Any]:
    """OFFSET keeps both engines from writing what is computed into each measure again."""
    computed = any(field.computed is not None for field in fields)
    return inner.offset(literal_column("0")) if computed else inner


def _bucketed(
    field: Field, value: ColumnElement[Any], group: nodes.Group, scope: PolicyScope
) -> ColumnElement[Any]:
    if group.by is None:
        return value
    app = scope.model.app
    return bucket(field, value, group.by, scope.dialect, timezone=app.timezone, week_start=app.week_start)


def _measured_fields(found: nodes.Aggregation) -> set[str]:
    return {key.field for key in found.order if key.field} | {field for _, field in _measures(found)}


def _measures(found: nodes.Aggregation) -> Iterator[tuple[str, str]]:
    """Each function and the field that it measures."""
    for item in found.items:
        if isinstance(item, nodes.MeasureCell):
            yield item.function, item.field
        elif isinstance(item, nodes.Measure):
            yield from (
                (item.function, each.field) for each in item.items if isinstance(each, nodes.Measured)
            )


def _list(facts: _Facts, reference: Reference) -> ColumnElement[str]:
    """One row for each group, limited, then put into an array in their order.

    NULL where nobody said how many and there are more than a list may have: it is never cut in silence.
    """
    found = facts.found
    groups = [facts.table.c[f"g{at}"] for at in range(len(found.groups))]
    orders = _orders(facts)
    inner = select(
        *groups,
        *(text.label(label) for label, text in _texts(facts)),
        *(expression.label(f"o{at}") for at, (expression, _) in enumerate(orders)),
    ).select_from(facts.table)
    inner = inner.group_by(*groups) if groups else inner
    inner = inner.order_by(*(_directed(expression, down) for expression, down in orders))
    most = MAX_SIZE + 1 if found.size is None else slot(found.size, Integer(), size_of)
    limited = inner.limit(most).subquery()
    element = object_of([_entry(item, facts, limited, reference) for item in found.items])
    array = joined(["[", func.coalesce(_gathered(element, limited, orders, facts), text_literal("")), "]"])
    if found.size is None:
        array = case((func.count(literal_column("*")) <= MAX_SIZE, array))
    return select(array).select_from(limited).scalar_subquery()


def _texts(facts: _Facts) -> list[tuple[str, ColumnElement[str]]]:
    """The JSON text of each measure of a group, by its label in the list's derived table."""
    texts: dict[str, ColumnElement[str]] = {}
    for item in facts.found.items:
        match item:
            case nodes.Count(_, former):
                texts[_label("n", former=former)] = facts.count(former).cast(Text)
            case nodes.ReachedCell(_, name):
                texts[_label("r", name)] = facts.reached(name)
            case nodes.MeasureCell(_, function, field, former):
                texts[_label(function, field, former=former)] = facts.measured(field, function, former)
    for function, field in _measures(facts.found):
        texts.setdefault(_label(function, field), facts.measured(field, function))
    return list(texts.items()) or [("n", facts.count().cast(Text))]


def _label(function: str, field: str = "", *, former: bool = False) -> str:
    return "_".join(each for each in (function, field, "before" if former else "") if each)


def _orders(facts: _Facts) -> list[tuple[ColumnElement[Any], bool]]:
    """What orders the groups: what was asked for, then every group, so that the order is whole."""
    orders: list[tuple[ColumnElement[Any], bool]] = []
    for key in facts.found.order:
        orders.append((_order_value(key, facts), key.descending))
    for at in range(len(facts.groups)):
        orders.append((_group_order(at, facts), False))
    return orders


def _order_value(key: nodes.AggregateKey, facts: _Facts) -> ColumnElement[Any]:
    if key.group is not None:
        return _group_order(key.group, facts)
    if key.function == "count":
        return facts.count()
    return measured_value(key.function, facts.value(f"m_{key.field}"), facts.scope.dialect)


def _group_order(at: int, facts: _Facts) -> ColumnElement[Any]:
    column = facts.table.c[f"g{at}"]
    if facts.found.groups[at].by is not None:
        return column
    return field_type(facts.groups[at].type).order(facts.groups[at], column, facts.scope.dialect)


def _directed(expression: ColumnElement[Any], descending: bool) -> ColumnElement[Any]:
    return (expression.desc() if descending else expression.asc()).nulls_last()


def _gathered(
    element: ColumnElement[str],
    limited: FromClause,
    orders: list[tuple[ColumnElement[Any], bool]],
    facts: _Facts,
) -> ColumnElement[str]:
    if facts.scope.dialect == "sqlite":
        return func.group_concat(element, text_literal(","), type_=Text())
    if not orders:
        return func.string_agg(element, text_literal(","), type_=Text())
    directed = [_directed(limited.c[f"o{at}"], down) for at, (_, down) in enumerate(orders)]
    return func.string_agg(element, aggregate_order_by(text_literal(","), *directed), type_=Text())


def _entry(
    item: Any, facts: _Facts, limited: FromClause | None, reference: Reference
) -> tuple[str, str | ColumnElement[str]]:
    """One entry of a group's object: from the list's derived table, or straight from the facts."""
    match item:
        case nodes.TypeName(key, name):
            return key, f'"{name}"'
        case nodes.Count(key, former):
            counted = facts.count(former).cast(Text)
            return key, counted if limited is None else limited.c[_label("n", former=former)]
        case nodes.ReachedCell(key, name):
            return key, facts.reached(name) if limited is None else limited.c[_label("r", name)]
        case nodes.Measure(key, function, items):
            return key, object_of([_measure_entry(each, function, facts, limited) for each in items])
        case nodes.MeasureCell(key, function, field, former):
            if limited is None:
                return key, facts.measured(field, function, former)
            return key, limited.c[_label(function, field, former=former)]
        case nodes.KeyObject(key) | nodes.KeyValue(key) | nodes.KeyTitle(key):
            rows = facts.table if limited is None else limited  # a connection has no groups: all is null
            return key, _key_entry(item, facts, rows, reference)
    raise AssertionError(f"not part of an aggregation: {item!r}")


def _measure_entry(
    item: nodes.TypeName | nodes.Measured, function: str, facts: _Facts, limited: FromClause | None
) -> tuple[str, str | ColumnElement[str]]:
    if isinstance(item, nodes.TypeName):
        return item.key, f'"{item.name}"'
    if limited is None:
        return item.key, facts.measured(item.field, function)
    return item.key, limited.c[_label(function, item.field)]


def _key_json(
    item: nodes.KeyObject, facts: _Facts, limited: FromClause, reference: Reference
) -> ColumnElement[str]:
    return object_of([(each.key, _key_entry(each, facts, limited, reference)) for each in item.items])


def _key_entry(
    item: nodes.KeyItem | nodes.KeyTitle, facts: _Facts, limited: FromClause, reference: Reference
) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.KeyNull():
            return "null"
        case nodes.KeyValue(_, group):
            field = facts.groups[group]
            return field_type(field.type).json(field, limited.c[f"g{group}"], facts.scope.dialect)
        case nodes.KeyTitle(_, group):
            return _titled(facts.groups[group], limited.c[f"g{group}"], facts.scope)
        case nodes.KeyRecord(_, group, record):
            return reference(record, limited.c[f"g{group}"], facts.scope)
        case nodes.KeyObject():
            return _key_json(item, facts, limited, reference)


def _titled(field: Field, id: ColumnElement[Any], scope: PolicyScope) -> ColumnElement[str]:
    """The id and the title of the record that a group is."""
    target = scope.source(scope.model.target(field).name)
    told = [
        ("id", quoted(as_text(target.table.c.id))),
        ("title", json_string(title_of(target, scope), scope.dialect)),
    ]
    found = select(object_of(told)).where(target.table.c.id == id, scope.rows(target)).scalar_subquery()
    return func.coalesce(found, NULL_JSON, type_=Text())
