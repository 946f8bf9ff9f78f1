"""Stored records that are like others: found by keys, scored by rules, recorded as pairs."""

from collections.abc import Mapping
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode.hookspecs import Desk, UnitOf
from salesmode_duplicates.asked import compared_fields
from salesmode_duplicates.backfill import AT_ONCE, fill_in
from salesmode_duplicates.commands import explain_match
from salesmode_duplicates.pairing import CROWD
from salesmode_duplicates.pairs import APART, settle_pairs
from salesmode_duplicates.search import NEW, matches
from salesmode_duplicates.telling import told
from tests.plugins.duplicates.apps import MATCHING
from tests.plugins.duplicates.world import PHONE, World, opened


async def like(world: World, person: str | None = None, **values: Any) -> list[Mapping[str, Any]]:
    """What that person is told of records that are like one with these values."""

    def work(desk: Desk) -> UnitOf[Any]:
        fields = compared_fields(desk.model, "household")
        record = {"id": NEW, **{name: values.get(name) for name in fields}}
        found = yield from matches(desk, "household", [record], every=True)
        return (yield from told(desk, "household", found, [record]))

    found: list[Mapping[str, Any]] = await world.do(work, person)
    return found


async def pairs(world: World) -> set[tuple[str, str, str, int, bool]]:
    fields = "first second status score certain"
    return {tuple(row[each] for each in fields.split()) for row in await world.read("match_pair", fields)}  # type: ignore[misc]


async def test_records_are_found_by_any_key_and_told_with_evidence(world: World) -> None:
    same = await world.household(phone=PHONE)
    likely = await world.household(
        name="Li Wei", address="张杨路500弄3号1201室", second_phone="+8613900000001"
    )
    await world.household(name="王芳", phone="+8613900000002")
    await world.settle()
    found = await like(world, phone="138 1234 5678", name="李伟", address="张杨路500弄3号楼1201")
    assert [(each["record"], each["score"], each["certain"]) for each in found] == [
        (same, 95, True),
        (likely, 72, False),
    ]
    assert found[0]["evidence"] == [
        {"comparison": "phone", "points": 60},
        {"comparison": "name", "points": 35},
    ]


async def test_of_what_one_may_not_see_only_that_it_is_there_is_told(world: World) -> None:
    await world.household(phone=PHONE, owner=world.id("bob"))
    await world.settle()
    (found,) = await like(world, "ann", phone=PHONE, name="李伟")
    assert found == {
        "record": None,
        "rule": None,
        "certain": True,
        "score": None,
        "evidence": [],
        "ask": "an administrator",
    }


async def test_evidence_in_fields_that_one_may_not_see_is_not_told(world: World) -> None:
    mine = await world.household(phone=PHONE, wechat="li_wei", owner=world.id("ann"))
    await world.settle()
    (found,) = await like(world, "ann", phone=PHONE, wechat="li_wei", name="李伟")
    assert (found["record"], found["score"], found["certain"]) == (mine, 95, True)
    assert [each["comparison"] for each in found["evidence"]] == ["phone", "name"]


async def test_which_record_is_alike_in_a_hidden_field_is_not_told(world: World) -> None:
    """That there is one is told, for that is what the rule is for; which one is not: no value is guessed."""
    await world.household(name="王芳", wechat="li_wei", address="张杨路500弄3号", owner=world.id("ann"))
    await world.settle()
    (found,) = await like(world, "ann", wechat="li_wei", name="赵敏", address="张杨路500弄3号")
    assert (found["record"], found["score"], found["evidence"]) == (None, None, [])


async def test_what_contradicts_in_a_hidden_field_changes_nothing_of_what_is_told(database_url: str) -> None:
    strict = MATCHING.replace("as: account, points: 60}", "as: account, points: 60, against: 50}")
    async with opened(database_url, strict) as world:
        for wechat in ("li_wei", "zhao_min"):
            await world.household(phone=PHONE, wechat=wechat, owner=world.id("ann"))
        await world.settle()
        found = await like(world, "ann", phone=PHONE, wechat="li_wei", name="李伟")
        assert [(each["score"], each["certain"]) for each in found] == [(95, True), (95, True)]
        all_seen = await like(world, "mo", phone=PHONE, wechat="li_wei", name="李伟")
        assert [each["score"] for each in all_seen] == [100]


async def test_whom_to_ask_is_the_rules_own(database_url: str) -> None:
    ask = MATCHING + "ask: {en: the front desk, zh: 前台}\nask_owner: true\n"
    async with opened(database_url, ask) as world:
        await world.household(phone=PHONE, owner=world.id("bob"))
        await world.household(phone="+8613900000001", owner=None)
        await world.settle()
        assert [each["ask"] for each in await like(world, "ann", phone=PHONE, name="李伟")] == ["bob"]
        told_ = await like(world, "ann", phone="+8613900000001", name="李伟")
        assert [each["ask"] for each in told_] == ["the front desk"]


async def test_deleted_records_and_those_that_do_not_take_part_are_not_found(database_url: str) -> None:
    async with opened(database_url, MATCHING + "where: {income: {isNull: true}}\n") as world:
        gone = await world.household(phone=PHONE)
        await world.household(phone=PHONE, income="1.00")
        await world.settle()
        await world.do(lambda desk: desk.delete("household", [gone]))
        assert await like(world, phone=PHONE, name="李伟") == []


async def test_a_crowd_under_one_key_is_left_aside(world: World) -> None:
    crowd = [{"name": "李伟", "phone": PHONE} for _ in range(CROWD + 1)]
    await world.do(lambda desk: desk.create("household", crowd))
    await world.settle()
    assert await like(world, phone=PHONE, name="李伟") == []


async def test_the_number_of_statements_does_not_grow(world: World) -> None:
    sizes = []
    for count in (2, 60):
        rows = [{"name": "李伟", "phone": f"+86139{count:04}{at // 2:04}"} for at in range(count)]
        world.api.heard.clear()
        await world.do(lambda desk, rows=rows: desk.create("household", rows))
        sizes.append(len(world.api.heard))
    assert sizes[0] == sizes[1]


async def test_records_that_were_there_before_are_gone_through_page_by_page(world: World) -> None:
    rows = [{"name": "李伟", "phone": f"+86139{at // 2:08}"} for at in range(AT_ONCE + 50)]
    await world.do(lambda desk: desk.create("household", rows))
    await world.settle()
    assert len(await pairs(world)) == (AT_ONCE + 50) // 2
    assert await world.do(fill_in) == 0
    world.api.heard.clear()
    await world.settle()
    assert len(world.api.heard) == 1


async def test_pairs_are_recorded_once_and_decisions_stay(world: World) -> None:
    one, two, three = [await world.household(phone=PHONE) for _ in range(3)]
    await world.settle()
    assert await pairs(world) == {
        (one, two, "open", 95, True),
        (one, three, "open", 95, True),
        (two, three, "open", 95, True),
    }
    await world.do(lambda desk: settle_pairs(desk, "household", [one, two], APART, "neighbours"))
    await world.start_again()
    await world.settle()
    assert (one, two, "apart", 95, True) in await pairs(world)
    assert len(await pairs(world)) == 3


async def test_records_that_nobody_proposed_can_be_kept_apart(world: World) -> None:
    one, two = await world.household(), await world.household(name="王芳")
    await world.do(lambda desk: settle_pairs(desk, "household", [one, two], APART, "checked"))
    assert await pairs(world) == {(one, two, "apart", 0, False)}


async def test_it_is_explained(world: World) -> None:
    one, two = await world.household(phone=PHONE), await world.household(phone=PHONE)
    await world.settle()
    given = {"object": "household", "id": one}
    lines = await world.do(lambda desk: explain_match(desk, given))
    assert lines == [
        "rule same_household: likely from 60, certain from 90",
        f"  key phone: {PHONE}",
        f"{two}: 95 points by same_household, certain",
        "  phone: +60 (100% alike)",
        "  name: +35 (100% alike)",
    ]
    for wrong, code in (({"object": "order", "id": one}, "BAD_REQUEST"), ({**given, "id": "x"}, "NOT_FOUND")):
        with pytest.raises(Refusal) as refused:
            await world.do(lambda desk, wrong=wrong: explain_match(desk, wrong))
        assert refused.value.code == code
