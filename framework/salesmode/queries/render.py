"""The plan tree as one SELECT whose only column is the JSON text of the root field.

A record is JSON text made from one source; a reference is a scalar subquery; a connection is a scalar
subquery over a page. A page is a derived table: filtered, ordered and limited on the bare table, carrying the
columns that its records touch, so that guards, masks and JSON are computed for the rows of the page only.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Text,
    func,
    join,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.fieldtypes import slot_of
from salesmode.fieldtypes.lists import elements_of
from salesmode.fieldtypes.sql import as_text, integer_literal, json_string, text_literal
from salesmode.model.condition import Compare, Moment, UserValue
from salesmode.model.field import Field
from salesmode.queries import nodes
from salesmode.queries.aggregate import aggregation_json
from salesmode.queries.attainment import attainment_json
from salesmode.queries.columns import fields_of
from salesmode.queries.comparison import comparison_select
from salesmode.queries.forecast import forecast_select
from salesmode.queries.funnel import funnel_select
from salesmode.queries.history import history_json
from salesmode.queries.holes import hole_json
from salesmode.queries.json_text import RowText, joined, object_of
from salesmode.queries.next_stages import next_stages_json
from salesmode.queries.opportunities import opportunities_json
from salesmode.queries.paging import Link, PageTable, filtered, page_table
from salesmode.queries.queue import queue_json
from salesmode.queries.report import report_json
from salesmode.queries.search import search_json
from salesmode.queries.stages import stage_json
from salesmode.queries.tag_funnel import tag_funnel_select
from salesmode.queries.tags import label_json
from salesmode.queries.win_rate import win_rate_select


def root_select(root: nodes.Root, scope: PolicyScope) -> Select[Any] | CompoundSelect[Any]:
    """The statement of a root field."""
    match root:
        case nodes.Rows():
            return _connection(root, scope, None)
        case nodes.Point() | nodes.Viewer() | nodes.AnyPoint():
            return _one(root, scope)
        case nodes.Gathered():
            return union_all(*(_several(at, each, scope) for at, each in enumerate(root.places)))
        case nodes.Aggregation():
            return select(aggregation_json(root, scope, None, _reference))
        case nodes.Funnel() | nodes.TagFunnel() | nodes.Forecast() | nodes.WinRate() | nodes.Comparison():
            return _analysis(root, scope)
        case nodes.Search():
            return select(search_json(root, scope, _reference))
        case nodes.Attainment() | nodes.Report() | nodes.Queue():
            return _saved(root, scope)


def _one(root: nodes.Point | nodes.Viewer | nodes.AnyPoint, scope: PolicyScope) -> Select[Any]:
    match root:
        case nodes.Point(id, record, True):
            return _leaving(record, scope, id)
        case nodes.Point(id, record):
            return _by_id(record, scope, id)
        case nodes.Viewer(record):
            return _by_id(record, scope, UserValue("id"))
        case nodes.AnyPoint(id, records):
            found = [_by_id(record, scope, id).scalar_subquery() for record in records]
            nothing = (null(), null())  # SQLite wants two arguments, however few types can be read
            return select(func.coalesce(*found, *nothing, type_=Text()))


def _several(at: int, several: nodes.Several, scope: PolicyScope) -> Select[Any]:
    source = scope.source(several.record.object.name)
    these = compile_condition(Compare("id", "in", several.ids), source, scope.system)
    told: list[ColumnElement[Any]] = [integer_literal(at), as_text(source.table.c.id)]
    return select(*told, _record(several.record, source, scope)).where(these, scope.rows(source))


def _analysis(root: nodes.Analysis, scope: PolicyScope) -> Select[Any]:
    match root:
        case nodes.Funnel():
            return funnel_select(root, scope)
        case nodes.TagFunnel():
            return tag_funnel_select(root, scope)
        case nodes.Forecast():
            return forecast_select(root, scope, _reference)
        case nodes.WinRate():
            return win_rate_select(root, scope, _reference)
        case nodes.Comparison():
            return comparison_select(root, scope, _reference)


def _saved(root: nodes.Attainment | nodes.Report | nodes.Queue, scope: PolicyScope) -> Select[Any]:
    """A question of the metadata."""
    match root:
        case nodes.Attainment():
            return select(attainment_json(root, scope, _reference))
        case nodes.Report():
            return select(report_json(root, scope, _reference))
        case nodes.Queue():
            return queue_json(root, scope, _reference)


def _by_id(record: nodes.Record, scope: PolicyScope, id: Any) -> Select[Any]:
    source = scope.source(record.object.name)
    wanted = slot_of(id, record.object.fields["id"], scope.dialect)
    return select(_record(record, source, scope)).where(source.table.c.id == wanted, scope.rows(source))


def _leaving(record: nodes.Record, scope: PolicyScope, id: Any) -> Select[Any]:
    """The record as it is, but with the version, the time and the author that its deletion gives it."""
    source = scope.source(record.object.name)
    touched = (record.object.fields[each] for each in sorted(fields_of(record, scope)))
    fields = [each for each in touched if each.stored]
    columns = [_left(each, source.table.c[each.column], scope).label(each.column) for each in fields]
    wanted = slot_of(id, record.object.fields["id"], scope.dialect)
    found = select(*columns).where(source.table.c.id == wanted, scope.rows(source)).subquery()
    return select(_record(record, Source(record.object, found), scope)).select_from(found)


def _left(field: Field, column: ColumnElement[Any], scope: PolicyScope) -> ColumnElement[Any]:
    match field.name:
        case "version":
            return column + 1
        case "updated_at":
            return slot_of(Moment("now"), field, scope.dialect)
        case "updated_by":
            return slot_of(UserValue("id"), field, scope.dialect)
    return column


def _record(record: nodes.Record, source: Source, scope: PolicyScope) -> ColumnElement[str]:
    return object_of([(item.key, _item(item, source, scope)) for item in record.items])


def _item(item: nodes.Item, source: Source, scope: PolicyScope) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.Value(_, field):
            return scope.shown(source, field)
        case nodes.StageOf() | nodes.NextStages() | nodes.TagLabel():
            return _spelled_out(item, source, scope)
        case nodes.Hole():
            return hole_json(item, source, scope)
        case nodes.One(_, field, record):
            return _reference(record, scope.cell(source, field).value, scope)
        case nodes.Listed(_, field, record):
            return _listed(record, scope.cell(source, field).value, scope)
        case nodes.Many(_, inverse, rows, plain):
            link = Link(source, inverse)
            return _list(rows, scope, link) if plain else _connection(rows, scope, link).scalar_subquery()
        case nodes.History():
            return history_json(item, source, scope, _reference)
        case nodes.Opportunities():
            return opportunities_json(item, source, scope, _reference)


def _spelled_out(
    item: nodes.StageOf | nodes.NextStages | nodes.TagLabel, source: Source, scope: PolicyScope
) -> ColumnElement[str]:
    """What the metadata says of a value."""
    match item:
        case nodes.StageOf():
            return stage_json(item, source, scope)
        case nodes.NextStages():
            return next_stages_json(item, source, scope)
        case nodes.TagLabel():
            return label_json(source, scope)


def _reference(record: nodes.Record, id: ColumnElement[Any], scope: PolicyScope) -> ColumnElement[str]:
    target = scope.source(record.object.name)
    found = select(_record(record, target, scope)).where(target.table.c.id == id, scope.rows(target))
    return RowText(found.scalar_subquery())


def _listed(record: nodes.Record, ids: ColumnElement[Any], scope: PolicyScope) -> ColumnElement[str]:
    """The records of a list that are there for the caller, in its order; a list that is null has none."""
    target = scope.source(record.object.name)
    members, id_, place = elements_of(ids, scope.dialect)
    found = select(_record(record, target, scope).label("record"), place.label("place"))
    found = found.select_from(join(members, target.table, target.table.c.id == id_))
    found = found.where(scope.rows(target)).correlate_except(members, target.table)
    if scope.dialect == "sqlite":  # where a limit keeps the order alive
        rows = found.order_by(place).limit(literal_column("-1", Integer)).subquery()
        gathered = func.group_concat(rows.c.record, text_literal(","), type_=Text())
    else:
        rows = found.subquery()
        gathered = func.string_agg(rows.c.record, aggregate_order_by(text_literal(","), rows.c.place))
    whole = joined(["[", func.coalesce(gathered, text_literal(""), type_=Text()), "]"])
    return select(whole).select_from(rows).scalar_subquery()


def _list(rows: nodes.Rows, scope: PolicyScope, link: Link) -> ColumnElement[str]:
    """The nodes of a connection that has nothing else."""
    (part,) = rows.parts
    assert isinstance(part, nodes.Nodes)
    page = page_table(rows, scope, link, fields_of(part.record, scope))
    array = page.array(_record(part.record, page.source(rows.object), scope))
    return select(array).select_from(page.table).scalar_subquery()


def _connection(rows: nodes.Rows, scope: PolicyScope, link: Link | None) -> Select[Any]:
    """Selects the JSON object of a connection: one pass over its page for all parts that show the page."""
    records = [part.record for part in rows.parts if isinstance(part, nodes.Nodes)]
    for part in rows.parts:
        if isinstance(part, nodes.Edges):
            records += [item.record for item in part.items if isinstance(item, nodes.EdgeNode)]
    if not any(isinstance(part, nodes.Nodes | nodes.Edges | nodes.PageInfo) for part in rows.parts):
        return select(object_of([(part.key, _part(part, rows, scope, link, None)) for part in rows.parts]))
    carried = set[str]().union(*(fields_of(record, scope) for record in records))
    page = page_table(rows, scope, link, carried)
    whole = object_of([(part.key, _part(part, rows, scope, link, page)) for part in rows.parts])
    return select(whole).select_from(page.table)


def _part(
    part: nodes.Part, rows: nodes.Rows, scope: PolicyScope, link: Link | None, page: PageTable | None
) -> str | ColumnElement[str]:
    match part:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.Total():
            return _total(rows, scope, link)
        case nodes.Aggregation():
            return aggregation_json(replace(part, where=rows.where), scope, link, _reference)
        case nodes.Nodes(_, record):
            assert page is not None
            return page.array(_record(record, page.source(rows.object), scope))
        case nodes.Edges(_, items):
            assert page is not None
            return page.array(_edge(items, rows, scope, page))
        case nodes.PageInfo():
            assert page is not None
            return page.info(part)


def _edge(
    items: tuple[nodes.TypeName | nodes.EdgeCursor | nodes.EdgeNode, ...],
    rows: nodes.Rows,
    scope: PolicyScope,
    page: PageTable,
) -> ColumnElement[str]:
    entries: list[tuple[str, str | ColumnElement[str]]] = []
    for item in items:
        match item:
            case nodes.TypeName(key, name):
                entries.append((key, f'"{name}"'))
            case nodes.EdgeCursor(key):
                entries.append((key, json_string(page.cursor, scope.dialect)))
            case nodes.EdgeNode(key, record):
                entries.append((key, _record(record, page.source(rows.object), scope)))
    return object_of(entries)


def _total(rows: nodes.Rows, scope: PolicyScope, link: Link | None) -> ColumnElement[str]:
    source = scope.source(rows.object.name)
    counted = select(func.count(literal_column("*")).cast(Text)).select_from(source.table)
    return filtered(counted, rows, source, scope, link).scalar_subquery()
