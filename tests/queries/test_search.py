"""`search`: a text in searchable fields that the caller may compare, object by object, newest first."""

import pytest

from salesmode.diagnostics.refusal import Refusal
from tests.support.world import World

HIT = "object id title"


async def hits(world: World, person: str, arguments: str, **variables: object) -> list[tuple[str, int]]:
    found = await world.ask(person, f"search({arguments}) {{ {HIT} }}", **variables)
    return [(each["object"], int(each["id"][-4:])) for each in found]


async def test_a_text_is_found_whatever_its_case(world: World) -> None:
    assert await hits(world, "eve", "text: $x", x="BETA") == [("customer", 4), ("customer", 2)]
    assert await hits(world, "eve", "text: $x", x="äs") == [("customer", 3)]


async def test_objects_come_in_order_and_newest_first_within_each(world: World) -> None:
    expected = [("customer", 7), ("customer", 6), ("opportunity", 7), ("opportunity", 1)]
    assert [each for each in await hits(world, "eve", "text: $x", x="e") if each in expected] == [
        *(("customer", 6), ("opportunity", 7), ("opportunity", 1)),
    ]


async def test_only_visible_rows_and_clear_values_are_searched(world: World) -> None:
    assert await hits(world, "ann", "text: $x", x="eta 100") == []
    assert await hits(world, "ann", "text: $x", x="hidden") == []
    assert await hits(world, "eve", "text: $x", x="acme_wechat") == []
    assert await hits(world, "ann", "text: $x", x="acme_wechat") == [("customer", 1)]
    assert await hits(world, "ann", "text: $x", x="owes") == []
    assert await hits(world, "root", "text: $x", x="owes") == [("memo", 1)]
    assert await hits(world, "stat", "text: $x", x="a") == []


async def test_the_number_and_the_objects_can_be_limited(world: World) -> None:
    assert await hits(world, "eve", "text: $x, first: 1", x="beta") == [("customer", 4)]
    assert await hits(world, "eve", "text: $x, first: $n", x="beta", n=0) == []
    assert await hits(world, "eve", "text: $x, objects: [opportunity]", x="o") == [
        *(("opportunity", 4), ("opportunity", 2), ("opportunity", 1)),
    ]
    assert await hits(world, "eve", "text: $x, objects: [activity]", x="call") == []


async def test_a_title_has_nothing_where_its_reader_may_not_read(world: World) -> None:
    text = "search(text: $x) { title record { ... on Customer { name } ... on Opportunity { name } } }"
    found = await world.ask("ann", text, x="one")
    assert found == [{"title": 'One of Acme "1" \\ 客户 😀', "record": {"name": "One"}}]
    found = await world.ask("root", 'search(text: "owes") { title }')
    assert found == [{"title": "Beta owes us"}]


async def test_a_wrong_number_or_object_is_refused(world: World) -> None:
    for arguments in ('text: "a", first: 1001', 'text: "a", first: -1', 'text: "a", objects: [memo]'):
        with pytest.raises(Refusal) as refused:
            await hits(world, "eve", arguments)
        assert refused.value.code == "BAD_REQUEST"
