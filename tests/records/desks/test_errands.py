"""What else plugins ask of a desk: formulas, moves, tags, grants, locks, and each other."""

import asyncio
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.conditions.formulas.checker import checked
from salesmode.conditions.formulas.parser import parse
from salesmode.diagnostics import Refusal
from salesmode.hookspecs import Decision, Desk, UnitOf, hookimpl
from salesmode.model.app import Model
from salesmode.model.computed import Formula
from salesmode.model.condition import Literal, Moment, RecordValue, RowValue, UserValue, Value
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import desk_of
from salesmode.records.filling import new_id
from salesmode.tables.engine import plain_field
from salesmode.testing import Crm, crm
from tests.records.conftest import OpenDesk
from tests.records.desks.test_desk import accounts, office, run
from tests.support.household import HOUSEHOLDS

APP = f"kind: app\nname: households\nplugins: [one, two, three]\n---{HOUSEHOLDS}"


class Router:
    """Gives records to somebody, or to nobody."""

    def __init__(self, user: str | None, *, again: bool = False) -> None:
        self.user = user
        self.again = again

    @hookimpl
    def route(self, desk: Desk, object: str, ids: list[str]) -> Any:
        if self.again:
            return desk.ask("route", object=object, ids=ids)
        if self.user is None:
            return None
        reason = desk.model.app.name
        return [Decision(record=each, user=self.user, rule="first", reason=reason) for each in ids]


def formula(model: Model, text: str, type_: str, scale: int) -> Formula:
    """As a plugin's document has it."""
    return Formula(checked(parse(text), plain_field(type_, scale), model.objects["account"], model.objects))


def evaluating(desk: Desk, ids: Sequence[str], asked: Formula) -> UnitOf[Any]:
    return (yield from desk.evaluate("account", ids, asked))


async def test_formulas_are_evaluated_by_the_database(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    ids = await accounts(desk)
    found = []
    for text, type_, scale in (
        ("budget * 0.015", "decimal", 4),
        ('coalesce(region.name, "none")', "text", 0),
        ("size > 1 and budget < 5", "boolean", 0),
        ("length(name)", "integer", 0),
    ):
        asked = formula(desk.model, text, type_, scale)
        found.append(await run(desk.system(), partial(evaluating, ids=ids, asked=asked)))
    assert [[each[id_] for id_ in ids] for each in found] == [
        [Decimal("0.075"), Decimal("0.1125"), Decimal("0.015")],
        ["north", "south", "none"],
        [False, False, True],
        [Decimal(1), Decimal(2), Decimal(1)],
    ]


async def test_what_values_of_a_document_are_now(open_desk: OpenDesk) -> None:
    desk = (await open_desk(office())).caller({"id": "u1"})
    values: dict[str, Value] = {
        "name": RecordValue("title"),
        "owner": UserValue("id"),
        "since": Moment("today", 1, "d"),
        "size": Literal(3),
        "region": RowValue("name"),
    }
    found = desk_of(desk.scope, desk.environment).resolve("account", values, record={"title": "x"})
    assert found == {
        "name": "x",
        "owner": "u1",
        "since": desk.environment.now.date().replace(day=2),
        "size": 3,
        "region": "x",
    }


async def test_of_two_that_lock_a_row_one_finds_it_as_it_was(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    await accounts(desk)

    def take(desk: Desk) -> UnitOf[int]:
        rows = yield from desk.read(
            "account", ["size"], where={"size": 3}, lock=True, order=["name"], first=5
        )
        yield from desk.update("account", {str(each["id"]): {"size": 4} for each in rows})
        return len(rows)

    caller = desk.system()

    def unit() -> Any:
        return Code("sample", "run", 5.0).called(lambda: take(desk_of(caller.scope, caller.environment)))

    counts = await asyncio.gather(*(desk.database.run(unit) for _ in range(6)))
    assert sorted(counts) == [0, 0, 0, 0, 0, 1]


@pytest.fixture
def households(database_url: str) -> Iterator[Crm]:
    routers = {"one": Router(None), "two": Router("ann"), "three": Router("bob")}
    with crm(APP, plugins=routers, database=database_url) as found:
        yield found


def test_plugins_ask_each_other(households: Crm) -> None:
    answers = households.run(lambda desk: desk.ask("route", object="household", ids=["x", "y"]))
    assert [(name, [(each.record, each.user) for each in found]) for name, found in answers] == [
        ("two", [("x", "ann"), ("y", "ann")]),
        ("three", [("x", "bob"), ("y", "bob")]),
    ]
    assert answers[0][1][0].reason == "households"


def test_only_what_is_meant_for_it_is_asked(households: Crm) -> None:
    with pytest.raises(Refusal) as caught:
        households.run(lambda desk: desk.ask("before_write", batch=None))
    assert caught.value.code == "INTERNAL"


@pytest.mark.parametrize(
    ("hook", "arguments"),
    [
        ("route", {"object": "household", "ids": ()}),
        ("commission_lines", {"triggers": ()}),
        ("match_keys", {"object": "household", "records": ()}),
        ("adjudicate", {"object": "household", "record": "x", "claims": ()}),
    ],
)
@pytest.mark.parametrize("answer", [5, "ab", [1], {"a": 1}, [None]])
def test_who_decides_nonsense_is_named(
    hook: str, arguments: dict[str, Any], answer: object, caplog: pytest.LogCaptureFixture
) -> None:
    nonsense = SimpleNamespace(**{hook: hookimpl(lambda desk: answer)})
    plugins = {"one": SimpleNamespace(), "two": nonsense, "three": SimpleNamespace()}
    with crm(APP, plugins=plugins) as found, pytest.raises(Refusal, match="'two'"):
        found.run(lambda desk: desk.ask(hook, **arguments))
    assert f"answered nonsense in `{hook}`" in caplog.text


def test_a_plugin_that_asks_for_itself_goes_round_in_circles(database_url: str) -> None:
    plugins = {"one": Router(None, again=True), "two": Router(None), "three": Router(None)}
    with crm(APP, plugins=plugins, database=database_url) as found:
        with pytest.raises(Refusal) as caught:
            found.run(lambda desk: desk.ask("route", object="household", ids=[]))
        assert caught.value.message.text("en").startswith("The plugin 'one' is called by its own writes")


def test_moves_and_tags(households: Crm) -> None:
    admin, ann = households.admin, households.user("ann", "rep")
    household = admin.create("household", name="Li")
    deal = admin.create("opportunity", name="Deal", pipeline="new_purchase", household=household)
    me = admin.ask('{ users(where: {name: {eq: "ann"}}) { nodes { id } } }')["users"]["nodes"][0]["id"]
    assert ann.list("household", "name") == [{"name": "Li"}]

    def work(desk: Desk) -> UnitOf[None]:
        yield from desk.move("opportunity", deal, "contract", {"agent": me}, comment="by a plugin")
        yield from desk.tag("household", household, "referral", {"introduced_person": "Wu"})
        yield from desk.tag("household", household, "rich")
        yield from desk.untag("household", household, "rich")

    households.run(work)
    picked = "stage { name } agent { name } stageHistory { nodes { comment } }"
    found: Any = admin.read("opportunity", deal, picked)
    assert (found["stage"]["name"], found["agent"]["name"]) == ("contract", "ann")
    assert "by a plugin" in [each["comment"] for each in found["stageHistory"]["nodes"]]
    tagged: Any = admin.read("household", household, "tags { name values }")
    tags = tagged["tags"]
    assert {each["name"]: each["values"] for each in tags}["referral"]["introducedPerson"] == "Wu"
    assert "rich" not in {each["name"] for each in tags}
    with pytest.raises(Refusal) as caught:
        households.run(lambda desk: desk.move("opportunity", deal, "nowhere"))
    assert caught.value.code == "VALIDATION_FAILED"


OWNED = """
kind: app
name: owned
---
kind: object
name: customer
owned: true
fields: {name: {type: text, required: true}}
---
kind: role
name: seller
objects: {customer: {read: {where: {grants: {some: {user: $user.id}}}}, fields: {default: read}}}
"""


def test_grants(database_url: str) -> None:
    with crm(OWNED, database=database_url) as found:
        ann = found.user("ann", "seller")
        customer = found.admin.create("customer", name="Li")
        me = str(found.run(lambda desk: desk.read("user", [], where={"name": "ann"}))[0]["id"])
        share = Decimal(60)
        found.run(lambda desk: desk.grant("customer", customer, "credit", user=me, share=share))
        assert ann.list("customer", "name") == [{"name": "Li"}]
        with pytest.raises(Refusal) as caught:
            found.run(lambda desk: desk.grant("customer", customer, "credit", user=new_id(), share=share))
        assert caught.value.code == "VALIDATION_FAILED"
        found.run(lambda desk: desk.revoke("customer", customer, "credit", user=me))
        assert ann.list("customer", "name") == []
