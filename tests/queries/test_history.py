"""`history`: newest first, and nothing of what its reader may not see now (RULING 41)."""

import json
from typing import Any

import pytest

from salesmode.diagnostics.refusal import Refusal
from tests.support.world import ANN, BOB, EVE, World, its

PARTS = (
    "totalCount nodes { at operation by { name } changes { field label old new } } edges { cursor } "
    "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
)


async def history(world: World, person: str, customer: int, arguments: str = "", **variables: object) -> Any:
    text = f"customer(id: $id) {{ history{arguments} {{ {PARTS} }} }}"
    return (await world.ask(person, text, id=its("customer", customer), **variables))["history"]


def told(found: Any) -> list[tuple[str | None, list[tuple[str, Any, Any]]]]:
    """Who, and what changed from what to what."""
    return [
        (
            each["by"] and each["by"]["name"],
            [(its_["field"], its_["old"], its_["new"]) for its_ in each["changes"]],
        )
        for each in found["nodes"]
    ]


async def test_an_administrator_is_told_everything_newest_first(world: World) -> None:
    found = await history(world, "root", 1)
    assert told(found) == [
        ("Root", []),
        ("Ann", [("watchers", [ANN], [ANN, EVE])]),
        ("Ann", [("watchers", [EVE], [ANN, EVE])]),
        ("Root", [("cost", "1.00", "60.00")]),
        ("Bob", [("owner", BOB, ANN), ("revenue", "1.00", "100.00")]),
        ("Eve", [("owner", EVE, BOB)]),
        ("Ann", [("name", None, "Acme"), ("owner", None, EVE)]),
    ]
    assert found["totalCount"] == 7
    assert [each["operation"] for each in found["nodes"]] == ["restored", *["updated"] * 5, "created"]
    assert found["nodes"][0]["at"] == "2026-03-31T17:37:00Z"
    assert found["nodes"][3]["changes"] == [{"field": "cost", "label": "cost", "old": "1.00", "new": "60.00"}]


async def test_hidden_fields_hidden_rows_and_what_is_left_empty_are_not_told(world: World) -> None:
    """Neither cost nor Eve exist for Ann: the change of cost and the watcher Eve are no entries for her."""
    found = await history(world, "ann", 1)
    assert told(found) == [
        (None, []),
        ("Ann", [("watchers", [], [ANN])]),
        ("Bob", [("owner", BOB, ANN), ("revenue", "1.00", "100.00")]),
        (None, [("owner", None, BOB)]),
        ("Ann", [("name", None, "Acme")]),
    ]
    assert found["totalCount"] == 5


async def test_a_field_is_told_of_where_its_value_is_clear_now(world: World) -> None:
    assert told(await history(world, "ann", 4)) == [(None, [("name", "old", "beta")])]
    assert told(await history(world, "eve", 4)) == [
        ("Eve", [("name", "old", "beta")]),
        ("Eve", [("revenue", "1.00", "300.00")]),
    ]


async def test_what_is_only_ever_masked_is_not_told(world: World) -> None:
    assert all("wechat" not in str(each) for each in told(await history(world, "eve", 1)))


async def test_entries_are_paged_by_cursor(world: World) -> None:
    whole = told(await history(world, "ann", 1))
    found = await history(world, "ann", 1, "(first: 2)")
    assert (told(found), found["totalCount"]) == (whole[:2], 5)
    info = found["pageInfo"]
    assert (info["hasNextPage"], info["hasPreviousPage"]) == (True, False)
    assert info["endCursor"] == found["edges"][-1]["cursor"]
    found = await history(world, "ann", 1, "(first: 2, after: $cursor)", cursor=info["endCursor"])
    assert told(found) == whole[2:4]
    found = await history(world, "ann", 1, "(last: 1, before: $cursor)", cursor=found["edges"][0]["cursor"])
    assert told(found) == whole[1:2]
    found = await history(world, "ann", 1, "(last: 1)")
    assert (told(found), found["pageInfo"]["hasPreviousPage"]) == (whole[-1:], True)


async def test_a_cursor_of_a_list_is_none_of_a_history(world: World) -> None:
    found = await world.ask("ann", "customers(first: 1) { edges { cursor } }")
    with pytest.raises(Refusal, match="another list or order"):
        await history(world, "ann", 1, "(after: $cursor)", cursor=found["edges"][0]["cursor"])


async def test_histories_of_a_page_of_records_are_one_statement(world: World) -> None:
    text = "customers { nodes { id history(first: 1) { nodes { by { name customers { totalCount } } } } } }"
    found = json.loads(str(await world.raw("ann", text)))
    assert len(world.heard) == 1
    authors = [[each["by"] for each in row["history"]["nodes"]] for row in found["nodes"]]
    assert authors == [[None], [], [], [None], []]


async def test_selections_of_changes_stand_side_by_side(world: World) -> None:
    text = "customer(id: $id) { history(first: 2) { nodes { a: changes { field } b: changes { new } } } }"
    found = await world.ask("ann", text, id=its("customer", 1))
    assert found["history"]["nodes"] == [
        {"a": [], "b": []},
        {"a": [{"field": "watchers"}], "b": [{"new": [ANN]}]},
    ]
