"""What happens when records are written: refused, recorded, linked; keys follow every write."""

from asyncio import gather
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode_duplicates.writing import CODE
from tests.plugins.duplicates.apps import MATCHING
from tests.plugins.duplicates.world import PHONE, World, opened

CREATE = """mutation ($input: HouseholdCreate!) {
  createHousehold(input: $input) { household { id twin { id } } } }"""
CREATE_MANY = "mutation ($input: [HouseholdCreate!]!) { createHouseholds(input: $input) { count } }"

VISITORS = """
kind: object
name: visitor
fields: {name: {type: text}, phone: {type: phone}}
---
kind: match_rule
name: same_visitor
object: visitor
compare: [{name: phone, as: phone, points: 100}]
on_create: block
"""  # without an automatic number, for which creations wait anyway
VISIT = "mutation ($input: VisitorCreate!) { createVisitor(input: $input) { visitor { id } } }"


async def pairs(world: World, *status: str) -> set[tuple[str, str]]:
    rows = await world.read("match_pair", "first second", where={"status": list(status or ["open"])})
    return {(row["first"], row["second"]) for row in rows}


async def keys(world: World, *records: str) -> int:
    return len(await world.read("match_key", "", where={"record": {"in": list(records)}}))


async def test_new_records_have_keys_and_likely_pairs_are_recorded(world: World) -> None:
    one = await world.household(phone=PHONE)
    two = await world.household(phone=PHONE, name="Li Wei")
    assert await keys(world, one, two) == 2
    assert await pairs(world) == {(one, two)}


async def test_pairs_within_one_request_are_found_too(world: World) -> None:
    rows = [{"name": "李伟", "phone": PHONE}, {"name": "Li Wei", "phone": PHONE}]
    one, two = await world.do(lambda desk: desk.create("household", rows))
    assert await pairs(world) == {(one, two)}


async def test_keys_follow_changes_and_what_is_not_alike_any_more_is_forgotten(world: World) -> None:
    one, two = await world.household(phone=PHONE), await world.household(phone=PHONE)
    await world.api.change("household", two, phone="+8613900000001")
    assert await pairs(world) == set()
    three = await world.household(phone="+8613900000001")
    assert await pairs(world) == {(two, three)}
    await world.api.change("household", two, phone=None)
    assert await keys(world, two) == 0
    await world.api.change("household", two, phone=PHONE)
    assert await pairs(world) == {(one, two)}


async def test_a_change_of_nothing_that_is_compared_asks_nothing(world: World) -> None:
    one = await world.household(phone=PHONE)
    world.api.heard.clear()
    await world.api.change("household", one, income="5.00")
    assert not [each for each in world.api.heard if "match_" in each]


async def test_deleted_records_are_not_found_and_restored_ones_are(world: World) -> None:
    one, two = await world.household(phone=PHONE), await world.household(phone=PHONE)
    await world.do(lambda desk: desk.delete("household", [two]))
    assert await keys(world, one, two) == 1
    assert await pairs(world) == set()
    await world.do(lambda desk: desk.restore("household", [two]))
    assert await pairs(world) == {(one, two)}


@pytest.mark.parametrize("locale", ["en", "zh"])
async def test_a_duplicate_is_refused_where_its_rule_blocks_it(database_url: str, locale: str) -> None:
    async with opened(database_url, MATCHING + "on_create: block\nask: {en: Mo, zh: 莫}\n") as world:
        world.api.locale = locale
        await world.household(phone=PHONE, owner=world.id("bob"))
        given = {"name": "李伟", "phone": PHONE}
        hidden = await world.api.error("ann", CREATE, input=given)
        seen = await world.api.error("mo", CREATE, input=given)
        for error, words in ((hidden, ("Mo", "莫")), (seen, ("already: 李伟", "已存在：李伟"))):
            (problem,) = error["extensions"]["problems"]
            assert error["extensions"]["code"] == "VALIDATION_FAILED"
            assert (problem["path"], problem["code"]) == (["input"], CODE)
            assert words[locale == "zh"] in problem["message"]
        assert len(await world.read("household", "")) == 1
        assert await pairs(world) == set()


async def test_what_is_only_likely_is_not_blocked_but_told(database_url: str) -> None:
    async with opened(database_url, MATCHING + "on_create: block\n") as world:
        one = await world.household(phone=PHONE)
        two = await world.household(phone=PHONE, name="")
        assert await pairs(world) == {(one, two)}


async def test_of_two_in_one_request_the_later_one_is_refused(database_url: str) -> None:
    async with opened(database_url, MATCHING + "on_create: block\n") as world:
        given = [{"name": "王芳"}, {"name": "李伟", "phone": PHONE}, {"name": "李伟", "phone": PHONE}]
        code, problems = await world.api.refused("ann", CREATE_MANY, input=given)
        assert (code, problems) == ("VALIDATION_FAILED", [(("input", 2), CODE)])
        assert await world.read("household", "") == []


async def test_a_new_record_is_linked_to_the_one_that_was_there(database_url: str) -> None:
    async with opened(database_url, MATCHING + "on_create: link\nlink: twin\n") as world:
        one = await world.household(phone=PHONE)
        answer = await world.api.data("mo", CREATE, input={"name": "李伟", "phone": PHONE})
        two = answer["createHousehold"]["household"]
        assert two["twin"] == {"id": one}
        assert await pairs(world, "linked") == {(one, two["id"])}


async def test_an_import_of_many_blocks_as_well(database_url: str) -> None:
    async with opened(database_url, MATCHING + "on_create: block\n") as world:
        rows: list[dict[str, Any]] = [{"name": "李伟", "phone": f"+86139{at:08}"} for at in range(300)]
        with pytest.raises(Refusal) as refused:
            await world.do(lambda desk: desk.create("household", [*rows, rows[7]]))
        assert [each.code for each in refused.value.problems] == [CODE]


async def test_of_many_who_create_the_same_at_once_one_succeeds(database_url: str) -> None:
    async with opened(database_url, VISITORS) as world:
        given = {"name": "李伟", "phone": PHONE}
        answers = await gather(*(world.api.ask("root", VISIT, input=given) for _ in range(12)))
        refused = [each for each in answers if "errors" in each]
        assert {each["errors"][0]["extensions"]["code"] for each in refused} == {"VALIDATION_FAILED"}
        assert len(refused) == 11
        assert len(await world.read("visitor", "")) == 1
