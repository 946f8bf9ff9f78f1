"""What is selected comes out as the reader may see it, in one statement."""

from typing import Any

import pytest

from salesmode.database.errors import StatementTooDeep
from salesmode.diagnostics.refusal import Refusal
from tests.support.world import ANN, BOB, EVE, World, its

ACME, BETA, DELTA = (its("customer", number) for number in (1, 2, 5))


async def test_every_type_comes_out_as_the_json_that_clients_expect(world: World) -> None:
    fields = "name grade wechat revenue score discount staff orders vip founded lastSeen note settings flags"
    found = await world.ask("ann", f'customer(id: "{ACME}") {{ id {fields} createdAt version __typename }}')
    assert found == {
        "id": ACME,
        "name": 'Acme "1" \\ 客户 😀',
        "grade": "a",
        "wechat": "acme_wechat",
        "revenue": "100.00",
        "score": "1.2500",
        "discount": "-5.50",
        "staff": 10,
        "orders": "9007199254740993",
        "vip": True,
        "founded": "2001-02-03",
        "lastSeen": "2026-03-31T15:59:59Z",
        "note": "first\nsecond",
        "settings": {"colour": "red", "sizes": [1, 2]},
        "flags": ["red", "blue"],
        "createdAt": "2026-01-01T00:00:00Z",
        "version": 1,
        "__typename": "Customer",
    }


async def test_what_is_empty_comes_out_as_null(world: World) -> None:
    fields = "grade wechat score discount staff orders vip founded lastSeen note settings flags"
    found = await world.ask("ann", f'customer(id: "{its("customer", 3)}") {{ {fields} parent {{ id }} }}')
    assert found == dict.fromkeys([*fields.split(), "parent"])


async def test_negative_and_small_amounts_keep_their_sign_and_places(world: World) -> None:
    found = await world.ask("ann", "customers { nodes { name revenue } }")
    assert [each["revenue"] for each in found["nodes"]] == ["100.00", "0.05", "-7.00", None, None]


async def test_a_list_has_the_rows_that_exist_for_the_reader(world: World) -> None:
    names = {
        person: [each["name"] for each in (await world.ask(person, "customers { nodes { name } }"))["nodes"]]
        for person in ("ann", "eve")
    }
    assert names["ann"] == ['Acme "1" \\ 客户 😀', "Beta", "Cäsar", "beta", "Delta"]
    assert names["eve"] == [*names["ann"], "Eta 100%", "Foxtrot_1"]


async def test_an_invisible_a_deleted_and_an_unknown_record_are_all_nothing(world: World) -> None:
    for id in (its("customer", 6), its("customer", 8), its("customer", 99), ANN):
        assert await world.ask("ann", "customer(id: $id) { name }", id=id) is None


async def test_a_value_readable_on_some_rows_is_null_or_masked_on_the_others(world: World) -> None:
    found = await world.ask("ann", "customers { nodes { wechat revenue } }")
    assert [each["wechat"] for each in found["nodes"]] == ["acme_wechat", "beta", None, "••••en4", "••••x"]
    found = await world.ask("eve", "customers(first: 4) { nodes { wechat } }")
    assert [each["wechat"] for each in found["nodes"]] == ["••••", "••••", None, "••••"]


async def test_references_lead_to_what_the_reader_may_see(world: World) -> None:
    found = await world.ask(
        "ann", "customers { nodes { name owner { name team { name } } parent { name parent { name } } } }"
    )
    assert [each["owner"] and each["owner"]["name"] for each in found["nodes"]] == [
        "Ann",
        "Ann",
        "Ann",
        None,  # Eve is of another team
        "Bob",
    ]
    assert found["nodes"][3]["parent"] == {"name": "Beta", "parent": {"name": 'Acme "1" \\ 客户 😀'}}


async def test_a_list_of_references_leaves_out_what_the_reader_may_not_see(world: World) -> None:
    watched = "customers(first: 4) { nodes { watchers { id } } }"
    assert _watchers(await world.ask("ann", watched)) == [[ANN, BOB], [], [], []]
    assert _watchers(await world.ask("eve", watched)) == [[ANN, EVE, BOB], [], [], [EVE]]


async def test_the_records_of_a_list_are_records_like_any_other_in_its_order(world: World) -> None:
    text = (
        "customer(id: $id) { who: watchers { __typename name email team { name } "
        "customers(first: 1) { totalCount } } }"
    )
    found = await world.ask("ann", text, id=ACME)
    assert [each["name"] for each in found["who"]] == ["Ann", "Bob"]
    assert found["who"][0]["__typename"] == "User"
    assert [each["customers"]["totalCount"] for each in found["who"]] == [3, 1]
    assert len(world.heard) == 1


async def test_a_list_that_may_not_be_read_on_a_row_is_empty_there(world: World) -> None:
    hidden = "customers(first: 1, where: {watchers: {isEmpty: true}}) { nodes { watchers { name } } }"
    assert (await world.ask("ann", hidden))["nodes"] == [{"watchers": []}]
    with pytest.raises(Refusal):
        await world.ask("ann", "customers { nodes { watchers { password } } }")


def _watchers(found: dict[str, Any]) -> list[list[str]]:
    return [[one["id"] for one in each["watchers"]] for each in found["nodes"]]


async def test_who_is_deleted_is_nobody(world: World) -> None:
    """Two customers were made, and are watched, by users who left; they cannot be told from each other."""
    found = await world.ask("eve", "customers(last: 2) { nodes { createdBy { name } watchers { id } } }")
    assert _watchers(found) == [[BOB], []]
    assert [each["createdBy"] for each in found["nodes"]] == [None, None]
    found = await world.ask(
        "eve", 'customerAggregate(groupBy: [{field: "createdBy"}]) { key { createdBy { id } } count }'
    )
    assert found == [{"key": {"createdBy": None}, "count": 7}]
    for where in ("{createdBy: {isNull: false}}", "{watchers: {has: $left}}", "{createdBy: {eq: $left}}"):
        text = f"customers(where: {where}) {{ totalCount }}"
        assert await world.ask("eve", text, left=its("user", 6)) == {"totalCount": 0}


async def test_to_many_relations_are_connections_of_their_own(world: World) -> None:
    opportunities = (
        "opportunities(first: 2, orderBy: [{amount: DESC}]) { totalCount nodes { name customer { name } } }"
    )
    found = await world.ask("ann", f"customers(first: 2) {{ nodes {{ {opportunities} }} }}")
    assert found["nodes"][0]["opportunities"] == {
        "totalCount": 3,
        "nodes": [
            {"name": "Two", "customer": {"name": 'Acme "1" \\ 客户 😀'}},
            {"name": "Three", "customer": {"name": 'Acme "1" \\ 客户 😀'}},
        ],
    }
    assert found["nodes"][1]["opportunities"]["nodes"] == [{"name": "Four", "customer": {"name": "Beta"}}]


async def test_aliases_and_type_names_stand_where_they_were_asked(world: World) -> None:
    found = await world.ask(
        "ann",
        "customers(first: 1) { __typename edges { __typename node { a: name b: name } } count: totalCount }",
    )
    name = 'Acme "1" \\ 客户 😀'
    assert found == {
        "__typename": "CustomerConnection",
        "edges": [{"__typename": "CustomerEdge", "node": {"a": name, "b": name}}],
        "count": 5,
    }


async def test_the_viewer_is_the_caller_whatever_the_roles(world: World) -> None:
    assert await world.ask("stat", "viewer { id name }") == {"id": its("user", 5), "name": "Stat"}


async def test_node_finds_a_record_of_any_type(world: World) -> None:
    text = "node(id: $id) { ... on Customer { id grade __typename } ... on Opportunity { id name } }"
    assert await world.ask("ann", text, id=BETA) == {"id": BETA, "grade": "b", "__typename": "Customer"}
    assert (await world.ask("ann", text, id=its("opportunity", 2)))["name"] == "Two"
    assert await world.ask("ann", text, id=its("opportunity", 6)) is None
    assert await world.ask("ann", "node(id: $id)", id=BETA) is None


QUESTIONS = (
    "customers { nodes { owner { name } opportunities { nodes { activities { nodes { subject } } } } } }",
    "customers { totalCount pageInfo { endCursor hasNextPage } edges { cursor } aggregate { count } }",
    "customer(id: $id) { history { totalCount nodes { by { name } changes { field new } } } }",
    'customerAggregate(groupBy: [{field: "owner"}]) { key { owner { name } } count }',
    'search(text: "a") { title record { ... on Customer { name } ... on Opportunity { name } } }',
    "node(id: $id) { ... on Customer { name } }",
    "viewer { name }",
)


@pytest.mark.parametrize("text", QUESTIONS)
async def test_a_root_field_is_one_statement(world: World, text: str) -> None:
    await world.raw("ann", text, id=ACME)
    assert len(world.heard) == 1


HIDDEN = (
    "{}s {{ nodes {{ id }} }}",
    '{}(id: "x") {{ id }}',
    "{}Aggregate {{ count }}",
    "customers {{ nodes {{ {} }} }}",
    "customers {{ {} }}",
    "customers {{ edges {{ {} }} }}",
    "customers {{ pageInfo {{ {} }} }}",
    "customers {{ nodes {{ {}s {{ totalCount }} }} }}",
    "customers(where: {{{}: {{eq: 1}}}}) {{ totalCount }}",
    "customers(where: {{{}s: {{some: {{}}}}}}) {{ totalCount }}",
    "customers(where: {{owner: {{{}: {{eq: 1}}}}}}) {{ totalCount }}",
    "customers(where: {{name: {{{}: 1}}}}) {{ totalCount }}",
    "customers(orderBy: [{{{}: ASC}}]) {{ nodes {{ id }} }}",
    "customers(orderBy: [{{owner: {{{}: ASC}}}}]) {{ nodes {{ id }} }}",
    'customerAggregate(groupBy: [{{field: "{}"}}]) {{ count }}',
    'customerAggregate(groupBy: [{{owner: {{field: "{}"}}}}]) {{ count }}',
    "customerAggregate {{ sum {{ {} }} }}",
    "customerAggregate {{ countDistinct {{ {} }} }}",
    "customerAggregate {{ key {{ {} }} count }}",
    "customerAggregate(orderBy: [{{max: {{{}: ASC}}}}]) {{ count }}",
    'search(text: "a", objects: [{}]) {{ id }}',
    'search(text: "a") {{ {} }}',
    "customers {{ nodes {{ history {{ {} }} }} }}",
    "customers {{ nodes {{ history {{ nodes {{ {} }} }} }} }}",
    "customers {{ nodes {{ history {{ nodes {{ changes {{ {} }} }} }} }} }}",
)


@pytest.mark.parametrize("text", HIDDEN)
async def test_a_forbidden_name_is_refused_like_one_that_does_not_exist(world: World, text: str) -> None:
    """`memo` is an object and `cost` a field, both of which exist, but not for Ann."""
    said = {}
    for name in ("memo", "cost", "nothing"):
        with pytest.raises(Refusal) as refused:
            await world.ask("ann", text.format(name))
        said[name] = (refused.value.code, refused.value.message.text("en").replace(name, "…"))
    assert set(said.values()) == {("BAD_REQUEST", said["nothing"][1])}


@pytest.mark.parametrize(
    "text",
    [
        "customers(where: {wechat: {eq: $x}}) { totalCount }",
        "customers(orderBy: [{wechat: ASC}]) { totalCount }",
        'customerAggregate(groupBy: [{field: "wechat"}]) { count }',
        "customerAggregate { max { wechat } }",
        "customerAggregate { countDistinct { wechat } }",
    ],
)
async def test_what_is_masked_everywhere_is_selected_and_nothing_else(world: World, text: str) -> None:
    with pytest.raises(Refusal, match="There is no 'wechat' here"):
        await world.ask("eve", text, x="beta")


@pytest.mark.parametrize(
    ("open_", "close", "depth"),
    [("parent { ", "}", 10), ("customers { nodes { ", "}}", 4), ("history { nodes { by { ", "}}}", 2)],
)
async def test_records_below_records_go_deep(world: World, open_: str, close: str, depth: int) -> None:
    """As deep as SQLite's parser can be brought to go; the API's own limit of depth is twelve."""
    start = "customers { nodes { " if "history" not in open_ else "users { nodes { "
    assert await world.raw("ann", start + open_ * depth + "id name" + close * depth + "}}")


async def test_deeper_than_the_parser_goes_is_an_error_with_a_name(world: World) -> None:
    text = "customers { nodes { " + "parent { " * 40 + "id" + "}" * 40 + "}}"
    if world.database.dialect == "postgresql":
        assert await world.raw("ann", text)
    else:
        with pytest.raises(StatementTooDeep):
            await world.raw("ann", text)
