"""`workQueue` as SQL: each object is gone through once, every record is there for the first of its items that
holds, and all objects make one list.

Conditions and due dates are compiled in the caller's scope, as if the caller had asked (decision 0052).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.formulas.calendar import day_of
from salesmode.conditions.scope import Source
from salesmode.database.statement import slot_from
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.sql import NULL_JSON, as_text, integer_literal, json_string, quoted, text_literal
from salesmode.model.condition import Moment
from salesmode.model.label import Label
from salesmode.model.queue import QueueItem
from salesmode.queries import nodes
from salesmode.queries.cursor import fingerprint
from salesmode.queries.json_text import object_of
from salesmode.queries.keys import Key
from salesmode.queries.paging import PageTable, limited_page
from salesmode.queries.search import title_of
from salesmode.tables.engine import plain_field

RecordText = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]

_DAY, _NUMBER = plain_field("date"), plain_field("integer")


def queue_json(queue: nodes.Queue, scope: PolicyScope, record: RecordText) -> Select[Any]:
    """The JSON object of a queue."""
    entries = _Entries(queue, scope, record)
    if all(isinstance(part, nodes.TypeName | nodes.Total) for part in queue.parts):
        return select(object_of([(part.key, entries.part(part, None)) for part in queue.parts]))
    page = entries.page()
    whole = object_of([(part.key, entries.part(part, page)) for part in queue.parts])
    return select(whole).select_from(page.table)


@dataclass(frozen=True)
class _Entries:
    """The records of a queue; `sm_item` says which of its items put them there."""

    queue: nodes.Queue
    scope: PolicyScope
    record: RecordText

    @cached_property
    def items(self) -> Mapping[str, list[tuple[int, QueueItem]]]:
        """The items with their places, the most pressing first, by their object."""
        found: dict[str, list[tuple[int, QueueItem]]] = {}
        for at, each in enumerate(self.queue.asked):
            found.setdefault(each.object, []).append((at, each))
        return found

    def page(self) -> PageTable:
        rows = self._rows()
        name = fingerprint(f"queue {self.queue.name}")
        days = field_type("date").order(_DAY, rows.c.due, self.scope.dialect)
        id_ = self.scope.model.objects["user"].fields["id"]
        keys = (
            Key("sm_k0", _NUMBER, rows.c.priority, False, True, self.scope.dialect, name),
            Key("sm_k1", _DAY, days, True, False, self.scope.dialect, name),
            Key("sm_k2", id_, rows.c.id, False, False, self.scope.dialect, name),
        )
        inner = select(rows, *(key.expression.label(key.label) for key in keys))
        numbered = any(isinstance(part, nodes.PageInfo) for part in self.queue.parts)
        return limited_page(inner, keys, self.queue.page, self.scope.dialect, numbered=numbered)

    def part(self, part: nodes.QueuePart, page: PageTable | None) -> str | ColumnElement[str]:
        match part:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.Total():
                return select(cast(func.count(), Text())).select_from(self._rows()).scalar_subquery()
        assert page is not None
        match part:
            case nodes.QueueNodes(_, items):
                return page.array(self._entry(items, page.table))
            case nodes.QueueEdges(_, items):
                return page.array(object_of([(each.key, self._edge(each, page)) for each in items]))
            case nodes.PageInfo():
                return page.info(part)

    def _rows(self) -> FromClause:
        """`sm_item`, `id`, `priority` and `due` of every record in the queue."""
        return union_all(*(self._of_object(name) for name in self.items)).subquery()

    def _of_object(self, name: str) -> Select[Any]:
        """The records of one object, each with the first item that holds for it."""
        source, items = self.scope.source(name), self.items[name]
        holds = [(compile_condition(each.where, source, self.scope), at) for at, each in items]
        first = case(*((condition, integer_literal(at)) for condition, at in holds))
        days = {at: self._due(each, source) for at, each in items if each.due is not None}
        columns = [day.label(f"due{at}") for at, day in days.items()]
        found = select(source.table.c.id, first.label("sm_item"), *columns)
        found = found.where(self.scope.rows(source), or_(*(condition for condition, _ in holds)))
        rows = found.subquery()
        priorities = {integer_literal(at): integer_literal(each.priority) for at, each in items}
        dues = {integer_literal(at): rows.c[f"due{at}"] for at in days}
        nothing = cast(literal_column("NULL"), field_type("date").column_type(_DAY, self.scope.dialect))
        return select(
            rows.c.sm_item,
            rows.c.id,
            case(priorities, value=rows.c.sm_item).label("priority"),
            (case(dues, value=rows.c.sm_item) if dues else nothing).label("due"),
        )

    def _due(self, item: QueueItem, source: Source) -> ColumnElement[Any]:
        """The day until when."""
        if isinstance(item.due, Moment):
            return slot_of(item.due, _DAY, self.scope.dialect)
        assert item.due is not None
        value = self.scope.readable(source, item.due).value
        if source.object.fields[item.due].type == "date":
            return value
        return day_of(value, self.scope.model.app.timezone, self.scope.dialect)

    def _edge(
        self, item: nodes.TypeName | nodes.EdgeCursor | nodes.QueueNode, page: PageTable
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.EdgeCursor():
                return json_string(page.cursor, self.scope.dialect)
            case nodes.QueueNode(_, items):
                return self._entry(items, page.table)

    def _entry(self, items: tuple[nodes.QueueEntryItem, ...], row: FromClause) -> ColumnElement[str]:
        return object_of([(each.key, self._fact(each, row)) for each in items])

    def _fact(self, item: nodes.QueueEntryItem, row: FromClause) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.HitRecord(_, records):
                texts = {each.object.name: self.record(each, row.c.id, self.scope) for each in records}
                return self._by_object(texts, row)
            case nodes.QueueFact(_, "title"):
                return self._by_object({name: self._title(name, row) for name in self.items}, row)
            case nodes.QueueFact(_, name):
                return self._of_item(name, row)

    def _of_item(self, name: str, row: FromClause) -> ColumnElement[str]:
        match name:
            case "item":
                return self._said(lambda each: text_literal(f'"{each.name}"'), row)
            case "object":
                return self._said(lambda each: text_literal(f'"{each.object}"'), row)
            case "reason" | "script":
                said = self._said(lambda each: _spoken(getattr(each, name)), row)
                return json_string(said, self.scope.dialect)
            case "priority":
                return as_text(row.c.priority)
            case "due":
                return field_type("date").json(_DAY, row.c.due, self.scope.dialect)
            case _:
                return quoted(as_text(row.c.id))

    def _said(self, say: Callable[[QueueItem], ColumnElement[str]], row: FromClause) -> ColumnElement[Any]:
        """What the metadata says of the item."""
        return case(
            {integer_literal(at): say(each) for at, each in enumerate(self.queue.asked)}, value=row.c.sm_item
        )

    def _by_object(self, texts: Mapping[str, ColumnElement[str]], row: FromClause) -> ColumnElement[str]:
        """What is only asked of the object that the row is of."""
        found = {
            integer_literal(at): texts[each.object]
            for at, each in enumerate(self.queue.asked)
            if each.object in texts
        }
        return case(found, value=row.c.sm_item, else_=NULL_JSON) if found else NULL_JSON

    def _title(self, name: str, row: FromClause) -> ColumnElement[str]:
        source = self.scope.source(name)
        text = json_string(title_of(source, self.scope), self.scope.dialect)
        return select(text).where(source.table.c.id == row.c.id, self.scope.rows(source)).scalar_subquery()


def _spoken(label: Label | None) -> ColumnElement[str]:
    """In the caller's language, which is no part of a plan."""
    if label is None:
        return cast(literal_column("NULL"), Text())
    return slot_from(lambda environment: label.text(environment.locale), Text(), lambda text: text)
