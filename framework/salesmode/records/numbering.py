"""Numbers that the engine gives (`auto_number`): unique and rising, gaps allowed (RULING 29)."""

import re
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects import postgresql, sqlite

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render, slot
from salesmode.model.condition import Argument
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.records.binding import one
from salesmode.records.subject import Subject
from salesmode.records.written import Written
from salesmode.tables import Tables

_PART = re.compile(r"\{(YYYY|0+)\}")


def number(subject: Subject, rows: Sequence[Written], environment: Environment) -> UnitOf[None]:
    """Give each row that has none its number: one step for each numbered field."""
    for field in subject.stored:
        if field.type == "auto_number":
            waiting = [row for row in rows if row.values[field.name] is None]
            if waiting:
                yield from _number(subject, field, waiting, environment)


def _number(
    subject: Subject, field: Field, rows: Sequence[Written], environment: Environment
) -> UnitOf[None]:
    last = yield from reserve(subject.tables, subject.object, field, len(rows), environment=environment)
    year = environment.now.astimezone(environment.timezone).year
    for value, row in enumerate(rows, last - len(rows) + 1):
        row.values[field.name] = formatted(field.format, value, year)


def reserve(
    tables: Tables, object_: Object, field: Field, count: int, *, environment: Environment
) -> UnitOf[int]:
    """Take so many numbers of a field, which nobody else gets; the last of them."""
    counter = {"name": f"{object_.name}.{field.name}", "count": count}
    answer = yield one(_advance(tables), counter, environment)
    return int(str(answer[0][0]))


def formatted(format: str | None, value: int, year: int) -> str:
    """`C-{0000}` is C-0042, or longer where it must be; `{YYYY}` is the year in the app's time zone."""

    def part(match: re.Match[str]) -> str:
        return f"{year:04}" if match[1] == "YYYY" else f"{value:0{len(match[1])}}"

    return _PART.sub(part, format or "{0}")


@lru_cache(maxsize=64)
def _advance(tables: Tables) -> Statement:
    """Take as many numbers as are wanted; answers the last of them."""
    table = tables.sequence
    insert = (sqlite if tables.dialect == "sqlite" else postgresql).insert(table)
    taken = insert.values(
        name=slot(Argument(("name",)), Text(), str), value=slot(Argument(("count",)), BigInteger(), int)
    )
    advanced = taken.on_conflict_do_update(
        index_elements=[table.c.name], set_={"value": table.c.value + taken.excluded.value}
    )
    return render(advanced.returning(table.c.value), tables.dialect)
