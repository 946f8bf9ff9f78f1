"""A statement that was rendered once and is bound many times.

SQLAlchemy composes and compiles; what is kept is the SQL text and, for each place in it, how to find and
encode its value. Binding a warm statement costs a few microseconds and touches no SQLAlchemy object.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal as OneOf

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Dialect as SQLAlchemyDialect
from sqlalchemy.sql.elements import CompilerElement
from sqlalchemy.types import TypeEngine

from salesmode.database.environment import Environment, getter
from salesmode.model.condition import Value

Dialect = OneOf["sqlite", "postgresql"]
Encode = Callable[[Any], object]

DIALECTS: dict[Dialect, SQLAlchemyDialect] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": asyncpg.dialect(),  # type: ignore[no-untyped-call]
}


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a bound value comes from and how the driver wants it (None is never encoded)."""

    find: Callable[[Environment], object]
    encode: Encode

    def value(self, environment: Environment) -> object:
        found = self.find(environment)
        return None if found is None else self.encode(found)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text and its slots, in the order of their places.

    `rows`: how many rows of objects its answer may hold at most, where it was planned for a client.
    """

    sql: str
    slots: tuple[Slot, ...]
    rows: Callable[[Environment], int] = field(default=lambda _: 0, compare=False)

    def bind(self, environment: Environment) -> tuple[object, ...]:
        """The driver's arguments for one request."""
        return tuple(each.value(environment) for each in self.slots)


def slot(value: Value, type_: TypeEngine[Any], encode: Encode) -> BindParameter[Any]:
    """A bound place for `value`; its Slot travels inside the parameter until `render` collects it."""
    return slot_from(getter(value), type_, encode)


def slot_from(
    find: Callable[[Environment], object], type_: TypeEngine[Any], encode: Encode
) -> BindParameter[Any]:
    """A bound place for whatever `find` finds in the request."""
    return bindparam(None, Slot(find, encode), type_=type_, unique=True)


def render(clause: CompilerElement, dialect: Dialect) -> Statement:
    """Compile once. Values of a request enter only by `slot`; what SQLAlchemy bound itself is a constant."""
    compiled = clause.compile(dialect=DIALECTS[dialect], compile_kwargs={"render_postcompile": True})
    names = compiled.positiontup if compiled.positiontup is not None else ()  # type: ignore[attr-defined]
    values = (compiled.binds[name].value for name in names)  # type: ignore[attr-defined]
    return Statement(
        str(compiled), tuple(each if isinstance(each, Slot) else _constant(each) for each in values)
    )


def _constant(value: object) -> Slot:
    return Slot(lambda _: value, lambda found: found)
