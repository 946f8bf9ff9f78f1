"""Numbers of `auto_number` that a file brings along: the engine's own go on above them (RULING 29)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlalchemy import BigInteger, Text, case
from sqlalchemy.dialects import postgresql, sqlite

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render, slot
from salesmode.model.condition import Argument
from salesmode.model.field import Field
from salesmode.records.binding import one
from salesmode.records.subject import Subject

_PART = re.compile(r"\{(YYYY|0+)\}")
_MOST = 2**62


def note(numbers: dict[str, int], field: Field, values: Iterable[object]) -> None:
    """Remember the largest number among the values that are spelled as the engine spells them."""
    pattern = _pattern(field.format)
    found = [pattern.fullmatch(each) for each in values if isinstance(each, str)]
    largest = max((int(each["number"]) for each in found if each), default=0)
    if numbers.get(field.name, 0) < largest < _MOST:
        numbers[field.name] = largest


@lru_cache(maxsize=256)
def _pattern(format: str | None) -> re.Pattern[str]:
    texts: list[str] = []
    named = False
    for each in _PART.split(format or "{0}"):
        if each == "YYYY":
            texts.append("[0-9]{4}")
        elif each and not each.strip("0"):
            texts.append("[0-9]+" if named else "(?P<number>[0-9]+)")
            named = True
        else:
            texts.append(re.escape(each))
    return re.compile("".join(texts) if named else "(?P<number>(?!))")


def advance(subject: Subject, numbers: Mapping[str, int], environment: Environment) -> UnitOf[None]:
    """Let the engine's next number be above the largest that was given, if it is not already."""
    for name, largest in numbers.items():
        row = {"name": f"{subject.object.name}.{name}", "value": largest}
        yield one(_advance(subject), row, environment)


@lru_cache(maxsize=64)
def _advance(subject: Subject) -> Statement:
    table = subject.tables.sequence
    insert = (sqlite if subject.dialect == "sqlite" else postgresql).insert(table)
    given = insert.values(
        name=slot(Argument(("name",)), Text(), str), value=slot(Argument(("value",)), BigInteger(), int)
    )
    larger = case((table.c.value < given.excluded.value, given.excluded.value), else_=table.c.value)
    return render(
        given.on_conflict_do_update(index_elements=[table.c.name], set_={"value": larger}), subject.dialect
    )
