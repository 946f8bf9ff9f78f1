"""What a warm request does not do again, and what a plan depends on."""

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

import pytest

from salesmode.graph.cache import ByteCache
from salesmode.graph.endpoint import Endpoint
from salesmode.graph.meta import Meta
from tests.graph.api import Api

pytestmark = pytest.mark.anyio

TEXT = """query ($w: CustomerWhere, $o: [CustomerOrderBy!], $n: Int, $after: String, $more: Boolean = false) {
    customers(where: $w, orderBy: $o, first: $n, after: $after) {
        nodes { name } edges { cursor } more: totalCount @include(if: $more) } }"""


async def plans_made(api: Api, variables: dict[str, Any], text: str = TEXT) -> int:
    before = api.endpoint.counters.plans
    await api.data(text, **variables)
    return api.endpoint.counters.plans - before


async def test_a_warm_request_neither_parses_nor_plans(api: Api) -> None:
    variables: dict[str, Any] = {"w": {"name": {"in": ["a"]}, "staff": {"gt": 1}}, "n": 10}
    await api.data(TEXT, **variables)
    cold = astuple(api.endpoint.counters)
    await api.data(TEXT, w={"name": {"in": ["b", "c"]}, "staff": {"gt": 2}}, n=20)
    assert astuple(api.endpoint.counters) == cold


@pytest.mark.parametrize(
    ("first", "second", "made"),
    [
        ({"n": 1}, {"n": 2}, 0),
        ({"n": 1}, {"n": None}, 1),
        ({"n": 1}, {}, 1),
        ({"w": {"name": {"eq": "a"}}}, {"w": {"name": {"eq": "b"}}}, 0),
        ({"w": {"name": {"eq": "a"}}}, {"w": {"name": {"ne": "a"}}}, 1),
        ({"w": {"name": {"in": ["a"]}}}, {"w": {"name": {"in": ["b", "c", "d"]}}}, 0),
        ({"w": {"grade": {"eq": "a"}}}, {"w": {"grade": {"eq": "b"}}}, 0),
        ({"w": {"vip": {"eq": True}}}, {"w": {"vip": {"eq": False}}}, 1),
        ({"w": {"and": [{"vip": {"eq": True}}]}}, {"w": {"and": [{"vip": {"eq": True}}] * 2}}, 1),
        (
            {"w": {"founded": {"between": ["2020-01-01"] * 2}}},
            {"w": {"founded": {"between": ["2021-01-01"] * 2}}},
            0,
        ),
        ({"o": [{"name": "ASC"}]}, {"o": [{"name": "DESC"}]}, 1),
        ({"more": True}, {"more": False}, 1),
        ({}, {"more": False}, 0),
        ({}, {"unused": 1}, 0),
    ],
)
async def test_a_plan_depends_on_the_structure_of_the_variables(
    api: Api, first: dict[str, Any], second: dict[str, Any], made: int
) -> None:
    assert await plans_made(api, first) == 1
    assert await plans_made(api, second) == made
    assert await plans_made(api, first) == 0


async def test_a_cursor_counts_by_which_of_its_keys_are_null(api: Api) -> None:
    for staff in (1, 2, 3, None, None):
        await api.new("customer", name="a", staff=staff)
    text = """query ($a: String) { customers(first: 1, after: $a, orderBy: [{staff: ASC}]) {
        nodes { staff } pageInfo { endCursor } } }"""
    seen, cursor, made = [], None, []
    for _ in range(5):
        before = api.endpoint.counters.plans
        page = (await api.data(text, **({"a": cursor} if cursor else {})))["customers"]
        made.append(api.endpoint.counters.plans - before)
        seen.append(page["nodes"][0]["staff"])
        cursor = page["pageInfo"]["endCursor"]
    assert seen == [1, 2, 3, None, None]
    assert made == [1, 1, 0, 0, 1]


async def test_what_is_written_is_no_part_of_a_plan(api: Api) -> None:
    text = "mutation ($in: CustomerCreate!) { createCustomer(input: $in) { customer { name } } }"
    assert await plans_made(api, {"in": {"name": "a"}}, text) == 1
    assert await plans_made(api, {"in": {"name": "b", "vip": True, "staff": None}}, text) == 0


async def test_roles_have_plans_of_their_own(api: Api) -> None:
    await api.data("{ customers { totalCount } }", "admin")
    await api.data("{ customers { totalCount } }", "sales")
    assert (api.endpoint.counters.schemas, api.endpoint.counters.plans) == (2, 2)


async def test_introspection_and_metadata_are_answered_once_for_each_language(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, text_of = [], Meta._text

    def counted(self: Meta, *arguments: Any) -> Iterator[bytes]:
        made.append(self.key)
        return text_of(self, *arguments)

    monkeypatch.setattr(Meta, "_text", counted)
    text = "{ __schema { queryType { name } } metadata { app { locale } } }"
    for locale in ("en", "zh", "en", "zh"):
        answer = await api.answer(text, locale=locale)
        assert f'"locale":"{locale}"'.encode() in answer.body
    assert made == ["__schema", "metadata"] * 2
    for name in ("Customer", "User"):
        found = await api.data("query ($n: String!) { __type(name: $n) { name } }", n=name)
        assert found == {"__type": {"name": name}}


async def test_a_client_that_keeps_changing_its_text_cannot_fill_the_cache(api: Api) -> None:
    api.endpoint = Endpoint(api.tables, api.database, cache_bytes=50_000)
    for at in range(30):
        await api.data(f"{{ c{at}: customers {{ totalCount }} }}")
    assert 0 < api.endpoint.cached_bytes <= 50_000
    made = api.endpoint.counters.plans
    await api.data("{ c29: customers { totalCount } }")
    assert api.endpoint.counters.plans == made


def test_the_cache_lets_go_of_what_was_not_used_for_longest() -> None:
    cache = ByteCache(10)
    cache.put("a", 1, 4)
    cache.put("b", 2, 4)
    assert cache.get("a") == 1
    cache.put("c", 3, 4)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
    cache.put("a", 5, 6)
    assert cache.bytes == 10
    cache.put("d", 6, 11)
    assert (cache.get("d"), cache.bytes) == (None, 10)
