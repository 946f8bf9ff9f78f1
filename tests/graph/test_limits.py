"""Every limit of a request: what is just within it is answered, one more is refused by its name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from salesmode.database.errors import StatementTimeout
from salesmode.database.unit import Step
from salesmode.diagnostics import Refusal
from salesmode.graph.endpoint import Endpoint, Query
from salesmode.graph.limits import DEFAULT
from tests.graph.api import Api

pytestmark = pytest.mark.anyio

WHERE = "query ($w: CustomerWhere) { customers(where: $w) { totalCount } }"


def repeated(count: int, text: Callable[[int], str]) -> str:
    return " ".join(text(at) for at in range(count))


def nodes(selection: str) -> str:
    return f"{{ customers {{ nodes {{ {selection} }} }} }}"


def deep(levels: int) -> str:
    """Three levels are `customers`, `nodes` and `id`."""
    return nodes("parent { " * (levels - 3) + "id" + " }" * (levels - 3))


DOCUMENTS = [
    ("tokens", "tokens", lambda n: "{ viewer { " + repeated(n - 5, lambda _: "id") + " } }"),
    ("depth", "depth", deep),
    ("aliases", "aliases", lambda n: nodes(repeated(n, lambda at: f"a{at}: id"))),
    ("roots", "root fields", lambda n: "{" + repeated(n, lambda at: f"a{at}: viewer {{ id }}") + "}"),
    (
        "directives",
        "directives",
        lambda n: nodes(repeated(n, lambda _: "...F @include(if: true)")) + " fragment F on Customer { id }",
    ),
    ("fields", "fields", lambda n: nodes(repeated(n - 2, lambda _: "id"))),
]


@pytest.mark.parametrize(("setting", "name", "document"), DOCUMENTS, ids=[each[0] for each in DOCUMENTS])
async def test_a_document_beyond_a_limit_is_too_complex(
    api: Api, setting: str, name: str, document: Callable[[int], str]
) -> None:
    api.endpoint = Endpoint(api.tables, api.database, limits=replace(DEFAULT, **{setting: 9}))
    await api.data(document(9))
    plans = api.endpoint.counters.plans
    error = await api.error(document(10))
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert error["message"] == f"The limit of {name} is 9."
    assert api.endpoint.counters.plans == plans


def test_the_limits_are_those_that_are_documented() -> None:
    assert (DEFAULT.tokens, DEFAULT.depth, DEFAULT.aliases, DEFAULT.roots) == (5_000, 12, 60, 20)
    assert (DEFAULT.directives, DEFAULT.items, DEFAULT.rows) == (20, 1_000, 200_000)
    assert (DEFAULT.filters.terms, DEFAULT.filters.nesting) == (200, 8)


async def test_fragments_count_where_they_are_spread(api: Api) -> None:
    within = " fragment B on Customer { " + repeated(20, lambda at: f"b{at}: name") + " }"
    await api.data(nodes("...B p: parent { ...B } q: parent { id }") + within)
    error = await api.error(nodes("...B p: parent { ...B } q: parent { ...B }") + within)
    assert error["message"] == "The limit of aliases is 60."


async def test_introspection_is_as_deep_as_it_likes(api: Api) -> None:
    await api.data('{ __type(name: "Customer") { ' + "ofType { " * 15 + "name" + " }" * 15 + " } }")


def conditions(count: int) -> Any:
    return {"or": [{"name": {"eq": str(at)}} for at in range(count)]}


def nested(levels: int) -> Any:
    where: Any = {"name": {"eq": "x"}}
    for _ in range(levels):
        where = {"not": where}
    return where


UPDATE = "mutation ($w: CustomerWhere!) { updateCustomers(where: $w, input: {grade: a}) { count } }"


@pytest.mark.parametrize("text", [WHERE, UPDATE])
@pytest.mark.parametrize(
    ("name", "most", "where"), [("filter terms", 200, conditions), ("filter nesting", 8, nested)]
)
async def test_a_filter_beyond_a_limit_is_too_complex(
    api: Api, text: str, name: str, most: int, where: Callable[[int], Any]
) -> None:
    await api.data(text, w=where(most))
    error = await api.error(text, w=where(most + 1))
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert error["message"] == f"The limit of {name} is {most}."


@pytest.mark.parametrize(
    "text",
    [
        "query ($l: [String!]) { customers(where: {name: {in: $l}}) { totalCount } }",
        'mutation ($l: [CustomerTagsSeen!]) { createCustomer(input: {name: "a", tagsSeen: $l}) { id } }',
    ],
)
async def test_a_list_beyond_the_limit_is_a_bad_request_when_cold_and_when_warm(api: Api, text: str) -> None:
    for _ in range(2):
        error = await api.error(text, l=["red"] * 1_001)
        assert error["extensions"]["code"] == "BAD_REQUEST"
        assert error["message"] == "The limit of list is 1000."
        await api.ask(text, l=["red"])


async def test_a_list_within_the_limit_is_answered(api: Api) -> None:
    text = "query ($l: [String!]) { customers(where: {name: {in: $l}}) { totalCount } }"
    assert await api.data(text, l=["x"] * 1_000) == {"customers": {"totalCount": 0}}


async def test_limits_are_settings(api: Api) -> None:
    api.endpoint = Endpoint(api.tables, api.database, limits=replace(DEFAULT, depth=2, items=2))
    assert (await api.error(deep(3)))["message"] == "The limit of depth is 2."
    text = "query ($l: [String!]) { customers(where: {name: {in: $l}}) { totalCount } }"
    assert (await api.error(text, l=["a", "b", "c"]))["message"] == "The limit of list is 2."


async def test_a_statement_that_takes_too_long_is_too_complex(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(step: Step) -> str:
        raise StatementTimeout(0.25)

    monkeypatch.setattr(api.database, "fetch_text", slow)
    answer = await api.endpoint.answer(Query("{ customers { totalCount } }", {}), api.caller("admin"))
    (error,) = orjson.loads(answer.body)["errors"]
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert error["message"] == "The limit of statement time is 0.25 s; the query takes longer."


NESTED = """query ($outer: Int, $inner: Int, $total: Boolean = false) {
  customers(first: $outer) { nodes { contacts(first: $inner) { totalCount nodes @skip(if: $total) { id } } } }
}"""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("{ customers { nodes { id } } }", 50),
        ("{ customers(first: 7) { nodes { id } edges { node { id } } pageInfo { hasNextPage } } }", 7),
        ("{ customers(first: 7) { totalCount } }", 0),
        ("{ customers(last: 7) { nodes { contacts { nodes { id } } } } }", 7 + 7 * 50),
        ("{ customers(first: 7) { nodes { contacts(first: 3) { totalCount } } } }", 7),
        (
            "{ customers(first: 7) { nodes { parent { contacts(first: 3) { nodes { id } } } } } }",
            28,
        ),
        (
            "{ customers(first: 2) { nodes { contacts(first: 3) { nodes { id } } history { totalCount }}}}",
            8,
        ),
        ("{ customers(first: 2) { nodes { history { nodes { at } } } } }", 102),
        ("{ a: customers(first: 2) { nodes { id } } b: customers(first: 3) { edges { cursor } } }", 5),
        ("{ customerAggregate(groupBy: [{field: grade}], first: 9) { count } }", 9),
        ("{ customers(first: 0) { nodes { contacts { nodes { id } } } } }", 0),
    ],
)
async def test_pages_multiply_on_the_way_down_and_root_fields_add_up(api: Api, text: str, rows: int) -> None:
    api.endpoint = Endpoint(api.tables, api.database, limits=replace(DEFAULT, rows=rows))
    await api.data(text)
    api.endpoint = Endpoint(api.tables, api.database, limits=replace(DEFAULT, rows=rows - 1))
    if rows:
        error = await api.error(text)
        assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
        assert error["message"] == f"The limit of rows is {rows - 1}."


async def test_sizes_that_are_variables_count_with_their_values(api: Api) -> None:
    await api.data(NESTED, outer=447, inner=446)
    plans = api.endpoint.counters.plans
    api.heard.clear()
    error = await api.error(NESTED, outer=447, inner=447)
    assert (error["message"], error["path"]) == ("The limit of rows is 200000.", ["customers"])
    assert api.heard == [], "nothing is asked of the database"
    assert (await api.error(NESTED, outer=1000, inner=1000))["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert (await api.error(NESTED, outer=1001, inner=1))["extensions"]["code"] == "BAD_REQUEST"
    assert api.endpoint.counters.plans == plans, "a size is no part of a plan"
    await api.data(NESTED, outer=1000, inner=1000, total=True)


async def test_what_a_mutation_reads_back_counts_by_the_rows_it_wrote(api: Api) -> None:
    text = """mutation ($in: [CustomerCreate!]!) {
      createCustomers(input: $in) { nodes { contacts(first: 10) { nodes { id } } } } }"""
    api.endpoint = Endpoint(api.tables, api.database, limits=replace(DEFAULT, rows=22))
    await api.data(text, **{"in": [{"name": "a"}, {"name": "b"}]})
    error = await api.error(text, **{"in": [{"name": "c"}, {"name": "d"}, {"name": "e"}]})
    assert error["message"] == "The limit of rows is 22."
    assert (await api.data("{ customers { totalCount } }")) == {"customers": {"totalCount": 2}}


async def test_what_a_subscriber_is_told_counts_too(api: Api) -> None:
    text = "subscription { customerChanged { record { contacts(first: 9) { nodes { id } } } } }"
    api.endpoint = Endpoint(api.tables, api.database, limits=replace(DEFAULT, rows=9))
    assert api.endpoint.subscription(Query(text, {}), api.caller("admin")) is not None
    api.endpoint = Endpoint(api.tables, api.database, limits=replace(DEFAULT, rows=8))
    with pytest.raises(Refusal, match="The limit of rows is 8"):
        api.endpoint.subscription(Query(text, {}), api.caller("admin"))
