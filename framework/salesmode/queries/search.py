"""`search` as SQL: each object is looked into with the caller's rights, newest first, and all answers make
one list.

A search is a filter like any other: it reads fields through the scope, so a value that the caller may not
read is not found, and one that is masked is not found either.
"""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, case, func, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.statement import slot
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.sql import as_text, json_string, length, quoted, text_literal
from salesmode.model.condition import Compare, Literal, Value, either
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.queries import nodes
from salesmode.queries.expand import searchable
from salesmode.queries.json_text import joined, object_of
from salesmode.queries.page import DEFAULT_SIZE, size_of
from salesmode.queries.pick import Leaf
from salesmode.queries.references import REFERENCES

RecordText = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]
_PLACE = re.compile(r"\{(\w+)\}")


def search_json(root: nodes.Search, scope: PolicyScope, record: RecordText) -> ColumnElement[str]:
    """The JSON array of what was found."""
    parts = [_found(at, object_, root, scope, record) for at, object_ in enumerate(root.objects)]
    if not parts:
        return text_literal("[]")
    every = union_all(*parts).subquery()
    order = [every.c.place.asc(), every.c.id.desc()]
    limited = select(every.c.hit, every.c.place, every.c.id).order_by(*order).limit(_size(root)).subquery()
    return select(
        joined(["[", func.coalesce(_gathered(limited, scope), text_literal("")), "]"])
    ).scalar_subquery()


def _gathered(limited: Any, scope: PolicyScope) -> ColumnElement[str]:
    if scope.dialect == "sqlite":
        return func.group_concat(limited.c.hit, text_literal(","), type_=Text())
    order = (limited.c.place.asc(), limited.c.id.desc())
    return func.string_agg(limited.c.hit, aggregate_order_by(text_literal(","), *order), type_=Text())


def _size(root: nodes.Search) -> ColumnElement[int]:
    size: Leaf = Literal(DEFAULT_SIZE) if root.size == Literal(None) else root.size
    return slot(size, Integer(), size_of)


def _found(
    at: int, object_: Object, root: nodes.Search, scope: PolicyScope, record: RecordText
) -> Select[Any]:
    """What is found in one object. Hits are written for the rows of the limit only."""
    source = scope.source(object_.name)
    wanted: Value = root.text
    fields = searchable(scope.policy.objects[object_.name])
    text = either(*(Compare(each.name, "icontains", wanted) for each in fields))
    given = slot_of(wanted, scope.model.objects["user"].fields["name"], scope.dialect)
    asked = length(func.trim(given, type_=Text())) > literal_column("0")  # nothing is found by nothing
    rows = select(source.table).where(scope.rows(source), asked, compile_condition(text, source, scope))
    limited = rows.order_by(source.table.c.id.desc()).limit(_size(root)).subquery()
    found = Source(object_, limited)
    entries = [(item.key, _entry(item, found, scope, record)) for item in root.items]
    place = literal_column(str(at), Integer)
    return select(object_of(entries).label("hit"), place.label("place"), limited.c.id.label("id"))


def _entry(
    item: nodes.TypeName | nodes.HitFact | nodes.HitRecord,
    found: Source,
    scope: PolicyScope,
    record: RecordText,
) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.HitFact(_, "object"):
            return f'"{found.object.name}"'
        case nodes.HitFact(_, "id"):
            return quoted(as_text(found.table.c.id))
        case nodes.HitFact():
            return json_string(title_of(found, scope), scope.dialect)
        case nodes.HitRecord(_, records):
            own = next(each for each in records if each.object.name == found.object.name)
            return record(own, found.table.c.id, scope)


def title_of(source: Source, scope: PolicyScope, *, follow: bool = True) -> ColumnElement[str]:
    """The text that names a record (RULING 46), with nothing in the place of what the caller may not read.

    A reference in it stands for the title of the row it leads to, one step far.
    """
    granted = scope.policy.objects[source.object.name].fields
    pieces: list[str | ColumnElement[str]] = []
    for at, piece in enumerate(_PLACE.split(source.object.title)):
        if at % 2 == 0:
            pieces.append(piece)
        elif piece in granted and granted[piece].comparable:
            text = _piece(source, granted[piece].field, scope, follow=follow)
            pieces.append(func.coalesce(text, text_literal(""), type_=Text()))
    return joined(pieces)


def _piece(source: Source, field: Field, scope: PolicyScope, *, follow: bool) -> ColumnElement[str]:
    if field.type in REFERENCES:
        return _title_behind(source, field, scope) if follow else text_literal("")
    value = scope.readable(source, field.name).value
    if field_type(field.type).scalar == "String":
        return as_text(value)
    json = field_type(field.type).json(field, value, scope.dialect)
    return case((value.is_not(None), func.replace(json, text_literal('"'), text_literal(""), type_=Text())))


def _title_behind(source: Source, field: Field, scope: PolicyScope) -> ColumnElement[str]:
    target = scope.source(scope.model.target(field).name)
    named = target.table.c.id == scope.cell(source, field.name).value
    return select(title_of(target, scope, follow=False)).where(named, scope.rows(target)).scalar_subquery()
