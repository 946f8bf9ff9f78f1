"""Which records an upsert means: the living rows that the caller sees, found by a declared unique."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render
from salesmode.diagnostics import Message, Refusal
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.sql import fold
from salesmode.fieldtypes.text import TextType
from salesmode.model.condition import ALWAYS, Argument
from salesmode.model.field import Field
from salesmode.model.object import Unique
from salesmode.records.binding import one as step
from salesmode.records.lists import listed
from salesmode.records.subject import Subject
from salesmode.tables.indexes import uniques

Keys = Sequence[Mapping[str, object]]
"""For each input: the values of the fields that identify it."""


def identity(subject: Subject, by: Sequence[str]) -> Unique:
    """What is unique by those fields. BAD_REQUEST unless declared and fully readable (RULING 23)."""
    for each in uniques(subject.object):
        if set(each.fields) == set(by) and len(by) == len(set(by)) and _readable(subject, by):
            return each
    raise Refusal("BAD_REQUEST", Message("not_identifying"))


def _readable(subject: Subject, by: Sequence[str]) -> bool:
    if subject.policy is None:
        return True
    granted = subject.policy.objects[subject.object.name].fields
    return all(name in granted and granted[name].clear == ALWAYS for name in by)


def matched(
    subject: Subject, unique: Unique, keys: Keys, environment: Environment
) -> UnitOf[Mapping[int, str]]:
    """The ids of the inputs that are there already, by the input's number; one statement for all of them.

    A key with a null in it is nobody's: nulls are distinct (RULING 28).
    """
    whole = [number for number, key in enumerate(keys) if None not in key.values()]
    if not whole:
        return {}
    lists = {name: tuple(keys[number][name] for number in whole) for name in unique.fields}
    rows = yield step(_match(subject, unique), lists, environment)
    return {whole[int(str(place))]: str(id_) for place, id_ in rows}


@lru_cache(maxsize=512)
def _match(subject: Subject, unique: Unique) -> Statement:
    source, dialect = subject.scope.source(subject.object.name), subject.dialect
    fields = [subject.object.fields[name] for name in unique.fields]
    given = listed([slot_of(Argument((each.name,)), each, dialect, many=True) for each in fields], dialect)
    alike = [
        same(unique, field, source.table.c[field.column], value, dialect=dialect)
        for field, value in zip(fields, given.values, strict=True)
    ]
    rows = select(given.place, source.table.c.id).select_from(given.rows.join(source.table, and_(*alike)))
    return render(rows.where(subject.scope.rows(source)), dialect)


def same(
    unique: Unique, field: Field, one: ColumnElement[Any], other: ColumnElement[Any], *, dialect: Dialect
) -> ColumnElement[bool]:
    """Whether two values of the field are one for the unique; null is never."""
    if unique.fold and isinstance(field_type(field.type), TextType):
        return fold(one, dialect) == fold(other, dialect)
    return one == other
