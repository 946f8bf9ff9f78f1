"""What is stored comes back, as a value and as JSON, the same on both engines."""

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from salesmode.database.driver import Database
from salesmode.database.statement import render, slot_from
from salesmode.database.unit import Step
from salesmode.fieldtypes import FIELD_TYPES, field_type
from tests.fieldtypes.kit import NOBODY, VALUES, outcome

WRITE_ONLY = {"secret"}


def test_every_type_is_tested_here() -> None:
    assert {field.type for field, _ in VALUES.values()} == set(FIELD_TYPES) - WRITE_ONLY


def plain(value: Any) -> Any:
    """The JSON value that clients get: exact numbers are texts, instants have no empty fraction."""
    match value:
        case bool() | str() | float() | dict() | list():
            return value
        case tuple():
            return list(value)
        case int():
            return str(value)
    text = value.isoformat() if hasattr(value, "isoformat") else format(value, "f")
    return text.replace("+00:00", "Z")


@pytest.mark.parametrize("name", VALUES)
async def test_values_come_back_and_are_written_as_json(database: Database, name: str) -> None:
    field, values = VALUES[name]
    type_, dialect = field_type(field.type), database.dialect
    rows = await outcome(
        database,
        field,
        [*values, None],
        lambda column: column,
        lambda column: type_.json(field, column, dialect),
    )
    assert [type_.decode(field, stored, dialect) for stored, _ in rows[:-1]] == list(values)
    assert tuple(rows[-1]) == (None, "null")
    expected = [value if field.type in ("integer", "json") else plain(value) for value in values]
    assert [orjson.loads(json) for _, json in rows[:-1]] == expected


@pytest.mark.parametrize("name", VALUES)
async def test_a_value_that_came_out_goes_in_again(database: Database, name: str) -> None:
    field, values = VALUES[name]
    type_, dialect = field_type(field.type), database.dialect
    rows = await outcome(database, field, values, lambda column: type_.json(field, column, dialect))
    assert [type_.parse(field, orjson.loads(json)) for (json,) in rows] == list(values)


ORDERED = [name for name, (field, _) in VALUES.items() if field_type(field.type).orderable]


@pytest.mark.parametrize("name", ORDERED)
async def test_a_cursors_key_finds_the_rows_before_it(database: Database, name: str) -> None:
    """Key → JSON → driver value compares in SQL just as the values are ordered."""
    field, values = VALUES[name]
    type_, dialect = field_type(field.type), database.dialect
    ordered = list(values) if name in ("choice", "stage") else sorted(values)
    ((*_,), *_) = rows = await outcome(
        database,
        field,
        ordered,
        lambda column: type_.order_json(field, type_.order(field, column, dialect), dialect),
    )
    encode = type_.order_encode(field, dialect)
    things = sa.table("things", sa.column("at"), sa.column("value", type_.column_type(field, dialect)))
    key = type_.order(field, things.c.value, dialect)
    for place, (json,) in enumerate(rows):
        driver_value = encode(orjson.loads(json))
        bound = slot_from(
            lambda _, value=driver_value: value, type_.order_type(field, dialect), lambda found: found
        )
        statement = render(sa.select(things.c.at).where(key < bound).order_by(key), dialect)
        found = await database.fetch(Step(statement.sql, statement.bind(NOBODY)))
        assert [row[0] for row in found] == list(range(place))


async def test_options_are_ordered_as_declared_and_nulls_have_no_place(database: Database) -> None:
    field, values = VALUES["choice"]
    type_ = field_type("choice")
    rows = await outcome(
        database,
        field,
        [*values, None],
        lambda column: type_.order_json(
            field, type_.order(field, column, database.dialect), database.dialect
        ),
    )
    assert [json for (json,) in rows] == ["0", "1", "2", "null"]
