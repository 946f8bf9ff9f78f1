"""Which indexes an object's table has, and why.

- every declared reference, with the id: to-many relations are read by reference and in the order of ids.
  Not `created_by` and `updated_by`: two more entries for every write, for a question that is rarely asked.
- `index: true`, with the id where the column itself orders rows, so that a page is read without sorting.
  PostgreSQL reads an index from its end only with nulls first, so there it has a second one from the
  largest down; SQLite reads one index both ways.
- declared and unique ones as they are declared. Uniqueness is about living rows (RULING 28); every other
  index has all rows, since trash, restore and the foreign keys at a purge look among deleted ones too.
- none on `created_at`: ids are in the order of creation.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import ColumnElement, column

from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.text import TextType
from salesmode.model.field import Field
from salesmode.model.object import Object, Unique
from salesmode.tables.names import constraint_name, digested
from salesmode.tables.shape import Check, ForeignKey, Index, Part, Table

_LONGEST_INDEXED = 2000
Named = TypeVar("Named", Index, ForeignKey, Check)


def refers(field: Field) -> bool:
    """Whether its column holds the id of one row of another table."""
    return field.to is not None and not field_type(field.type).many


def indexes(object_: Object, dialect: Dialect) -> tuple[Index, ...]:
    """All of them, each once."""
    fields = object_.fields.values()
    found = [
        *(index for each in fields for index in _of_field(object_, each, dialect)),
        *(index_of(object_.table, *_columns(object_, names)) for names in object_.indexes),
        *(_unique(object_, each) for each in uniques(object_)),
    ]
    return tuple(dict.fromkeys(found))


def uniques(object_: Object) -> tuple[Unique, ...]:
    """What is unique; `unique: true` on a field is a set of one."""
    singles = [Unique(each.name, (each.name,)) for each in object_.fields.values() if each.unique]
    declared = {(each.fields, each.fold) for each in object_.unique}
    return (*object_.unique, *(each for each in singles if (each.fields, False) not in declared))


def index_of(table: str, *columns: str) -> Index:
    """A plain index."""
    return Index(constraint_name("ix", table, *columns), tuple(map(Part, columns)))


def distinct(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """The same tables with no name of an index or a constraint twice; a database has one space of names.

    `a_b(c)` and `a(b_c)` would be the same name; the later one gets a digest.
    """
    taken: set[str] = set()
    return tuple(
        replace(
            table,
            indexes=tuple(
                _distinct(each, ",".join(each.columns), table.name, taken) for each in table.indexes
            ),
            foreign_keys=tuple(
                _distinct(each, each.column, table.name, taken) for each in table.foreign_keys
            ),
            checks=tuple(_distinct(each, each.column, table.name, taken) for each in table.checks),
        )
        for table in tables
    )


def _distinct(named: Named, columns: str, table: str, taken: set[str]) -> Named:
    if named.name in taken:
        named = replace(named, name=digested(named.name, f"{table}({columns})"))
    taken.add(named.name)
    return named


def _of_field(object_: Object, field: Field, dialect: Dialect) -> Iterator[Index]:
    if refers(field) and not field.system:
        yield _with_id(object_, field)
    elif field.index and _indexable(field):
        if not _orders_rows(field, dialect):
            yield index_of(object_.table, field.column)
            return
        yield _with_id(object_, field)
        if dialect == "postgresql":
            name = constraint_name("ix", object_.table, field.column, "desc")
            yield Index(name, (Part(field.column, descending=True), Part("id")))


def _indexable(field: Field) -> bool:
    """Not what has no order, nor texts that may be longer than what PostgreSQL takes into an index."""
    type_ = field_type(field.type)
    longest = (field.max_length or type_.longest) if isinstance(type_, TextType) else 0
    return type_.orderable and longest <= _LONGEST_INDEXED


def _with_id(object_: Object, field: Field) -> Index:
    return Index(constraint_name("ix", object_.table, field.column), (Part(field.column), Part("id")))


def _orders_rows(field: Field, dialect: Dialect) -> bool:
    """Whether rows are ordered by the column itself: not by an option's place, nor by a mere yes or no."""
    stored: ColumnElement[object] = column(field.column)
    return field.type != "boolean" and field_type(field.type).order(field, stored, dialect) is stored


def _unique(object_: Object, unique: Unique) -> Index:
    columns = _columns(object_, unique.fields)
    name = constraint_name("uq", object_.table, *columns, *(["fold"] if unique.fold else []))
    parts = tuple(
        Part(object_.fields[each].column, fold=unique.fold and _folds(object_.fields[each]))
        for each in unique.fields
    )
    return Index(name, parts, unique=True, living=True)


def _folds(field: Field) -> bool:
    """Only text has case; other fields of a folded set are compared as they are."""
    return isinstance(field_type(field.type), TextType)


def _columns(object_: Object, fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(object_.fields[name].column for name in fields)
