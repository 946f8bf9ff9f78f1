"""The kit as a third party uses it: one app, its users, its plugins, on both engines."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.diagnostics import MetadataError
from salesmode.hookspecs import Desk, UnitOf, hookimpl
from salesmode.testing import START, Client, Crm, Refused, crm

APP = """
kind: app
name: shop
plugins: [guard]
---
kind: object
name: deal
fields:
  name: {type: text, required: true}
  next_step: {type: text}
  amount: {type: money}
---
kind: pipeline
name: sale
object: deal
stages: [{name: talk}, {name: won, closes: won}, {name: lost, closes: lost}]
---
kind: role
name: seller
objects:
  deal: {read: true, create: true, update: true, delete: true, fields: {default: write, amount: none}}
"""


@hookimpl
def stage_guard(pipeline: Any) -> Any:
    return {"won": [{"on": "entry", "name": "next_step_done", "must": {"next_step": {"isNull": True}}}]}


GUARD = SimpleNamespace(stage_guard=stage_guard)


@pytest.fixture
def shop(database_url: str) -> Iterator[Crm]:
    with crm(APP, plugins={"guard": GUARD}, database=database_url) as found:
        yield found


@pytest.fixture
def ann(shop: Crm) -> Client:
    return shop.user("ann", "seller")


def test_records_are_written_and_read_by_names_of_either_kind(shop: Crm, ann: Client) -> None:
    deal = ann.create("deal", name="one", next_step="call")
    ann.update("deal", deal, nextStep="visit")
    assert ann.read("deal", deal, "name nextStep createdBy { name }") == {
        "name": "one",
        "nextStep": "visit",
        "createdBy": {"name": "ann"},
    }
    assert [each["name"] for each in ann.list("deal", "name", next_step={"eq": "visit"})] == ["one"]
    ann.delete("deal", deal)
    assert ann.read("deal", deal, "name") is None


def test_what_is_refused_is_raised_with_its_codes_and_problems(ann: Client) -> None:
    with pytest.raises(Refused) as raised:
        ann.create("deal", next_step="call")
    assert raised.value.codes == ("VALIDATION_FAILED",)
    assert [each["path"] for each in raised.value.problems] == [["input", "name"]]
    with pytest.raises(Refused) as raised:
        ann.ask("{ deals { nodes { amount } } }")
    assert raised.value.codes == ("BAD_REQUEST",)


def test_a_client_of_a_role_has_that_role(shop: Crm) -> None:
    assert shop.role("seller").list("deal", "name") == []
    assert shop.admin.list("deal", "amount") == []


def test_plugins_of_the_test_are_those_of_the_app(shop: Crm, ann: Client) -> None:
    deal = ann.create("deal", name="one", next_step="call")
    text = "query($id: ID!) { deal(id: $id) { nextStages { name allowed blockedBy { code name path } } } }"
    won = ann.ask(text, id=deal)["deal"]["nextStages"][0]
    assert won == {
        "name": "won",
        "allowed": False,
        "blockedBy": [{"code": "plugin", "name": "next_step_done", "path": ["input"]}],
    }
    told = shop.admin.ask(
        "query($id: ID!) { explainStage(object: deal, id: $id) { stages { name obstacles { code name } } } }",
        id=deal,
    )["explainStage"]["stages"]
    assert {"name": "won", "obstacles": [{"code": "plugin", "name": "next_step_done"}]} in told
    with pytest.raises(Refused) as raised:
        ann.move("deal", deal, "won")
    assert raised.value.codes == ("STAGE_BLOCKED",)
    assert [each["code"] for each in raised.value.problems] == ["plugin"]
    ann.move("deal", deal, "won", next_step=None)


def test_the_clock_stands_still_until_it_is_moved(shop: Crm, ann: Client) -> None:
    assert shop.now == START
    shop.pass_time("+2h")
    deal = ann.read("deal", ann.create("deal", name="one"), "createdAt")
    assert deal == {"createdAt": "2026-03-02T03:00:00Z"}


def test_a_function_works_at_a_desk(shop: Crm, ann: Client) -> None:
    def doubled(desk: Desk) -> UnitOf[int]:
        rows = yield from desk.read("deal", ["name"])
        yield from desk.create("deal", [{"name": each["name"] * 2} for each in rows])
        return len(rows)

    ann.create("deal", name="ab")
    assert shop.run(doubled) == 1
    assert {each["name"] for each in ann.list("deal", "name")} == {"ab", "abab"}


def test_the_statements_of_the_last_request_are_known(shop: Crm, ann: Client) -> None:
    ann.list("deal", "name")
    (statement,) = shop.statements
    assert "deals" in statement
    shop.run(lambda desk: desk.count("deal"))
    assert len(shop.statements) == 1


def test_an_app_that_is_wrong_does_not_begin() -> None:
    with pytest.raises(MetadataError), crm("kind: app\nname: A\n"):
        pass


def test_without_a_database_there_is_one_for_the_test() -> None:
    with crm("kind: app\nname: small\n") as small:
        assert [each["name"] for each in small.admin.list("user", "name")] == ["admin"]


def test_a_database_with_tables_is_not_touched(shop: Crm, database_url: str) -> None:
    with (
        pytest.raises(ValueError, match="has tables"),
        crm("kind: app\nname: small\n", database=database_url),
    ):
        pass
    assert shop.admin.list("deal", "name") == []
