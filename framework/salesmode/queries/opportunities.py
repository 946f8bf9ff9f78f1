"""`opportunityView` as SQL: a page over the opportunities of all granularities, and what they add up to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Text, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.measures import measure
from salesmode.fieldtypes.sql import NULL_JSON, json_string, text_literal
from salesmode.model.condition import ALWAYS
from salesmode.model.opportunity import VIEW
from salesmode.queries import nodes
from salesmode.queries.cursor import fingerprint
from salesmode.queries.json_text import joined, object_of
from salesmode.queries.keys import Key
from salesmode.queries.opportunity_rows import OpportunityRows, ViewScope
from salesmode.queries.paging import PageTable, limited_page

RecordText = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]


def opportunities_json(
    view: nodes.Opportunities, parent: Source, scope: PolicyScope, record: RecordText
) -> ColumnElement[str]:
    """The JSON object of a view."""
    rows = _View(view, OpportunityRows(view.lines, parent, scope, view.below), scope, record)
    if all(isinstance(part, nodes.TypeName | nodes.Total | nodes.OpportunityTotals) for part in view.parts):
        return object_of([(part.key, rows.part(part, None)) for part in view.parts])
    page = rows.page()
    whole = object_of([(part.key, rows.part(part, page)) for part in view.parts])
    return select(whole).select_from(page.table).scalar_subquery()


@dataclass(frozen=True)
class _View:
    view: nodes.Opportunities
    found: OpportunityRows
    scope: PolicyScope
    record: RecordText

    def page(self) -> PageTable:
        rows = self._rows()
        keys = tuple(self._key(at, each, rows) for at, each in enumerate(self.view.order))
        inner = select(rows, *(key.expression.label(key.label) for key in keys))
        assert self.view.page is not None
        numbered = any(isinstance(part, nodes.PageInfo) for part in self.view.parts)
        return limited_page(inner, keys, self.view.page, self.scope.dialect, numbered=numbered)

    def part(self, part: nodes.OpportunityPart, page: PageTable | None) -> str | ColumnElement[str]:
        match part:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.Total():
                return select(cast(func.count(), Text())).select_from(self._rows()).scalar_subquery()
            case nodes.OpportunityTotals(_, facts):
                return self._totals(facts)
        assert page is not None
        match part:
            case nodes.OpportunityNodes(_, items):
                return page.array(self._node(items, page.table))
            case nodes.OpportunityEdges(_, edges):
                return page.array(object_of([(each.key, self._edge(each, page)) for each in edges]))
            case nodes.PageInfo():
                return page.info(part)

    def _rows(self) -> FromClause:
        """The opportunities that are asked for."""
        rows = self.found.table()
        if self.view.where == ALWAYS:
            return rows
        scope = ViewScope(self.scope.dialect, self.scope.model)
        asked = compile_condition(self.view.where, Source(self.found.object, rows), scope)
        return select(rows).where(asked).subquery()

    def _key(self, at: int, wanted: nodes.OrderKey, rows: FromClause) -> Key:
        field, dialect = self.found.object.fields[wanted.field], self.scope.dialect
        name = fingerprint(VIEW + "".join(f"/{each.field}:{each.descending}" for each in self.view.order))
        order = field_type(field.type).order(field, rows.c[field.name], dialect)
        return Key(f"sm_k{at}", field, order, field.nullable, wanted.descending, dialect, name)

    def _edge(
        self, item: nodes.TypeName | nodes.EdgeCursor | nodes.OpportunityNode, page: PageTable
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.EdgeCursor():
                return json_string(page.cursor, self.scope.dialect)
            case nodes.OpportunityNode(_, items):
                return self._node(items, page.table)

    def _node(self, items: tuple[nodes.OpportunityItem, ...], row: FromClause) -> ColumnElement[str]:
        return object_of([(each.key, self._item(each, row)) for each in items])

    def _item(self, item: nodes.OpportunityItem, row: FromClause) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.HitRecord(_, records):
                return self._record(records, row)
            case nodes.OpportunityFact(_, "label"):
                return json_string(self.found.label(row), self.scope.dialect)
            case nodes.OpportunityFact(_, "stageLabel"):
                return json_string(self.found.stage_label(row), self.scope.dialect)
            case nodes.OpportunityFact(_, name):
                return self._fact("close_date" if name == "closeDate" else name, row)

    def _record(self, records: tuple[nodes.Record, ...], row: FromClause) -> ColumnElement[str]:
        texts = {
            text_literal(each.object.name): self.record(each, row.c.id, self.scope)
            for each in records
            if any(each.object.name == line.object for line in self.view.lines)
        }
        return case(texts, value=row.c.object, else_=NULL_JSON)

    def _fact(self, name: str, row: FromClause) -> ColumnElement[str]:
        field = self.found.object.fields[name]
        return field_type(field.type).json(field, row.c[name], self.scope.dialect)

    def _totals(self, items: tuple[nodes.TypeName | nodes.OpportunityFact, ...]) -> ColumnElement[str]:
        """A list with an entry for each granularity that there is, in their order."""
        rows = self._rows()
        place = field_type("choice").order(
            self.found.object.fields["granularity"], rows.c.granularity, self.scope.dialect
        )
        entry = object_of([(each.key, self._total(each, rows)) for each in items])
        groups = select(entry.label("entry"), place.label("place")).group_by(rows.c.granularity)
        if self.scope.dialect == "sqlite":  # where a limit keeps the order alive
            found = groups.order_by(literal_column("place")).limit(literal_column("-1", Integer)).subquery()
            gathered: Any = func.group_concat(found.c.entry, text_literal(","), type_=Text())
        else:
            found = groups.subquery()
            gathered = func.string_agg(
                found.c.entry, aggregate_order_by(text_literal(","), found.c.place), type_=Text()
            )
        whole = joined(["[", func.coalesce(gathered, text_literal(""), type_=Text()), "]"])
        return select(whole).select_from(found).scalar_subquery()

    def _total(
        self, item: nodes.TypeName | nodes.OpportunityFact, rows: FromClause
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.OpportunityFact(_, "count"):
                return cast(func.count(), Text())
            case nodes.OpportunityFact(_, "amount"):
                return measure(self.found.object.fields["amount"], "sum", rows.c.amount, self.scope.dialect)
            case nodes.OpportunityFact(_, name):
                return self._fact(name, rows)
