"""`history` as SQL: the changes of one row that its reader may see now, gathered into entries, newest first.

A field is told of where its clear value is readable on the row as it is now; a reference names only rows that
the reader may see. Of a record that has become a part of this one that is asked of both rows: what was hidden
there is not shown by merging it. An entry with nothing visible left is not there at all (RULING 41).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    any_,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.types import TypeEngine

from salesmode.access.policy import FieldPolicy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.statement import slot_from
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.lists import ListType
from salesmode.fieldtypes.sql import as_text, json_string, or_null, quoted, text_literal
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field
from salesmode.model.grant import GRANTEES, GRANTS
from salesmode.model.label import Label
from salesmode.model.names import camel
from salesmode.model.tag import TAGS, tag_entry
from salesmode.queries import nodes
from salesmode.queries.cursor import fingerprint
from salesmode.queries.json_text import object_of
from salesmode.queries.keys import Key
from salesmode.queries.paging import PageTable, limited_page
from salesmode.tables.engine import plain_field

_KEPT = ("id", "record_id", "version", "at", "by_id", "operation", "field")

RecordText = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]


def history_json(
    history: nodes.History, source: Source, scope: PolicyScope, record: RecordText
) -> ColumnElement[str]:
    """The JSON object of a history."""
    rows = _Entries(history, source, scope, record)
    if all(isinstance(part, nodes.TypeName | nodes.Total) for part in history.parts):
        return object_of([(part.key, rows.part(part, None)) for part in history.parts])
    page = rows.page()
    whole = object_of([(part.key, rows.part(part, page)) for part in history.parts])
    return select(whole).select_from(page.table).scalar_subquery()


@dataclass(frozen=True)
class _Entries:
    """The entries of one row's history, as its reader may see them."""

    history: nodes.History
    source: Source
    scope: PolicyScope
    record: RecordText

    def page(self) -> PageTable:
        change = self._visible()
        newest = cast(func.max(as_text(change.c.id)), self._id_type)
        name = fingerprint(f"history of {self.source.object.name}")
        key = Key("sm_k0", self._id, newest, False, True, self.scope.dialect, name)
        assert self.history.page is not None
        numbered = any(isinstance(part, nodes.PageInfo) for part in self.history.parts)
        told = (change.c.at, change.c.by_id, change.c.operation)
        entries = self._entries(change, *told, *self._changes(change), newest.label(key.label))
        return limited_page(
            entries, (key,), self.history.page, self.scope.dialect, numbered=numbered, grouped=True
        )

    def part(self, part: nodes.HistoryPart, page: PageTable | None) -> str | ColumnElement[str]:
        match part:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.Total():
                entries = self._entries(self._visible(), literal_column("1")).subquery()
                return select(cast(func.count(), Text())).select_from(entries).scalar_subquery()
            case nodes.Entries(_, items):
                assert page is not None
                return page.array(object_of([(item.key, self._item(item, page.table)) for item in items]))
            case nodes.EntryEdges(_, items):
                assert page is not None
                return page.array(object_of([(item.key, self._edge(item, page)) for item in items]))
            case nodes.PageInfo():
                assert page is not None
                return page.info(part)

    def _edge(
        self, item: nodes.TypeName | nodes.EdgeCursor | nodes.EntryNode, page: PageTable
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.EdgeCursor():
                return json_string(page.cursor, self.scope.dialect)
            case nodes.EntryNode(_, items):
                return object_of([(each.key, self._item(each, page.table)) for each in items])

    def _item(self, item: nodes.EntryItem, table: FromClause) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.EntryFact(_, "at"):
                at = self.source.object.fields["updated_at"]
                return field_type("datetime").json(at, table.c.at, self.scope.dialect)
            case nodes.EntryFact():
                return quoted(table.c.operation)
            case nodes.EntryAuthor(_, record):
                return self.record(record, table.c.by_id, self.scope)
            case nodes.EntryChanges():
                return table.c[f"changes{self._picked.index(item)}"]

    @property
    def _picked(self) -> list[nodes.EntryChanges]:
        """Every selection of `changes`, wherever it stands."""
        found = [item for item in _items(self.history) if isinstance(item, nodes.EntryChanges)]
        return list(dict.fromkeys(found))

    @property
    def _id(self) -> Field:
        return self.source.object.fields["id"]

    @property
    def _id_type(self) -> TypeEngine[Any]:
        return field_type("id").column_type(self._id, self.scope.dialect)

    def _entries(self, change: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
        """One row for each write that changed something visible."""
        written = (change.c.record_id, change.c.version, change.c.at, change.c.by_id, change.c.operation)
        changed = or_(change.c.field.is_(None), change.c.old.is_distinct_from(change.c.new))
        return select(*columns).where(changed).group_by(*written)

    def _visible(self) -> FromClause:
        """The changes of fields that may be told of, their old and new values without hidden rows."""
        change = self.scope.tables.change.alias()
        kept = [change.c[name] for name in _KEPT]
        told = [self._may_be_told(each, change) for each in self._told()]
        rows = select(
            *kept,
            self._remembered(change, change.c.old).label("old"),
            self._remembered(change, change.c.new).label("new"),
        ).where(
            change.c.object == text_literal(self.source.object.name),
            self._of_record(change),
            or_(change.c.field.is_(None), *told),
        )
        # The order of changes within an entry; LIMIT keeps it alive on SQLite.
        ordered = rows.order_by(change.c.id).limit(literal_column("-1"))
        return (ordered if self.scope.dialect == "sqlite" else rows).correlate(self.source.table).subquery()

    def _of_record(self, change: FromClause) -> ColumnElement[bool]:
        """Changes of this record, and of the fields of records that have become parts of it."""
        table, merged = self.source.table, self.scope.tables.merged.alias()
        nothing = select(
            literal_column("1").label("one")
        ).subquery()  # a SELECT without a table correlates with none
        itself = select(table.c.id).select_from(nothing).correlate(table)
        parts = select(merged.c.record_id).where(merged.c.into_id == table.c.id).correlate(table)
        among = union_all(itself, parts).scalar_subquery()
        # Each engine looks up such a list in the index by record; of an OR neither would.
        found = (
            change.c.record_id.in_(among)
            if self._on_sqlite
            else change.c.record_id == any_(func.array(among))
        )
        of_part: ColumnElement[bool] = change.c.field.is_not(None)
        if self.scope.policy.objects[self.source.object.name].rows != ALWAYS:
            of_part = and_(of_part, self._of_part(change))
        return and_(found, or_(self._own(change), of_part))

    def _own(self, change: FromClause) -> ColumnElement[bool]:
        return change.c.record_id == self.source.table.c.id

    def _of_part(self, change: FromClause, told: FieldPolicy | None = None) -> ColumnElement[bool]:
        """The reader would see the row of the part, and that field of it, if it were not deleted."""
        part = self.scope.source(self.source.object.name)
        seen = [part.table.c.id == change.c.record_id, self.scope.ever(part)]
        seen += [] if told is None else [self._guard(told, part)]
        return exists(select(part.table.c.id).where(*seen))

    @property
    def _on_sqlite(self) -> bool:
        return self.scope.dialect == "sqlite"

    def _may_be_told(self, told: FieldPolicy, change: FromClause) -> ColumnElement[bool]:
        named = change.c.field == text_literal(told.field.name)
        if told.clear == ALWAYS and told.field.pipelines is None:
            return named
        there = or_(self._own(change), self._of_part(change, told))
        return and_(named, self._guard(told, self.source), there)

    def _guard(self, told: FieldPolicy, source: Source) -> ColumnElement[bool]:
        if told.field.name not in source.object.fields:
            return compile_condition(told.clear, source, self.scope.system)
        guard = self.scope.cell(source, told.field.name).guard
        assert guard is not None
        return guard

    def _told(self) -> Sequence[FieldPolicy]:
        fields = self.scope.policy.objects[self.source.object.name].fields.values()
        told = [each for each in fields if each.comparable and each.field.history and not each.field.system]
        return [*told, *self._granting(), *self._tagged()]

    def _granting(self) -> Iterator[FieldPolicy]:
        """Rights on the record are told of like a field, to whoever may see them."""
        inverse = self.scope.policy.objects[self.source.object.name].inverses.get(GRANTS)
        if inverse is not None:
            yield FieldPolicy(replace(plain_field("json"), name=GRANTS, label=inverse.label), ALWAYS)

    def _tagged(self) -> Iterator[FieldPolicy]:
        """So is each tag."""
        granted = self.scope.policy.objects[self.source.object.name]
        for name, right in granted.tags.items() if TAGS in granted.inverses else ():
            label = granted.inverses[TAGS].label
            yield FieldPolicy(replace(plain_field("json"), name=tag_entry(name), label=label), right.seen)

    def _remembered(self, change: FromClause, value: ColumnElement[str]) -> ColumnElement[str]:
        """The old or new value of the field that changed, without rows that the reader may not see."""
        branches = [
            (change.c.field == text_literal(told.field.name), self._named(told.field, value))
            for told in self._told()
            if told.field.to is not None
        ]
        granted = (change.c.field == text_literal(GRANTS), self._granted(value))
        branches += [granted for _ in self._granting()]
        return case(*branches, else_=value) if branches else value

    def _named(self, field: Field, text: ColumnElement[str]) -> ColumnElement[str]:
        """What is left of a remembered reference, or of a list of them."""
        type_, dialect = field_type(field.type), self.scope.dialect
        if isinstance(type_, ListType):
            kept = type_.kept(type_.from_json(field, text, dialect), partial(self._exists, field), dialect)
            return type_.json(field, kept, dialect)
        id = cast(func.replace(text, text_literal('"'), text_literal("")), self._id_type)
        return case((self._exists(field, id), text))

    def _granted(self, text: ColumnElement[str]) -> ColumnElement[str]:
        """What is left of a remembered grant: without a grantee that the reader may not see."""
        for name in GRANTEES:
            who, others = self._taken_out(name, text)
            seen = self._has(name, cast(who, self._id_type)) if name in self.scope.policy.objects else false()
            text = case((or_(who.is_(None), seen), text), else_=others)
        return text

    def _taken_out(
        self, name: str, text: ColumnElement[str]
    ) -> tuple[ColumnElement[Any], ColumnElement[str]]:
        """A member of a JSON object, and the object without it."""
        if self.scope.dialect == "sqlite":
            path = text_literal(f"$.{name}")
            return func.json_extract(text, path, type_=Text()), func.json_remove(text, path, type_=Text())
        whole, member = cast(text, JSONB), text_literal(name)
        return whole.op("->>")(member), cast(whole.op("-")(member), Text())

    def _exists(self, field: Field, id: ColumnElement[Any]) -> ColumnElement[bool]:
        assert field.to is not None
        return self._has(field.to, id)

    def _has(self, object_name: str, id: ColumnElement[Any]) -> ColumnElement[bool]:
        target = self.scope.source(object_name)
        return exists(select(target.table.c.id).where(target.table.c.id == id, self.scope.rows(target)))

    def _changes(self, change: FromClause) -> Iterator[ColumnElement[str]]:
        for at, picked in enumerate(self._picked):
            entry = object_of([(item.key, self._change(item, change)) for item in picked.items])
            if self.scope.dialect == "sqlite":
                gathered: Any = func.group_concat(entry, text_literal(","), type_=Text())
            else:
                order = aggregate_order_by(text_literal(","), as_text(change.c.id).asc())
                gathered = func.string_agg(entry, order, type_=Text())
            within = gathered.filter(change.c.field.is_not(None))
            listed = func.coalesce(within, text_literal(""), type_=Text())
            yield text_literal("[").concat(listed).concat(text_literal("]")).label(f"changes{at}")

    def _change(
        self, item: nodes.TypeName | nodes.ChangeFact, change: FromClause
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.ChangeFact(_, "field"):
                return quoted(self._of_field(change, lambda told: text_literal(_called(told.field))))
            case nodes.ChangeFact(_, "label"):
                label = self._of_field(change, lambda told: _spoken(told.field.label))
                return json_string(label, self.scope.dialect)
            case nodes.ChangeFact(_, column):
                return or_null(change.c[column])

    def _of_field(
        self, change: FromClause, text: Callable[[FieldPolicy], ColumnElement[str]]
    ) -> ColumnElement[str]:
        branches = [(change.c.field == text_literal(told.field.name), text(told)) for told in self._told()]
        return case(*branches) if branches else cast(text_literal(""), Text())


def _called(field: Field) -> str:
    """As clients call it; of tags, which one is said beside."""
    return camel(field.name.partition(".")[0])


def _items(history: nodes.History) -> Iterator[nodes.EntryItem]:
    for part in history.parts:
        if isinstance(part, nodes.Entries):
            yield from part.items
        if isinstance(part, nodes.EntryEdges):
            for item in part.items:
                yield from item.items if isinstance(item, nodes.EntryNode) else ()


def _spoken(label: Label) -> ColumnElement[str]:
    """The label in the caller's language, which is no part of a plan."""
    return slot_from(lambda environment: label.text(environment.locale), Text(), lambda text: text)
