"""Fields of every type with values that go wrong, and a table of one column to put them in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.fieldtypes import field_type, slot_of
from salesmode.model.condition import Literal
from salesmode.model.field import Field, Mask
from tests.conditions.world import AMOUNTS, BIGS, DAYS, INSTANTS, INTEGERS, TEXTS, environment
from tests.support.models import field

NOBODY: Environment = environment({}, {})
IDS = [
    "00000000-0000-0000-0000-000000000000",
    "0192a3b4-0000-7000-8000-00000000000a",
    "f" * 8 + "-0000" * 3 + "-" + "f" * 12,
]
OPTIONS = ["late", "early", "a"]
CONTROLS = "".join(map(chr, range(1, 32))) + "\x7f\x80\u2028\u2029"
STRINGS = [*TEXTS, CONTROLS, "\\u0041", '\\"', "</script>", "null", "O'Brien", "😀" * 3]


def named(type_: str, **keys: Any) -> Field:
    return replace(field(type_, **keys), name="value", column="value")


# Each field with canonical values.
VALUES: dict[str, tuple[Field, Sequence[Any]]] = {
    "id": (named("id"), IDS),
    "text": (named("text"), STRINGS),
    "long_text": (named("long_text"), STRINGS),
    "integer": (named("integer"), INTEGERS),
    "big_integer": (named("big_integer"), BIGS),
    "money": (named("money"), [*AMOUNTS, Decimal("-1.00"), Decimal("-0.99"), Decimal("9999999999999999.99")]),
    "yen": (named("money", scale=0), [Decimal(-5), Decimal(0), Decimal(10**18 - 1)]),
    "decimal": (named("decimal", scale=18), [Decimal("0." + "9" * 18), Decimal("-0.000000000000000001")]),
    "percent": (named("percent"), [Decimal("5.00"), Decimal("-0.50")]),
    "boolean": (named("boolean"), [False, True]),
    "date": (named("date"), DAYS),
    "datetime": (named("datetime"), [*INSTANTS, datetime(1, 1, 2, 3, 4, 5, 6, tzinfo=UTC)]),
    "choice": (named("choice", options=OPTIONS), OPTIONS),
    "stage": (named("stage", options=OPTIONS), OPTIONS),
    "open choice": (named("choice", options=OPTIONS, open_options=True), STRINGS),
    "multi_choice": (named("multi_choice", options=OPTIONS), [(), ("a",), ("late", "a")]),
    "open multi_choice": (named("multi_choice", options=OPTIONS, open_options=True), [(), tuple(STRINGS)]),
    "reference": (named("reference", to="customer"), IDS),
    "user": (named("user"), IDS),
    "multi_reference": (named("multi_reference", to="customer"), [(), (IDS[1],), tuple(IDS)]),
    "email": (named("email"), ["a@b.cd", "客户@例子.中国", "o'brien+x@b.cd"]),
    "phone": (named("phone"), ["+8613812345678", "+14155552671"]),
    "url": (named("url"), ["https://a.b/c?d='e'", "http://例子.中国/\\"]),
    "json": (
        named("json"),
        [{}, [], "", 0, -1.5, True, {"a": [None, {"\\": '"😀\u2028\x7f'}]}, "O'Brien\x01\n"],
    ),
    "auto_number": (named("auto_number"), ["C-0001"]),
}


async def outcome(
    database: Database, field: Field, values: Sequence[Any], *expressions: Any
) -> list[Sequence[Any]]:
    """For each value, stored alone in a row: what each `expression(column)` gives."""
    column_type = field_type(field.type).column_type(field, database.dialect)
    table = sa.Table("things", sa.MetaData(), sa.Column("at", sa.Integer), sa.Column("value", column_type))
    await database.with_connection(lambda connection: _anew(table, connection))
    await database.run(lambda: _fill(database, table, field, values))
    query = sa.select(*(each(table.c.value) for each in expressions)).order_by(table.c.at)
    statement = render(query, database.dialect)
    return list(await database.fetch(Step(statement.sql, statement.bind(NOBODY))))


def _anew(table: sa.Table, connection: sa.Connection) -> None:
    table.drop(connection, checkfirst=True)
    table.create(connection)


def _fill(database: Database, table: sa.Table, field: Field, values: Sequence[Any]) -> UnitOf[None]:
    for at, value in enumerate(values):
        bound = slot_of(Literal(value), field, database.dialect)
        statement = render(
            sa.insert(table).values(at=sa.literal_column(str(at)), value=bound), database.dialect
        )
        yield Step(statement.sql, statement.bind(NOBODY))


def day(year: int, month: int = 1, number: int = 1) -> date:
    return date(year, month, number)


def spelled(value: object) -> str | None:
    """What a parameter is called in the name of a test: a field by its type, a mask by its name."""
    return value.type if isinstance(value, Field) else value.name if isinstance(value, Mask) else None
