"""A page of rows as a derived table, its cursor, and what is known of the pages around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    case,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.statement import Dialect, slot
from salesmode.fieldtypes.sql import integer_literal, json_string, text_literal
from salesmode.model.condition import ALWAYS
from salesmode.model.object import Inverse, Object
from salesmode.queries import nodes
from salesmode.queries.json_text import joined, object_of
from salesmode.queries.keys import Key, keys_of
from salesmode.queries.page import MAX_SIZE, offset_of, size_of


@dataclass(frozen=True)
class Link:
    """A connection below a row: the to-many `inverse` of the row that `parent` stands for."""

    parent: Source
    inverse: Inverse


def filtered(
    statement: Select[Any], rows: nodes.Rows, source: Source, scope: PolicyScope, link: Link | None
) -> Select[Any]:
    """`statement` over the rows of a connection: those that exist for the caller, below the parent, and asked
    for.
    """
    statement = statement.where(scope.rows(source))
    if link is not None:
        reference = scope.cell(source, link.inverse.field)
        statement = statement.where(reference.raw == link.parent.table.c.id).correlate(link.parent.table)
        if reference.guard is not None:
            statement = statement.where(reference.guard)
    if rows.where != ALWAYS:
        statement = statement.where(compile_condition(rows.where, source, scope))
    return statement


@dataclass(frozen=True)
class PageTable:
    """The derived table of a page, in order. `sm_number` and `sm_count` are there when a part needs to know
    of more rows.
    """

    table: FromClause
    keys: tuple[Key, ...]
    page: nodes.Page
    dialect: Dialect
    numbered: bool

    def source(self, object_: Object) -> Source:
        """The page as a source of records."""
        return Source(object_, self.table)

    def array(self, element: ColumnElement[str]) -> ColumnElement[str]:
        """A JSON array of `element` for each row of the page, in its order."""
        gathered = self._gathered(element)
        if self.numbered:
            gathered = gathered.filter(self._inside)
        return joined(["[", func.coalesce(gathered, text_literal(""), type_=Text()), "]"])

    def _gathered(self, element: ColumnElement[str]) -> Any:
        if self.dialect == "sqlite":
            return func.group_concat(element, text_literal(","), type_=Text())
        order = [key.ordered(self.table.c[key.label]) for key in self.keys]
        return func.string_agg(element, aggregate_order_by(text_literal(","), *order), type_=Text())

    @cached_property
    def cursor(self) -> ColumnElement[str]:
        """The row's cursor (RULING 34)."""
        parts: list[str | ColumnElement[str]] = [f'["{self.keys[0].fingerprint}"']
        for key in self.keys:
            parts += [",", key.json(self.table.c[key.label])]
        return joined([*parts, "]"])

    def info(self, part: nodes.PageInfo) -> ColumnElement[str]:
        """The JSON object of `pageInfo`."""
        return object_of([(item.key, self._fact(item)) for item in part.items])

    def _fact(self, item: nodes.TypeName | nodes.PageFact) -> str | ColumnElement[str]:
        return f'"{item.name}"' if isinstance(item, nodes.TypeName) else self._known_fact(item.name)

    def _known_fact(self, name: str) -> str | ColumnElement[str]:
        match name:
            case "startCursor":
                return self._cursor_at(self._last if self.page.backward else integer_literal(1))
            case "endCursor":
                return self._cursor_at(integer_literal(1) if self.page.backward else self._last)
            case "hasNextPage":
                return self._known(backward=False)
            case _:
                return self._known(backward=True)

    @property
    def _inside(self) -> ColumnElement[bool]:
        return self.table.c.sm_number <= _size(self.page, 0)

    @property
    def _last(self) -> ColumnElement[int]:
        size = _size(self.page, 0)
        return case((self.table.c.sm_count < size, self.table.c.sm_count), else_=size)

    def _cursor_at(self, number: ColumnElement[int]) -> ColumnElement[str]:
        text = func.max(self.cursor, type_=Text()).filter(self.table.c.sm_number == number, self._inside)
        return json_string(text, self.dialect)

    def _known(self, *, backward: bool) -> str | ColumnElement[str]:
        """More rows in the page's own direction are counted; behind it there are rows when it began at a
        cursor.
        """
        if self.page.backward == backward:
            more = func.count(literal_column("*")) > _size(self.page, 0)
            return case((more, text_literal("true")), else_=text_literal("false"))
        if self.page.offset is not None:
            return case((_offset(self.page) > 0, text_literal("true")), else_=text_literal("false"))
        return "true" if self.page.cursor is not None else "false"


def page_table(rows: nodes.Rows, scope: PolicyScope, link: Link | None, carried: Iterable[str]) -> PageTable:
    """The page of a connection, carrying the columns of the fields `carried`."""
    page = rows.page
    assert page is not None
    source = scope.source(rows.object.name)
    keys, joins = keys_of(rows, source, scope)
    numbered = any(isinstance(part, nodes.PageInfo) for part in rows.parts)
    wanted = set(carried)
    fields = (each for each in rows.object.fields.values() if each.stored and each.name in wanted)
    columns = [source.table.c[each.column] for each in fields]
    inner = select(*columns, *(key.expression.label(key.label) for key in keys)).select_from(joins)
    inner = filtered(inner, rows, source, scope, link)
    return limited_page(inner, keys, page, scope.dialect, numbered=numbered)


def limited_page(
    inner: Select[Any],
    keys: tuple[Key, ...],
    page: nodes.Page,
    dialect: Dialect,
    *,
    numbered: bool,
    grouped: bool = False,
) -> PageTable:
    """The page of `inner`, whose columns include the keys by their labels. Where it groups rows, keys are of
    the groups.
    """
    if page.cursor is not None:
        beyond = _beyond(keys, page)
        inner = inner.having(beyond) if grouped else inner.where(beyond)
    inner = inner.order_by(*(key.ordered(key.selected, reverse=page.backward) for key in keys))
    inner = inner.limit(_size(page, 1 if numbered else 0))
    if page.offset is not None:
        inner = inner.offset(_offset(page))
    return PageTable(_outer(inner, keys, page, numbered=numbered), keys, page, dialect, numbered)


def _outer(inner: Select[Any], keys: tuple[Key, ...], page: nodes.Page, *, numbered: bool) -> FromClause:
    """Numbers the rows where a part needs it, and turns a backward page round. LIMIT keeps SQLite's order
    alive.
    """
    limited = inner.subquery()
    if not numbered and not page.backward:
        return limited
    forward = [key.ordered(limited.c[key.label]) for key in keys]
    columns: list[ColumnElement[Any]] = list(limited.c)
    if numbered:
        own = [key.ordered(limited.c[key.label], reverse=page.backward) for key in keys]
        columns.append(func.row_number().over(order_by=own).label("sm_number"))
        columns.append(func.count(literal_column("*")).over().label("sm_count"))
    return select(*columns).order_by(*forward).limit(literal_column(str(MAX_SIZE + 1), Integer)).subquery()


def _size(page: nodes.Page, extra: int) -> ColumnElement[int]:
    return slot(page.size, Integer(), lambda given: size_of(given) + extra)


def _offset(page: nodes.Page) -> ColumnElement[int]:
    assert page.offset is not None
    return slot(page.offset, Integer(), offset_of)


def _beyond(keys: tuple[Key, ...], page: nodes.Page) -> ColumnElement[bool]:
    """Rows after the cursor in the page's direction: beyond on the first key, or equal there and beyond on
    the next.
    """
    assert page.cursor is not None
    wanted: ColumnElement[bool] = false()
    for at, key in reversed(list(enumerate(keys))):
        null = at < len(page.cursor.nulls) and page.cursor.nulls[at]
        bound = key.bound(page.cursor.leaf, at, page.cursor.nulls)
        beyond = key.beyond(bound, null=null, backward=page.backward)
        wanted = beyond | (key.equal(bound, null=null) & wanted)
    return wanted
