"""A small CRM with people in it: who sees what is said in ROLES, and every row is worth a test."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as attribute
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.model.app import Model
from salesmode.model.condition import Compare, Condition, Or, Through, UserValue
from salesmode.queries.planner import plan
from salesmode.tables import Tables, tables_of
from tests.support.asking import pick_of
from tests.support.granting import MINE, eq, every, grant, masked, role
from tests.support.models import field, model, object_, reference
from tests.support.rows import Row, Rows, fill, id_of

NOW = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")

TEAM = object_("team", {"name": field("text", required=True), "parent": reference("team", tree=True)})
USER = object_(
    "user",
    {"name": field("text", required=True), "email": field("email"), "team": reference("team")},
)
CUSTOMER = object_(
    "customer",
    {
        "name": field("text", required=True, searchable=True),
        "grade": field("choice", options=("b", "a", "c")),
        "industry": field("text"),
        "wechat": field("text", searchable=True),
        "revenue": field("money"),
        "cost": field("money"),
        "score": field("decimal"),
        "discount": field("percent"),
        "staff": field("integer"),
        "orders": field("big_integer"),
        "vip": field("boolean"),
        "founded": field("date"),
        "last_seen": field("datetime"),
        "note": field("long_text"),
        "settings": field("json"),
        "flags": field("multi_choice", options=("red", "green", "blue")),
        "owner": field("user"),
        "parent": reference("customer", tree=True),
        "watchers": field("multi_reference", to="user"),
    },
)
OPPORTUNITY = object_(
    "opportunity",
    {
        "name": field("text", required=True, searchable=True),
        "amount": field("money"),
        "close_date": field("date"),
        "customer": reference("customer", required=True),
        "owner": field("user"),
    },
    plural="opportunities",
    title="{name} of {customer}",
)
ACTIVITY = object_(
    "activity",
    {"subject": field("text"), "at": field("datetime"), "opportunity": reference("opportunity")},
    plural="activities",
)
MEMO = object_(
    "memo",
    {"text": field("text", searchable=True), "customer": reference("customer"), "about": field("user")},
    title="{text}",
)

MY_TEAM = Compare("team", "eq", UserValue("team"))
SEEN: Condition = Or((MINE, eq("grade", "c")))
ROLES = (
    # Sees customers of its own and those of grade c; of the latter neither revenue nor the whole WeChat name.
    role(
        "sales",
        grant("team", name=True, parent=True),
        grant("user", MY_TEAM, name=True, email=True, team=True),
        grant(
            "customer",
            SEEN,
            **every(CUSTOMER.fields, cost=False, revenue=MINE, wechat=masked("last4", clear=MINE)),
        ),
        grant("opportunity", Through("customer", SEEN), **every(OPPORTUNITY.fields)),
        grant("activity", **every(ACTIVITY.fields)),
    ),
    # Sees everything but memos, and cost and WeChat names nowhere.
    role(
        "manager",
        grant("team", **every(TEAM.fields)),
        grant("user", **every(USER.fields)),
        grant("customer", **every(CUSTOMER.fields, cost=False, wechat=masked())),
        grant("opportunity", **every(OPPORTUNITY.fields)),
        grant("activity", **every(ACTIVITY.fields)),
    ),
    # Counts customers without knowing who they are.
    role("analyst", grant("customer", grade=True, revenue=True, founded=True)),
)
MODEL = model(
    *(TEAM, USER, CUSTOMER, OPPORTUNITY, ACTIVITY, MEMO),
    roles=ROLES,
    timezone="Asia/Shanghai",
    currency="CNY",
)

KINDS = tuple(MODEL.objects)


def its(object_name: str, number: int) -> str:
    """The id of a row of the world."""
    return id_of(KINDS.index(object_name) + 1, number)


def _row(object_name: str, number: int, **values: object) -> Row:
    return {"id": its(object_name, number), **values}


ANN, BOB, EVE, ROOT = (its("user", number) for number in (1, 2, 3, 4))
NORTH, SOUTH = its("team", 2), its("team", 3)
# Who there is: the id, the roles and the team.
People = Mapping[str, tuple[str, tuple[str, ...], str | None]]
PEOPLE: People = {
    "ann": (ANN, ("sales",), NORTH),
    "bob": (BOB, ("sales",), NORTH),
    "eve": (EVE, ("manager",), SOUTH),
    "root": (ROOT, ("admin",), None),
    "stat": (its("user", 5), ("analyst",), None),
}

ROWS: Rows = {
    "team": [
        _row("team", 1, name="All"),
        _row("team", 2, name="North", parent=its("team", 1)),
        _row("team", 3, name="South", parent=its("team", 1)),
        _row("team", 4, name="North East", parent=its("team", 2)),
    ],
    "user": [
        _row("user", 1, name="Ann", email="ann@example.com", team=NORTH),
        _row("user", 2, name="Bob", email="bob@example.com", team=NORTH),
        _row("user", 3, name="Eve", email="eve@example.com", team=SOUTH),
        _row("user", 4, name="Root"),
        _row("user", 5, name="Stat"),
        _row("user", 6, name="Left", team=NORTH, deleted_at=NOW),
        _row("user", 7, name="Left too", team=NORTH, deleted_at=NOW),
    ],
    "customer": [
        _row(
            "customer",
            1,
            name='Acme "1" \\ 客户 😀',
            grade="a",
            industry="steel",
            wechat="acme_wechat",
            revenue=Decimal("100.00"),
            cost=Decimal("60.00"),
            score=Decimal("1.2500"),
            discount=Decimal("-5.50"),
            staff=10,
            orders=9_007_199_254_740_993,
            vip=True,
            founded=date(2001, 2, 3),
            last_seen=datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC),
            note="first\nsecond",
            settings={"colour": "red", "sizes": [1, 2]},
            flags=("red", "blue"),
            owner=ANN,
            watchers=(ANN, EVE, BOB),
        ),
        _row(
            "customer",
            2,
            name="Beta",
            grade="b",
            industry="steel",
            wechat="beta",
            revenue=Decimal("0.05"),
            staff=-3,
            vip=False,
            founded=date(2010, 12, 31),
            last_seen=datetime(2026, 3, 31, 16, 0, tzinfo=UTC),
            flags=(),
            owner=ANN,
            parent=its("customer", 1),
            watchers=(),
        ),
        _row("customer", 3, name="Cäsar", industry="paper", revenue=Decimal("-7.00"), owner=ANN),
        _row(
            "customer",
            4,
            name="beta",
            grade="c",
            industry="Steel",
            wechat="hidden4",
            revenue=Decimal("300.00"),
            cost=Decimal("1.00"),
            founded=date(2010, 1, 4),
            owner=EVE,
            parent=its("customer", 2),
            watchers=(EVE,),
        ),
        _row(
            "customer",
            5,
            name="Delta",
            grade="c",
            wechat="wx",
            revenue=Decimal("100.00"),
            owner=BOB,
            flags=("green",),
        ),
        _row(
            "customer",
            6,
            name="Eta 100%",
            grade="a",
            revenue=Decimal("5.00"),
            owner=BOB,
            created_by=its("user", 6),
            watchers=(its("user", 6), BOB),
        ),
        _row(
            "customer",
            7,
            name="Foxtrot_1",
            grade="b",
            owner=EVE,
            parent=its("customer", 6),
            created_by=its("user", 7),
            watchers=(its("user", 7),),
        ),
        _row("customer", 8, name="Gone", grade="c", owner=ANN, deleted_at=NOW),
    ],
    "opportunity": [
        _row(
            "opportunity",
            number,
            name=name,
            amount=amount,
            close_date=day,
            customer=its("customer", of),
            owner=by,
        )
        for number, name, amount, day, of, by in (
            (1, "One", Decimal("10.00"), date(2026, 1, 31), 1, ANN),
            (2, "Two", Decimal("20.00"), date(2026, 2, 1), 1, EVE),
            (3, "Three", Decimal("20.00"), None, 1, BOB),
            (4, "Four", None, date(2026, 2, 28), 2, ANN),
            (5, "Five", Decimal("0.05"), date(2026, 12, 31), 4, EVE),
            (6, "Six", Decimal("600.00"), date(2026, 3, 1), 6, BOB),
            (7, "Seven", Decimal("7.77"), date(2026, 3, 2), 7, EVE),
        )
    ],
    "activity": [
        _row(
            "activity",
            number,
            subject=subject,
            at=NOW - timedelta(hours=hours),
            opportunity=its("opportunity", of),
        )
        for number, subject, hours, of in (
            (1, "call", 1, 1),
            (2, "visit", 2, 1),
            (3, "mail", 30, 2),
            (4, "call", 40, 6),
            (5, "visit", 50, 7),
        )
    ],
    "memo": [_row("memo", 1, text="Beta owes us", customer=its("customer", 2), about=ANN)],
}


def _change(
    number: int, version: int, by: str, field_: str | None, old: object, new: object, **keys: Any
) -> Row:
    texts = (None if each is None else json.dumps(each, separators=(",", ":")) for each in (old, new))
    return {
        "id": id_of(0xFF, number),
        "at": NOW + timedelta(minutes=version),
        "by_id": by,
        "operation": keys.get("operation", "updated"),
        "object": "customer",
        "record_id": its("customer", keys.get("customer", 1)),
        "version": version,
        "field": field_,
        **dict(zip(("old", "new"), texts, strict=True)),
    }


CHANGES: Sequence[Row] = (
    _change(1, 1, ANN, "name", None, "Acme", operation="created"),
    _change(2, 1, ANN, "owner", None, EVE, operation="created"),
    _change(3, 2, EVE, "owner", EVE, BOB),
    _change(4, 3, BOB, "owner", BOB, ANN),
    _change(5, 3, BOB, "revenue", "1.00", "100.00"),
    _change(6, 4, ROOT, "cost", "1.00", "60.00"),
    _change(7, 5, ANN, "watchers", [EVE], [ANN, EVE]),
    _change(8, 6, ANN, "watchers", [ANN], [ANN, EVE]),
    _change(9, 7, ROOT, None, None, None, operation="restored"),
    _change(10, 2, EVE, "revenue", "1.00", "300.00", customer=4),
    _change(11, 3, EVE, "name", "old", "beta", customer=4),
)


@dataclass
class World:
    """The database of one engine with the rows in it. `heard`: the statements since the last question."""

    database: Database
    tables: Tables
    people: People = attribute(default_factory=lambda: PEOPLE)
    heard: list[str] = attribute(default_factory=list)

    def scope(self, *roles: str) -> PolicyScope:
        return PolicyScope(self.tables, policy_of(self.tables.model, roles))

    async def ask(self, person: str, text: str, /, **variables: object) -> Any:
        """The answer to one root field, as the person gets it."""
        found = await self.raw(person, text, **variables)
        return None if found is None else json.loads(found)

    async def raw(self, person: str, text: str, /, **variables: object) -> str | None:
        id, roles, team = self.people[person]
        statement = plan(pick_of(text, variables), self.scope(*roles))
        environment = Environment(variables, {"id": id, "team": team, "roles": roles}, NOW, SHANGHAI)
        self.heard.clear()
        return await self.database.fetch_text(Step(statement.sql, statement.bind(environment)))


async def open_world(
    url: str, found: Model = MODEL, rows: Rows = ROWS, changes: Sequence[Row] = CHANGES
) -> World:
    """A world in an empty database; close its database at the end."""
    database = await connect(url)
    tables = tables_of(found, database.dialect)
    await database.with_connection(tables.create)
    await database.run(lambda: fill(tables, rows, changes))
    world = World(database, tables)
    database.listeners.append(world.heard.append)
    return world
