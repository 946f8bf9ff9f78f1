"""Rows for tests of migrations: written and read without the rooms above."""

from collections.abc import Mapping
from typing import Any

from salesmode.database.driver import Database, UnitOf
from salesmode.database.unit import Step
from salesmode.fieldtypes import field_type
from salesmode.model.app import Model
from salesmode.tables.literals import literal_sql

NOW = "2026-01-31T08:00:00.000000Z"


def id_of(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012d}"


async def insert(database: Database, model: Model, object_name: str, *rows: Mapping[str, Any]) -> None:
    """Insert rows of canonical values, numbered from 1 as their ids are; a reference is given by a number."""
    steps = [
        _insert(database, model, object_name, {"id": id_of(at), **row}) for at, row in enumerate(rows, 1)
    ]

    def unit() -> UnitOf[None]:
        for step in steps:
            assert (yield step) == []

    await database.run(unit)


async def select(database: Database, model: Model, object_name: str, *fields: str) -> list[tuple[Any, ...]]:
    """The canonical values of all rows, in the order of ids."""
    object_ = model.objects[object_name]
    described = [object_.fields[name] for name in fields]
    columns = ", ".join(f'"{each.column}"' for each in described)
    rows = await database.fetch(Step(f'SELECT {columns} FROM "{object_.table}" ORDER BY id', ()))
    return [
        tuple(
            None if value is None else field_type(each.type).decode(each, value, database.dialect)
            for each, value in zip(described, row, strict=True)
        )
        for row in rows
    ]


def _insert(database: Database, model: Model, object_name: str, row: Mapping[str, Any]) -> Step:
    object_ = model.objects[object_name]
    columns = {"created_at": f"'{NOW}'", "updated_at": f"'{NOW}'", "version": "1"}
    for name, value in row.items():
        if name == "deleted_at":
            columns[name] = f"'{value}'"
            continue
        field = object_.fields[name]
        given = id_of(value) if field.to is not None and isinstance(value, int) else value
        encode = field_type(field.type).encode(field, database.dialect)
        columns[field.column] = "NULL" if given is None else literal_sql(encode(given))
    names = ", ".join(f'"{name}"' for name in columns)
    return Step(f'INSERT INTO "{object_.table}" ({names}) VALUES ({", ".join(columns.values())})', ())
