"""Pages: sizes, directions, offsets, cursors, and what is told of the pages around (RULING 34)."""

import json
from typing import Any

import pytest

from salesmode.diagnostics.refusal import Refusal
from tests.support.world import World, its

PARTS = (
    "edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"
)


async def page(world: World, arguments: str, person: str = "eve", **variables: object) -> dict[str, Any]:
    """`ids` are the numbers of the customers; `next` and `previous` whether there are more."""
    found = await world.ask(person, f"customers{arguments} {{ {PARTS} }}", **variables)
    cursors = [each["cursor"] for each in found["edges"]]
    info = found["pageInfo"]
    assert (info["startCursor"], info["endCursor"]) == (
        (cursors[0], cursors[-1]) if cursors else (None, None)
    )
    return {
        "ids": [int(each["node"]["id"][-4:]) for each in found["edges"]],
        "next": info["hasNextPage"],
        "previous": info["hasPreviousPage"],
        "cursors": cursors,
        "total": found["totalCount"],
    }


@pytest.mark.parametrize(
    ("arguments", "ids", "previous", "next_"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7], False, False),
        ("(first: 2)", [1, 2], False, True),
        ("(first: 7)", [1, 2, 3, 4, 5, 6, 7], False, False),
        ("(first: 0)", [], False, True),
        ("(first: 1000)", [1, 2, 3, 4, 5, 6, 7], False, False),
        ("(first: null, after: null)", [1, 2, 3, 4, 5, 6, 7], False, False),
        ("(last: 2)", [6, 7], True, False),
        ("(last: 7)", [1, 2, 3, 4, 5, 6, 7], False, False),
        ("(last: 0)", [], True, False),
        ("(offset: 5)", [6, 7], True, False),
        ("(first: 2, offset: 2)", [3, 4], True, True),
        ("(first: 2, offset: 0)", [1, 2], False, True),
        ("(first: 2, offset: 99)", [], True, False),
    ],
)
async def test_a_page_and_what_lies_around_it(
    world: World, arguments: str, ids: list[int], previous: bool, next_: bool
) -> None:
    found = await page(world, arguments)
    assert (found["ids"], found["previous"], found["next"], found["total"]) == (ids, previous, next_, 7)


async def test_a_cursor_goes_on_where_its_row_stands(world: World) -> None:
    order = "orderBy: [{grade: DESC}]"  # 4 5 1 6 2 7 3
    first = await page(world, f"(first: 3, {order})")
    assert first["ids"] == [4, 5, 1]
    after = await page(world, f"(first: 3, {order}, after: $cursor)", cursor=first["cursors"][-1])
    assert (after["ids"], after["previous"], after["next"]) == ([6, 2, 7], True, True)
    rest = await page(world, f"(first: 3, {order}, after: $cursor)", cursor=after["cursors"][-1])
    assert (rest["ids"], rest["next"]) == ([3], False)
    none = await page(world, f"(first: 3, {order}, after: $cursor)", cursor=rest["cursors"][-1])
    assert (none["ids"], none["previous"], none["next"], none["total"]) == ([], True, False, 7)
    back = await page(world, f"(last: 2, {order}, before: $cursor)", cursor=rest["cursors"][0])
    assert (back["ids"], back["previous"], back["next"]) == ([2, 7], True, True)


async def test_a_cursor_of_a_row_that_went_still_has_its_place(world: World) -> None:
    found = await page(world, "(orderBy: [{name: ASC}], first: 1)")
    print_, name, _ = json.loads(found["cursors"][0])
    between = json.dumps([print_, name + "?", its("customer", 99)])
    found = await page(world, "(orderBy: [{name: ASC}], first: 2, after: $cursor)", cursor=between)
    assert found["ids"] == [2, 3]


async def test_a_cursor_holds_what_the_reader_sees_of_the_keys(world: World) -> None:
    found = await page(world, "(orderBy: [{revenue: DESC}, {owner: {name: ASC}}])", person="ann")
    keys = {ids: json.loads(each)[1:-1] for ids, each in zip(found["ids"], found["cursors"], strict=True)}
    assert keys == {
        1: ["100.00", "Ann"],
        2: ["0.05", "Ann"],
        3: ["-7.00", "Ann"],
        5: [None, "Bob"],
        4: [None, None],
    }


async def test_connections_below_a_record_are_paged_like_those_above(world: World) -> None:
    text = (
        "customer(id: $id) { opportunities(first: $n, orderBy: [{amount: ASC}], after: $cursor) "
        "{ nodes { name } edges { cursor } pageInfo { hasNextPage } totalCount } }"
    )
    found = (await world.ask("eve", text, id=its("customer", 1), n=2, cursor=None))["opportunities"]
    assert [each["name"] for each in found["nodes"]] == ["One", "Two"]
    assert (found["pageInfo"]["hasNextPage"], found["totalCount"]) == (True, 3)
    cursor = found["edges"][-1]["cursor"]
    found = (await world.ask("eve", text, id=its("customer", 1), n=2, cursor=cursor))["opportunities"]
    assert [each["name"] for each in found["nodes"]] == ["Three"]
    assert not found["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        ("(first: 1001)", {}),
        ("(first: $n)", {"n": 1001}),
        ("(first: -1)", {}),
        ("(last: $n)", {"n": -1}),
        ("(offset: -1)", {}),
        ("(offset: $n)", {"n": -1}),
        ("(first: 1, last: 1)", {}),
        ("(last: 1, offset: 1)", {}),
    ],
)
async def test_a_wrong_page_is_refused_and_never_capped(
    world: World, arguments: str, variables: dict[str, object]
) -> None:
    with pytest.raises(Refusal) as refused:
        await page(world, arguments, **variables)
    assert refused.value.code == "BAD_REQUEST"


@pytest.mark.parametrize(
    "arguments",
    [
        "(first: 1, before: $cursor)",
        "(last: 1, after: $cursor)",
        "(after: $cursor, before: $cursor)",
        "(after: $cursor, offset: 1)",
        "(after: $cursor, orderBy: [{name: ASC}])",  # another order
        "(after: $cursor, orderBy: [{revenue: ASC}])",
        "(after: $cursor, orderBy: [{revenue: DESC}, {name: ASC}])",
    ],
)
async def test_a_cursor_in_the_wrong_place_is_refused(world: World, arguments: str) -> None:
    found = await page(world, "(first: 1, orderBy: [{revenue: DESC}])")
    with pytest.raises(Refusal) as refused:
        await page(world, arguments, cursor=found["cursors"][0])
    assert refused.value.code == "BAD_REQUEST"


async def test_a_cursor_of_another_object_is_refused(world: World) -> None:
    found = await page(world, "(first: 1)")
    with pytest.raises(Refusal, match="another list or order"):
        await world.ask("eve", "opportunities(after: $cursor) { nodes { id } }", cursor=found["cursors"][0])


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "x",
        "[]",
        "{{}}",
        "null",
        '["{print}"]',
        '["{print}", "5.00"]',
        '["{print}", "5.00", "no id"]',
        '["{print}", "5.00", 7]',
        '["{print}", "5.00", null]',
        '["{print}", "five", "{id}"]',
        '["{print}", 5.5, "{id}"]',
        '["{print}", true, "{id}"]',
        '["{print}", ["5.00"], "{id}"]',
        '["{print}", {{"a": 1}}, "{id}"]',
        '["{print}", "5.001", "{id}"]',
        '["{print}", "99999999999999999999.00", "{id}"]',
        '["{print}", "5.00", "5.00", "{id}"]',
        '["0123456789ab", "5.00", "{id}"]',
    ],
)
async def test_a_cursor_that_was_tampered_with_is_refused(world: World, broken: str) -> None:
    found = await page(world, "(first: 1, orderBy: [{revenue: ASC}])")
    print_ = json.loads(found["cursors"][0])[0]
    cursor = broken.format(print=print_, id=its("customer", 1))
    with pytest.raises(Refusal) as refused:
        await page(world, "(first: 1, orderBy: [{revenue: ASC}], after: $cursor)", cursor=cursor)
    assert refused.value.code == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("{grade: ASC}", "99999999999"),
        ("{grade: ASC}", '"a"'),
        ("{staff: ASC}", "99999999999"),
        ("{orders: ASC}", '"99999999999999999999"'),
        ("{name: ASC}", "7"),
        ("{name: ASC}", '"\\u0000"'),
        ("{vip: ASC}", "7"),
        ("{founded: ASC}", '"2026-13-01"'),
        ("{lastSeen: ASC}", '"2026-01-01"'),
        ("{id: ASC}", '"x"'),
    ],
)
async def test_a_key_that_never_was_one_is_refused(world: World, order: str, key: str) -> None:
    found = await page(world, f"(first: 1, orderBy: [{order}])")
    parts = json.loads(found["cursors"][0])
    keys = [key] if len(parts) == 3 else []
    cursor = f'["{parts[0]}", {", ".join([*keys, key if not keys else json.dumps(parts[-1])])}]'
    with pytest.raises(Refusal, match="another list or order"):
        await page(world, f"(first: 1, orderBy: [{order}], after: $cursor)", cursor=cursor)
