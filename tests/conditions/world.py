"""A small model and rows full of what goes wrong: nulls, empty texts, order beyond the BMP, loops."""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from salesmode.conditions.scope import Scope
from salesmode.database.connect import connect
from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, render
from salesmode.database.unit import Step
from salesmode.fieldtypes import slot_of
from salesmode.model.app import Model
from salesmode.model.condition import Literal
from salesmode.model.field import Field
from salesmode.tables import tables_of
from tests.support.models import field, model, object_, reference

Row = Mapping[str, object]
Rows = Mapping[str, Mapping[str, Row]]

MODEL = model(
    object_(
        "user",
        {
            "name": field("text", required=True),
            "team": reference("team"),
            "limit": field("money"),
            "manager": reference("user", tree=True),
        },
    ),
    object_("team", {"name": field("text"), "parent": reference("team", tree=True)}),
    object_(
        "customer",
        {
            "name": field("text", index=True),
            "alias": field("text"),
            "note": field("long_text"),
            "mail": field("email"),
            "quantity": field("integer", index=True),
            "big": field("big_integer"),
            "amount": field("money"),
            "rate": field("decimal"),
            "vip": field("boolean"),
            "born": field("date"),
            "seen": field("datetime"),
            "grade": field("choice", options=["b", "a", "c"]),
            "colours": field("multi_choice", options=["red", "green", "blue"]),
            "team": reference("team"),
            "parent": reference("customer", tree=True),
            "owner": field("user"),
            "friends": field("multi_reference", to="customer"),
        },
    ),
    object_("contact", {"name": field("text"), "level": field("integer"), "customer": reference("customer")}),
    timezone="Asia/Shanghai",
)

NOW = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)  # already April in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")
TEXTS = [
    *(
        "",
        "a",
        "A",
        "ab",
        "aB",
        "Ab",
        "b",
        "ba",
        "z",
        "Z",
        "%",
        "_",
        "a%b",
        "a_b",
        "\\",
        "a\\",
        "'",
        '"',
        " ",
    ),
    *(
        "ä",
        "Ä",
        "a\u0308",
        "ß",
        "ẞ",
        "İ",
        "i",
        "I",
        "ı",
        "Σ",
        "ς",
        "σ",
        "é",
        "客户",
        "客",
        "😀",
        "😀b",
        "👩‍👩‍👧",
    ),
    *("\x01", "\n", "\x7f", "\ud7ff", "\ue000", "\uffff", "\U0010ffff", "\U0010ffffa", "ｚ", "ǅ", "ſ", "K"),
]
INTEGERS = [-(2**31), -7, -1, 0, 1, 2, 7, 2**31 - 1]
BIGS = [-(2**63), -(10**17), -1, 0, 1, 10**17, 2**63 - 1]
AMOUNTS = [
    Decimal(each) for each in ("-9999999999999999.99", "-0.05", "0.00", "0.05", "1.00", "1.25", "700.00")
]
RATES = [Decimal(each) for each in ("-0.0500", "0.0000", "0.0500", "1.0000", "1.2500", "1.2501", "700.0000")]
DAYS = [date(1, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2), date(9999, 12, 31)]
INSTANTS = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 31, 15, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 3, 31, 16, 0, tzinfo=UTC),
    NOW,
    NOW - timedelta(hours=48),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]
GRADES = ["a", "b", "c"]
COLOURS = ["red", "green", "blue"]
POOLS: Mapping[str, Sequence[object]] = {
    "name": TEXTS,
    "alias": TEXTS,
    "note": TEXTS,
    "mail": ["a@b.cd", "A@b.cd", "z@例子.中国"],
    "quantity": INTEGERS,
    "level": INTEGERS,
    "big": BIGS,
    "amount": AMOUNTS,
    "limit": AMOUNTS,
    "rate": RATES,
    "vip": [True, False],
    "born": DAYS,
    "seen": INSTANTS,
    "grade": GRADES,
    "version": [1],
    "created_at": [NOW],
    "updated_at": [NOW],
}
SIZES = {"team": 8, "user": 5, "customer": 40, "contact": 40}


def id_of(object_name: str, number: int) -> str:
    return str(UUID(int=(sorted(SIZES).index(object_name) + 1) << 64 | number))


def ids(object_name: str) -> list[str]:
    return [id_of(object_name, number) for number in range(SIZES[object_name])]


def _rows() -> Rows:
    chance = random.Random(7)
    return {name: {id: _row(name, id, chance) for id in ids(name)} for name in SIZES}


def _row(object_name: str, id: str, chance: random.Random) -> Row:
    fields = MODEL.objects[object_name].fields.values()
    row = {each.name: _value(each, id, chance) for each in fields}
    # Nothing that lives refers to what is deleted: only rows that nothing refers to are.
    gone = object_name == "contact" and chance.random() < 0.2
    return {**row, "id": id, "deleted_at": NOW if gone else None}


def _value(wanted: Field, id: str, chance: random.Random) -> object:
    if wanted.name in POOLS and (not wanted.nullable or chance.random() < 0.8):
        return chance.choice(POOLS[wanted.name])
    if wanted.name == "colours":
        return chance.choice([None, (), *(tuple(chance.sample(COLOURS, size)) for size in (1, 2, 3))])
    if wanted.name == "friends":
        return chance.choice([None, (), *(tuple(chance.sample(ids("customer"), size)) for size in (1, 2, 3))])
    if wanted.to is None or chance.random() < 0.2:
        return None
    # Trees are deep, and some have loops.
    others = [each for each in ids(wanted.to) if each < id][-3:] or ids(wanted.to)[-1:]
    return chance.choice(others if wanted.tree else ids(wanted.to))


ROWS = _rows()
USERS = [
    {
        **dict.fromkeys(("id", "name", "team", "limit", "manager")),
        **dict.fromkeys(("teams", "territories", "roles"), ()),
    },
    {
        "id": id_of("user", 1),
        "name": "a",
        "team": id_of("team", 1),
        "limit": Decimal("1.25"),
        "manager": id_of("user", 0),
        "teams": (id_of("team", 1), id_of("team", 4)),
        "territories": (),
        "roles": ("a", "red"),
    },
]


def environment(user: Mapping[str, object], variables: Mapping[str, object]) -> Environment:
    return Environment(variables, user, NOW, SHANGHAI)


@dataclass
class Engine:
    """One database with the rows in it, and the loop it lives on."""

    database: Database
    runner: asyncio.Runner

    @property
    def dialect(self) -> Dialect:
        return self.database.dialect

    def ids_where(
        self,
        scope: Scope,
        object_name: str,
        compiled: Callable[..., sa.ColumnElement[bool]],
        environment: Environment,
    ) -> list[str]:
        """Ids of the scope's rows where `compiled(source)` holds, in the order of the rows."""
        source = scope.source(object_name)
        query = sa.select(source.table.c.id).where(scope.rows(source), compiled(source))
        statement = render(query.order_by(source.table.c.id), self.dialect)
        return [str(row[0]) for row in self.fetch(statement.sql, statement.bind(environment))]

    def fetch(self, sql: str, arguments: Sequence[object]) -> Sequence[Sequence[object]]:
        return self.runner.run(self.database.fetch(Step(sql, arguments)))


@contextmanager
def holding(url: str, model: Model) -> Iterator[Engine]:
    """A connected database with the tables of a model."""
    with asyncio.Runner() as runner:
        database = runner.run(connect(url))
        try:
            tables = tables_of(model, database.dialect)
            runner.run(database.with_connection(tables.create))
            yield Engine(database, runner)
        finally:
            runner.run(database.close())


@contextmanager
def empty(url: str) -> Iterator[Engine]:
    """A connected database with the tables of the world."""
    with holding(url, MODEL) as found:
        yield found


@contextmanager
def engine(url: str) -> Iterator[Engine]:
    """A connected database with the tables of the model and all rows."""
    with empty(url) as found:
        found.runner.run(found.database.run(lambda: _insert(found.dialect)))
        yield found


def _insert(dialect: Dialect) -> UnitOf[None]:
    tables = tables_of(MODEL, dialect)
    nobody = environment({}, {})
    for name, rows in ROWS.items():
        described = MODEL.objects[name].fields
        for row in rows.values():
            values = {
                each.column: slot_of(Literal(row[each.name]), each, dialect) for each in described.values()
            }
            deleted = slot_of(Literal(row["deleted_at"]), described["created_at"], dialect)
            statement = render(sa.insert(tables.table(name)).values(**values, deleted_at=deleted), dialect)
            yield Step(statement.sql, statement.bind(nobody))
