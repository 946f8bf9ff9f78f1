"""Queries, mutations and fields of records that a plugin brings: asked over the API like the engine's own."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Event
from typing import Any

import orjson
import pytest

from salesmode.access.compose import policy_of
from salesmode.graph.change import Change
from salesmode.graph.endpoint import Caller, Query
from salesmode.hookspecs import (
    ApiField,
    GraphFields,
    InputType,
    Message,
    OutputType,
    Panel,
    Problem,
    RecordField,
    Refusal,
    Target,
)
from tests.support.plugged import adding, plugged
from tests.support.small_api import SYSTEM, SmallApi, small_api

OBJECTS = """
kind: object
name: firm
fields: {name: {type: text, required: true}, rating: {type: integer}}
---
kind: object
name: deal
owned: true
fields:
  name: {type: text, required: true}
  amount: {type: money}
  cost: {type: money}
  closes: {type: date}
  size: {type: choice, options: [small, large]}
  firm: {type: reference, to: firm, inverse: deals}
"""
ROLES = """
kind: role
name: boss
objects:
  user: {read: true, fields: {default: read}}
  firm: {read: true, fields: {default: read}}
  deal: {read: true, create: true, update: true, delete: true, merge: true, fields: {default: write}}
---
kind: role
name: merger
objects:
  deal: {read: {where: {size: large}}, merge: {where: {amount: {lte: 200}}}, fields: {default: read}}
---
kind: role
name: seller
objects:
  user: {read: true, fields: {name: read}}
  firm: {read: {where: {rating: {gte: 3}}}, fields: {name: read, rating: read}}
  deal:
    read: {where: {size: large}}
    update: {where: {owner: $user.id}}
    fields:
      default: write
      cost: {read: {where: {owner: $user.id}}}
"""
CALLS: list[int] = []
"""How many records each call of a field of records was about."""


def best(desk: Any, arguments: Mapping[str, Any]) -> Any:
    rows = yield from desk.read("deal", ["firm"], order=["-amount"], first=arguments.get("first"))
    return [each["id"] for each in rows]


def boxes(desk: Any, arguments: Mapping[str, Any]) -> Any:
    rows = yield from desk.read("deal", ["amount", "firm", "closes"], order=["name"])
    return [
        {
            "deal": each["id"],
            "firm": each["firm"],
            "all": [other["id"] for other in rows],
            "half": each["amount"] / 2,
            "closes": each["closes"],
            "inner": {"note": str(arguments.get("order")), "deal": each["id"]},
        }
        for each in rows
    ]


def echo(_: Any, arguments: Mapping[str, Any]) -> Any:
    return {"given": repr(dict(arguments))}


def raise_amount(desk: Any, arguments: Mapping[str, Any]) -> Any:
    yield from desk.update("deal", {arguments["id"]: {"amount": arguments["to"]}})
    if arguments["to"] > 1000:
        raise Refusal("VALIDATION_FAILED", problems=[Problem(("to",), "too_much", Message("required"))])
    return "a text" if arguments["to"] == 13 else arguments["id"]


def write_in_query(desk: Any, _: Any) -> Any:
    ids = yield from desk.create("firm", [{"name": "made by a question", "rating": 5}])
    return ids[0]


def merge(desk: Any, arguments: Mapping[str, Any]) -> Any:
    into, *others = arguments["ids"]
    yield from desk.delete("deal", others)
    return {"kept": into, "gone": others}


def margin(_: Any, records: Sequence[Mapping[str, Any]]) -> Any:
    CALLS.append(len(records))
    return [each["amount"] - each["cost"] for each in records]


def rivals(desk: Any, records: Sequence[Mapping[str, Any]]) -> Any:
    CALLS.append(len(records))
    firms = [each["firm"] for each in records if each["firm"]]
    rows = yield from desk.read("deal", ["firm"], where={"firm": {"in": firms}})
    return [
        [row["id"] for row in rows if row["firm"] == each["firm"] and row["id"] != each["id"]]
        for each in records
    ]


def broken(_: Any, records: Sequence[Mapping[str, Any]]) -> Any:
    raise KeyError("price_book")


def writing(desk: Any, records: Sequence[Mapping[str, Any]]) -> Any:
    yield from desk.create("firm", [{"name": "made by a question", "rating": 5}])
    return [1 for _ in records]


def short(_: Any, records: Sequence[Mapping[str, Any]]) -> Any:
    return []


def field(name: str, answer: str, run: Any, **more: Any) -> ApiField:
    return ApiField(name=name, answer=answer, run=run, **more)


def of_deal(name: str, answer: str, resolve: Any, *needs: str) -> RecordField:
    return RecordField(object="deal", name=name, answer=answer, needs=needs, resolve=resolve)


GIVEN = GraphFields(
    queries=[
        field("best", "[Deal!]!", best, arguments={"first": "Int"}),
        field("boxes", "[Box!]!", boxes, arguments={"order": "Order"}),
        field("echo", "Echo", echo, arguments={"day": "Date", "sizes": "[DealSize!]", "order": "Order"}),
        field("looked", "Int", lambda *_: 7, target=Target(object="deal")),
        field("written", "Firm", write_in_query),
        field("wrong", "Int!", lambda *_: "seven"),
        field("wrongToo", "Int", lambda *_: "seven"),
    ],
    mutations=[
        field(
            "raiseAmount",
            "Deal",
            raise_amount,
            arguments={"to": "Decimal!"},
            target=Target(object="deal", right="update"),
        ),
        field(
            "mergeDeals",
            "Merged!",
            merge,
            arguments={"ids": "[ID!]!"},
            target=Target(object="deal", argument="ids", right="merge"),
        ),
    ],
    fields=[
        of_deal("margin", "Decimal", margin, "amount", "cost"),
        of_deal("rivals", "[Deal!]", rivals, "firm"),
        of_deal("broken", "Int", broken, "name"),
        of_deal("short", "Int", short, "name"),
        of_deal("writing", "Int", writing, "name"),
    ],
    types=[
        OutputType(
            name="Box",
            fields={
                "deal": "Deal",
                "firm": "Firm",
                "all": "[Deal]!",
                "half": "Decimal!",
                "closes": "Date",
                "inner": "Inner!",
            },
        ),
        OutputType(name="Inner", fields={"note": "String", "deal": "Deal"}),
        OutputType(name="Echo", fields={"given": "String!"}),
        OutputType(name="Merged", fields={"kept": "Deal", "gone": "[Deal]!"}),
        InputType(name="Order", fields={"amount": "Decimal!", "size": "DealSize", "orders": "[Order!]"}),
    ],
)


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    CALLS.clear()
    with plugged(extra=adding(GIVEN, PANELS)):
        async with small_api(database_url, OBJECTS, ROLES, app="plugins: [extra]") as found:
            ann = await found.person("ann", "seller")
            await found.person("ben", "boss")
            await found.person("cat", "merger")
            big = await found.new("firm", name="Big", rating=5)
            low = await found.new("firm", name="Low", rating=1)
            for name, amount, size, owner, firm in (
                ("A", "100", "large", ann, big),
                ("B", "300", "large", None, big),
                ("C", "200", "small", ann, big),
                ("D", "50.5", "large", ann, low),
            ):
                await found.new(
                    "deal",
                    name=name,
                    amount=amount,
                    cost="10",
                    size=size,
                    owner=owner,
                    firm=firm,
                    closes=date(2026, 4, 1),
                )
            found.heard.clear()
            yield found


async def ids(api: SmallApi) -> dict[str, str]:
    nodes = (await api.data("ben", "{ deals { nodes { id name } } }"))["deals"]["nodes"]
    api.heard.clear()
    return {each["name"]: each["id"] for each in nodes}


def names(records: Any) -> list[Any]:
    return [each and each["name"] for each in records]


async def test_records_in_an_answer_are_read_with_the_rights_of_whoever_asks(api: SmallApi) -> None:
    text = "{ best { __typename name firm { name } } }"
    found = (await api.data("ben", text))["best"]
    assert [(each["name"], each["firm"]["name"]) for each in found] == [
        ("B", "Big"),
        ("C", "Big"),
        ("A", "Big"),
        ("D", "Low"),
    ]
    assert found[0]["__typename"] == "Deal"
    api.heard.clear()
    found = (await api.data("ann", text))["best"]
    assert [(each["name"], each["firm"]) for each in found] == [
        ("B", {"name": "Big"}),
        ("A", {"name": "Big"}),
        ("D", None),
    ]
    assert len(api.heard) == 2
    assert names((await api.data("ann", "query($n: Int) { best(first: $n) { name } }", n=1))["best"]) == ["B"]


async def test_a_mapping_may_have_records_at_any_depth_all_read_by_one_statement(api: SmallApi) -> None:
    text = """{ boxes {
        title: __typename deal { name } firm { name } half closes
        all { name } inner { note deal { amount } } again: inner { deal { id } }
    } }"""
    found = (await api.data("ann", text))["boxes"]
    assert len(api.heard) == 2
    assert found[0] == {
        "title": "Box",
        "deal": {"name": "A"},
        "firm": {"name": "Big"},
        "half": "50.00",
        "closes": "2026-04-01",
        "all": [{"name": "A"}, {"name": "B"}, None, {"name": "D"}],
        "inner": {"note": "None", "deal": {"amount": "100.00"}},
        "again": {"deal": {"id": (await ids(api))["A"]}},
    }
    assert (found[2]["deal"], found[3]["firm"]) == (None, None)


async def test_arguments_are_read_as_their_types_say(api: SmallApi) -> None:
    literal = '{ echo(day: "2026-05-01", sizes: [small], order: {amount: "1.50", size: large}) { given } }'
    given = (await api.data("ann", literal))["echo"]["given"]
    assert given == (
        "{'day': datetime.date(2026, 5, 1), 'sizes': ('small',), "
        "'order': {'amount': Decimal('1.50'), 'size': 'large'}}"
    )
    text = "query($day: Date, $sizes: [DealSize!], $order: Order) "
    text += "{ echo(day: $day, sizes: $sizes, order: $order) { given } }"
    order = {"amount": "1.50", "size": "large"}
    same = await api.data("ann", text, day="2026-05-01", sizes=["small"], order=order)
    assert same["echo"]["given"] == given
    nested = {"amount": 1, "orders": [{"amount": 2}]}
    found = await api.data("ann", text, day=None, order=nested)
    assert found["echo"]["given"] == (
        "{'day': None, 'order': {'amount': Decimal('1'), 'orders': [{'amount': Decimal('2')}]}}"
    )


@pytest.mark.parametrize(
    ("variables", "code", "problems"),
    [
        ({"day": "soon"}, "VALIDATION_FAILED", [(("day",), "not_a_date")]),
        (
            {"day": "soon", "order": {"amount": "x", "size": "huge"}},
            "VALIDATION_FAILED",
            [
                (("day",), "not_a_date"),
                (("order", "amount"), "not_a_number"),
                (("order", "size"), "unknown_option"),
            ],
        ),
        ({"order": {}}, "BAD_REQUEST", []),
        ({"order": {"amount": "1", "orders": [{"amont": "1"}]}}, "BAD_REQUEST", []),
        ({"sizes": [None]}, "BAD_REQUEST", []),
    ],
)
async def test_what_cannot_be_read_is_refused_before_the_plugin_is_asked(
    api: SmallApi, variables: Any, code: str, problems: Any
) -> None:
    text = "query($day: Date, $sizes: [DealSize!], $order: Order) "
    text += "{ echo(day: $day, sizes: $sizes, order: $order) { given } }"
    assert await api.refused("ann", text, **variables) == (code, problems)


async def test_a_target_is_seen_or_not_found_and_its_right_is_held_or_forbidden(api: SmallApi) -> None:
    deals = await ids(api)
    looked = "query($id: ID!) { looked(id: $id) }"
    assert await api.data("ann", looked, id=deals["B"]) == {"looked": 7}
    for hidden in (deals["C"], "00000000-0000-7000-8000-000000000000"):
        assert (await api.refused("ann", looked, id=hidden))[0] == "NOT_FOUND"
    assert await api.refused("ann", looked, id="x") == ("VALIDATION_FAILED", [(("id",), "not_an_id")])
    text = 'mutation($id: ID!) { raiseAmount(id: $id, to: "110") { name amount } }'
    assert await api.data("ann", text, id=deals["A"]) == {"raiseAmount": {"name": "A", "amount": "110.00"}}
    assert (await api.refused("ann", text, id=deals["B"]))[0] == "FORBIDDEN"
    assert (await api.refused("ann", text, id=deals["C"]))[0] == "NOT_FOUND"
    merged = "mutation($id: ID!) { mergeDeals(ids: [$id]) { kept { id } } }"
    assert (await api.refused("ann", merged, id=deals["A"]))[0] == "BAD_REQUEST"


async def amount(api: SmallApi, id_: str) -> str:
    text = "query($id: ID!) { deal(id: $id) { amount } }"
    found: str = (await api.data("ben", text, id=id_))["deal"]["amount"]
    return found


async def test_what_a_mutation_refuses_or_answers_wrongly_is_not_written(
    api: SmallApi, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = (await ids(api))["A"]
    text = "mutation($id: ID!, $to: Decimal!) { raiseAmount(id: $id, to: $to) { amount } }"
    assert await api.refused("ben", text, id=id_, to="2000") == (
        "VALIDATION_FAILED",
        [(("to",), "too_much")],
    )
    assert await amount(api, id_) == "100.00"
    with caplog.at_level(logging.ERROR):
        error = await api.error("ben", text, id=id_, to="13")
    assert error["extensions"]["code"] == "INTERNAL"
    assert "'extra'" in error["message"]
    assert "a text" not in error["message"]
    assert "the answer is 'a text' where the id of a record should be" in caplog.text
    assert await amount(api, id_) == "100.00"


async def test_mutations_run_in_order_and_the_first_refused_ends_the_request(api: SmallApi) -> None:
    id_ = (await ids(api))["A"]
    text = "mutation($id: ID!, $input: DealUpdate!) {"
    text += ' first: raiseAmount(id: $id, to: "5") { amount }'
    text += " second: updateDeal(id: $id, input: $input) { deal { amount } }"
    text += ' third: raiseAmount(id: $id, to: "2000") { amount }'
    text += ' fourth: raiseAmount(id: $id, to: "6") { amount } }'
    found = await api.ask("ben", text, id=id_, input={"amount": "7"})
    (error,) = found["errors"]
    assert (error["path"], error["extensions"]["committed"]) == (["third"], ["first", "second"])
    assert found["data"] is None
    assert await amount(api, id_) == "7.00"


async def test_what_is_gone_after_a_mutation_is_null_in_its_answer(api: SmallApi) -> None:
    deals = await ids(api)
    text = "mutation($ids: [ID!]!) { mergeDeals(ids: $ids) { kept { name margin } gone { name } } }"
    nowhere = "00000000-0000-7000-8000-000000000000"
    assert (await api.refused("ben", text, ids=[deals["A"], nowhere]))[0] == "NOT_FOUND"
    assert (await api.refused("cat", text, ids=[deals["A"], deals["B"]]))[0] == "FORBIDDEN"
    assert (await api.refused("cat", text, ids=[deals["A"], deals["C"]]))[0] == "NOT_FOUND"
    found = await api.data("ben", text, ids=[deals["A"], deals["B"], deals["C"]])
    assert found["mergeDeals"] == {"kept": {"name": "A", "margin": "90.00"}, "gone": [None, None]}
    assert set(await ids(api)) == {"A", "D"}


async def test_a_question_only_reads(api: SmallApi) -> None:
    error = await api.error("ben", "{ written { name } }")
    assert (error["extensions"]["code"], error["path"]) == ("INTERNAL", ["written"])
    assert "'extra'" in error["message"]
    assert names((await api.data("ben", "{ firms { nodes { name } } }"))["firms"]["nodes"]) == ["Big", "Low"]


async def test_a_field_of_records_only_reads(api: SmallApi) -> None:
    found = await api.ask("ben", "{ firms { nodes { deals { nodes { writing } } } } }")
    (error,) = found["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "'extra'" in error["message"]
    assert names((await api.data("ben", "{ firms { nodes { name } } }"))["firms"]["nodes"]) == ["Big", "Low"]


async def test_an_answer_that_its_type_does_not_allow_is_told_by_the_name_of_the_plugin(
    api: SmallApi,
) -> None:
    found = await api.ask("ann", "{ wrongToo echo { given } }")
    assert found["data"] == {"wrongToo": None, "echo": {"given": "{}"}}
    (error,) = found["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("INTERNAL", ["wrongToo"])
    assert "'extra'" in error["message"]
    assert (await api.ask("ann", "{ wrong echo { given } }"))["data"] is None


async def test_a_field_of_records_is_asked_once_about_all_of_them(api: SmallApi) -> None:
    text = """
        fragment Money on Deal { margin firm { deals { nodes { name profit: margin } } } }
        {
          deals(orderBy: [{name: ASC}]) { edges { node { name ...Money } } nodes { margin } }
          firms { nodes { deals { nodes { margin } } } }
          search(text: "A") { record { ... on Deal { margin } } }
        }"""
    found = await api.data("ben", text)
    assert CALLS == [4]
    assert [each["margin"] for each in found["deals"]["nodes"]] == ["90.00", "290.00", "190.00", "40.50"]
    first = found["deals"]["edges"][0]["node"]
    assert first["margin"] == "90.00"
    assert {each["name"]: each["profit"] for each in first["firm"]["deals"]["nodes"]} == {
        "A": "90.00",
        "B": "290.00",
        "C": "190.00",
    }
    api.heard.clear()
    for name in "EFGH":
        await api.new("deal", name=name, amount="1", cost="1", size="large")
    CALLS.clear()
    api.heard.clear()
    await api.data("ben", "{ deals { nodes { margin other: margin } } viewer { name } }")
    assert (CALLS, len(api.heard)) == ([8], 2)


async def test_where_a_needed_field_is_hidden_it_is_null_without_being_asked(api: SmallApi) -> None:
    found = await api.data("ann", "{ deals(orderBy: [{name: ASC}]) { nodes { name cost margin } } }")
    assert found["deals"]["nodes"] == [
        {"name": "A", "cost": "10.00", "margin": "90.00"},
        {"name": "B", "cost": None, "margin": None},
        {"name": "D", "cost": "10.00", "margin": "40.50"},
    ]
    assert CALLS == [2]


async def test_records_of_such_a_field_may_have_fields_of_plugins_in_turn(api: SmallApi) -> None:
    text = "{ deals(orderBy: [{name: ASC}]) { nodes { name rivals { name margin rivals { name } } } } }"
    found = (await api.data("ann", text))["deals"]["nodes"]
    assert found[0] == {
        "name": "A",
        "rivals": [
            {
                "name": "B",
                "margin": None,
                "rivals": [
                    {
                        "name": "A",
                    }
                ],
            }
        ],
    }
    # The deals, then the plugin's reading and the records in its answers, for each depth.
    assert len(api.heard) == 5


async def test_a_field_that_fails_is_null_and_told_where_it_stands_first(api: SmallApi) -> None:
    text = "{ deals(orderBy: [{name: ASC}]) { nodes { name broken } } }"
    found = await api.ask("ben", text)
    assert [each["broken"] for each in found["data"]["deals"]["nodes"]] == [None] * 4
    (error,) = found["errors"]
    assert error["path"] == ["deals", "nodes", 0, "broken"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "'extra'" in error["message"]
    assert "price_book" not in str(found)
    found = await api.ask("ben", "{ firms { nodes { deals { nodes { short margin } } } } }")
    (error,) = found["errors"]
    assert error["path"] == ["firms", "nodes", 0, "deals", "nodes", 0, "short"]
    assert found["data"]["firms"]["nodes"][0]["deals"]["nodes"][0]["margin"] == "90.00"


async def test_texts_with_the_marks_of_holes_in_them_are_told_as_they_are(api: SmallApi) -> None:
    name = "\x010:[]\x02 \x01"
    id_ = await api.new("deal", name=name, amount="3", cost="1", size="large")
    text = "query($id: ID!) { deal(id: $id) { name margin } }"
    assert (await api.data("ben", text, id=id_))["deal"] == {"name": name, "margin": "2.00"}


async def test_a_plan_is_kept_by_the_structure_of_the_variables(api: SmallApi) -> None:
    deals = await ids(api)
    text = "mutation($id: ID!, $to: Decimal!) { raiseAmount(id: $id, to: $to) { amount margin } }"
    for name, to in (("A", "20"), ("B", "30")):
        found = await api.data("ben", text, id=deals[name], to=to)
        assert Decimal(found["raiseAmount"]["amount"]) == Decimal(to)
        assert Decimal(found["raiseAmount"]["margin"]) == Decimal(to) - 10
    assert api.endpoint.counters.plans == 2


async def test_a_subscriber_is_told_of_fields_of_plugins_too(api: SmallApi) -> None:
    deals = await ids(api)
    user = api.people["ann"]
    caller = Caller(policy_of(api.tables.model, user["roles"]), replace(SYSTEM, user=user))
    text = "subscription { dealChanged { operation record { name margin rivals { name } broken } } }"
    subscription = api.endpoint.subscription(Query(text, {}), caller)
    assert subscription is not None
    told = orjson.loads(await subscription.told(Change("created", "deal", deals["A"], 1, {})) or b"")
    assert told["data"]["dealChanged"] == {
        "operation": "created",
        "record": {"name": "A", "margin": "90.00", "rivals": [{"name": "B"}], "broken": None},
    }
    (error,) = told["errors"]
    assert error["path"] == ["dealChanged", "record", "broken"]
    gone = orjson.loads(await subscription.told(Change("deleted", "deal", deals["A"], 1, {})) or b"")
    assert gone["data"]["dealChanged"]["record"] == dict.fromkeys(("name", "margin", "rivals", "broken"))


PANELS = [
    Panel(
        name="margins",
        title="Margins",
        query="{ deals { nodes { name margin firm { name } } } }",
        rows="deals.nodes",
        columns={"Deal": "name", "Margin": "margin", "Firm": "firm.name"},
    ),
    Panel(
        name="ratings", title="Ratings", query="{ merged }", rows="firms.nodes", columns={"Rating": "rating"}
    ),
    Panel(name="broken", title="Broken", query="{", rows="firms", columns={"Rating": "rating"}),
]
TOLD = """{ metadata {
    objects { name pluginFields { name type plugin description } actions { ...Told } }
    actions { ...Told }
    panels { name title plugin query rows columns { title path } }
} }
fragment Told on MetadataAction { name kind type plugin record right arguments { name type } }"""


async def test_metadata_tells_what_the_caller_can_do_with_plugins(api: SmallApi) -> None:
    found = {who: (await api.data(who, TOLD))["metadata"] for who in ("ann", "cat")}
    deal = {
        who: next(each for each in told["objects"] if each["name"] == "deal") for who, told in found.items()
    }
    assert {each["name"] for each in deal["ann"]["pluginFields"]} == {
        *("margin", "rivals", "broken", "short", "writing")
    }
    assert deal["ann"]["pluginFields"][0] == {
        "name": "margin",
        "type": "Decimal",
        "plugin": "extra",
        "description": None,
    }
    assert deal["ann"]["actions"] == [
        {
            "name": "looked",
            "kind": "query",
            "type": "Int",
            "plugin": "extra",
            "record": "id",
            "right": None,
            "arguments": [{"name": "id", "type": "ID!"}],
        },
        {
            "name": "raiseAmount",
            "kind": "mutation",
            "type": "Deal",
            "plugin": "extra",
            "record": "id",
            "right": "update",
            "arguments": [{"name": "id", "type": "ID!"}, {"name": "to", "type": "Decimal!"}],
        },
    ]
    assert [each["name"] for each in deal["cat"]["actions"]] == ["looked", "mergeDeals"]
    assert {each["name"] for each in found["ann"]["actions"]} == {
        *("best", "boxes", "echo", "written", "wrong", "wrongToo"),
    }
    assert found["ann"]["panels"] == [
        {
            "name": "margins",
            "title": "Margins",
            "plugin": "extra",
            "query": PANELS[0].query,
            "rows": "deals.nodes",
            "columns": [
                {"title": "Deal", "path": "name"},
                {"title": "Margin", "path": "margin"},
                {"title": "Firm", "path": "firm.name"},
            ],
        }
    ]
    assert found["cat"]["panels"] == []


async def test_a_plugin_that_takes_too_long_is_left_behind(database_url: str) -> None:
    let_go = Event()

    def hang(*_: Any) -> Any:
        let_go.wait(60)

    given = GraphFields(
        queries=[field("hang", "Int", hang)],
        mutations=[field("hangToo", "Int", hang)],
        fields=[replace(of_deal("slow", "Int", hang, "name"), object="firm")],
    )
    with plugged(extra=adding(given)):
        async with small_api(database_url, OBJECTS, app="plugins: [extra]\nplugin_timeout: 0.2") as api:
            await api.person("ann", "admin")
            await api.new("firm", name="Big")
            for text in ("{ hang }", "mutation { hangToo }", "{ firms { nodes { name slow } } }"):
                error = await api.error("ann", text)
                assert error["extensions"]["code"] == "INTERNAL"
                assert "'extra'" in error["message"]
                assert (await api.data("ann", "{ firms { totalCount } }"))["firms"] == {"totalCount": 1}
            await api.new("firm", name="Low")
    let_go.set()
