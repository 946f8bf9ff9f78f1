"""Duplicates, merging and rulings over GraphQL, with the rights of whoever asks."""

from typing import Any

import pytest

from salesmode_duplicates.panels import panels
from salesmode_duplicates.remains import told_rest
from salesmode_duplicates.undoing import Rest
from tests.plugins.duplicates.apps import MATCHING, ROLES, RULING
from tests.plugins.duplicates.world import PHONE, World, opened

DUPLICATES = """query ($id: ID!) { duplicatesOfHousehold(id: $id) {
  record { id name } rule certain score evidence { comparison points } ask } }"""
LIKE = """query ($values: HouseholdMatchInput!) { findHouseholdsLike(values: $values) {
  record { id } certain ask } }"""
MERGE = """mutation ($ids: [ID!]!, $into: ID, $choose: [HouseholdMergeChoice!]) {
  mergeHouseholds(ids: $ids, into: $into, choose: $choose) { household { id name phone } merge moved } }"""
UNDO = """mutation ($id: ID!) { undoHouseholdMerge(id: $id) {
  household { id phone } restored { id } rest { object id field why } } }"""
TYPES = "{ __schema { types { name } mutationType { fields { name } } } }"
ADMINISTRATOR = "an administrator"
APART = "mutation ($ids: [ID!]!) { keepHouseholdsApart(ids: $ids) }"
CLAIM = """mutation ($id: ID!, $kind: String!, $user: ID) {
  claimOwnershipOfHousehold(id: $id, kind: $kind, user: $user, reason: "agreed") {
    household { id } claim } }"""
RULE = """mutation ($id: ID!) { ruleOnHousehold(id: $id) {
  household { owner { name } } clause owner { name } shares { user { name } share } reason } }"""


async def both(world: World, **values: Any) -> tuple[str, str]:
    """Two records of one household, the first Ann's, the second Bob's."""
    first = await world.household(phone=PHONE, owner=world.id("ann"))
    return first, await world.household(name="Li Wei", phone=PHONE, owner=world.id("bob"), **values)


async def test_duplicates_are_told_in_full_or_as_there(world: World) -> None:
    first, second = await both(world)
    seen = await world.api.data("mo", DUPLICATES, id=first)
    assert seen["duplicatesOfHousehold"] == [
        {
            "record": {"id": second, "name": "Li Wei"},
            "rule": "Same household",
            "certain": True,
            "score": 92,
            "evidence": [{"comparison": "phone", "points": 60}, {"comparison": "name", "points": 32}],
            "ask": None,
        }
    ]
    hidden = await world.api.data("ann", DUPLICATES, id=first)
    assert hidden["duplicatesOfHousehold"] == [
        {
            "record": None,
            "rule": None,
            "certain": True,
            "score": None,
            "evidence": [],
            "ask": "an administrator",
        }
    ]
    assert (await world.api.refused("ann", DUPLICATES, id=second))[0] == "NOT_FOUND"


async def test_one_looks_before_one_creates(world: World) -> None:
    first, _ = await both(world)
    found = await world.api.data("ann", LIKE, values={"phone": "138-1234-5678", "name": "李伟"})
    assert found["findHouseholdsLike"] == [
        {"record": {"id": first}, "certain": True, "ask": None},
        {"record": None, "certain": True, "ask": ADMINISTRATOR},
    ]


async def test_fields_that_one_may_not_name_are_not_asked_for(world: World) -> None:
    query = '{ __type(name: "HouseholdMatchInput") { inputFields { name } } }'
    names = {}
    for person in ("ann", "mo"):
        found = await world.api.data(person, query)
        names[person] = {each["name"] for each in found["__type"]["inputFields"]}
    assert names["mo"] - names["ann"] == {"wechat"}


async def test_a_pair_that_is_alike_in_what_only_one_of_them_shows_is_not_told(database_url: str) -> None:
    """Ann sees accounts of her own households only; that of another one is not told by what it is like."""
    sees = ROLES.replace(
        "read: {where: {owner: $user.id}}\n    create: true\n    update: {where: {owner: $user.id}}\n"
        "    fields: {default: write, wechat: none}",
        "read: true\n    create: true\n"
        "    fields: {default: read, name: write, wechat: {read: {where: {owner: $user.id}}}}",
    )
    assert sees != ROLES
    async with opened(database_url, MATCHING, roles=sees) as world:
        await world.household(wechat="li_wei", owner=world.id("ann"))
        bobs = await world.household(wechat="li_wei", owner=world.id("bob"))
        (found,) = (await world.api.data("ann", DUPLICATES, id=bobs))["duplicatesOfHousehold"]
        assert (found["record"], found["evidence"], found["score"]) == (None, [], None)


BY_PHONE = """
kind: match_rule
name: by_phone
object: household
compare: [{name: phone, as: phone, points: 60}, {name: name, as: person, points: 70}]
on_create: {certain: block, likely: block}
"""
SEES = ROLES.replace(
    "read: {where: {owner: $user.id}}\n    create: true\n    update: {where: {owner: $user.id}}\n"
    "    fields: {default: write, wechat: none}",
    "read: true\n    create: true\n"
    "    fields: {name: write, phone: {read: {where: {owner: $user.id}}, write: true}}",
)
CREATE = "mutation ($input: HouseholdCreate!) { createHousehold(input: $input) { household { id } } }"


async def test_what_is_found_by_a_value_that_is_hidden_is_not_named(database_url: str) -> None:
    """Both names are seen and make a likely pair; but it is looked at because the telephones agree."""
    async with opened(database_url, BY_PHONE, roles=SEES) as world:
        bobs = await world.household(name="李伟", phone=PHONE, owner=world.id("bob"))
        (found,) = (await world.api.data("ann", LIKE, values={"name": "李伟", "phone": PHONE}))[
            "findHouseholdsLike"
        ]
        assert found == {"record": None, "certain": True, "ask": ADMINISTRATOR}
        blocked = await world.api.error("ann", CREATE, input={"name": "李伟", "phone": PHONE})
        assert "李伟" not in str(blocked)
        await world.api.change("household", bobs, owner=world.id("ann"))
        (found,) = (await world.api.data("ann", LIKE, values={"name": "李伟", "phone": PHONE}))[
            "findHouseholdsLike"
        ]
        assert found == {"record": {"id": bobs}, "certain": True, "ask": None}


async def test_a_merge_and_its_undoing(world: World) -> None:
    first, second = await both(world)
    await world.api.new("order", name="1", household=second)
    answer = await world.api.data(
        "mo",
        MERGE,
        ids=[first, second],
        into=first.upper(),
        choose=[{"field": "name", "from": second.upper()}],
    )
    merged = answer["mergeHouseholds"]
    assert merged["household"] == {"id": first, "name": "Li Wei", "phone": PHONE}
    assert merged["moved"] == 1
    await world.api.change("household", first, name="Li Wei junior")
    undone = (await world.api.data("mo", UNDO, id=first))["undoHouseholdMerge"]
    assert undone["restored"] == [{"id": second}]
    assert undone["rest"] == [{"object": "household", "id": first, "field": "name", "why": "changed_since"}]
    assert (await world.api.refused("mo", UNDO, id=first))[0] == "NOT_FOUND"


LEADER = """
kind: role
name: leader
objects:
  household:
    read: {where: {owner: $user.id}}
    merge: true
    fields: {name: read, address: {read: {where: {name: A}}}, wechat: masked}
  order: {read: {where: {name: {ne: hidden}}}, fields: {name: read, household: read, guests: read}}
  task: {read: true, fields: {subject: read}}
  person: {read: true, fields: {household: read}}
"""


async def test_what_stays_is_told_as_far_as_one_sees_it(database_url: str) -> None:
    async with opened(database_url, MATCHING, LEADER) as world:
        lea = await world.api.person("lea", "leader")
        first, second = [await world.household(owner=lea) for _ in range(2)]
        for order in ("seen", "hidden"):
            await world.api.new("order", name=order, household=second)
        seen, hidden = [each["id"] for each in await world.read("order", "id", order=["-name"])]
        person = await world.api.new("person", name="x", household=second)
        rest = [
            *(Rest("order", each, "household", "changed_since") for each in (seen, hidden)),
            *(Rest("household", first, each, "changed_since") for each in ("name", "address", "wechat")),
            Rest("household", second[:-4] + "0000", "name", "deleted_since"),
            Rest("order", seen[:-4] + "0000", "household", "deleted_since"),
            Rest("person", person[:-4] + "0000", "household", "deleted_since"),
            Rest("task", seen, "household", "changed_since"),
            Rest("match_key", second, "code", "changed_since"),
            Rest("gone", second, "code", "deleted_since"),
        ]

        async def told(person: str | None) -> list[Any]:
            found = await world.do(lambda desk: told_rest(desk, rest), person)
            return [(each["object"], each["id"], each["field"]) for each in found]

        expected = [
            ("order", seen, "household"),
            ("household", first, "name"),
            ("person", person[:-4] + "0000", "household"),
        ]
        assert await told("lea") == expected
        await world.api.change("household", first, name="A", address="张杨路1号2室", wechat="li_wei_1234")
        assert await told("lea") == [*expected[:2], ("household", first, "address"), expected[2]]
        assert len(await told(None)) == len(rest)


async def test_nobody_merges_without_the_right(world: World) -> None:
    first, second = await both(world)
    for text in ("mergeHouseholds", "undoHouseholdMerge", "keepHouseholdsApart", "HouseholdMergeChoice"):
        shown = await world.api.data(
            "ann", "{ __schema { types { name } mutationType { fields { name } } } }"
        )
        assert text not in str(shown)
    assert (await world.api.refused("ann", MERGE, ids=[first, second]))[0] == "BAD_REQUEST"
    for text, variables in ((MERGE, {"ids": [first, "x"]}), (APART, {"ids": [first, first[::-1]]})):
        code, _ = await world.api.refused("mo", text, **variables)
        assert code in ("NOT_FOUND", "VALIDATION_FAILED")
    assert await world.there(first, second) == [True, True]


async def test_a_reason_that_is_too_long_is_told_of_the_argument(world: World) -> None:
    first, second = await both(world)
    given = {"ids": [first, second], "reason": "x" * 501}
    for text in (
        "mutation ($ids: [ID!]!, $reason: String) { mergeHouseholds(ids: $ids, reason: $reason) { moved } }",
        "mutation ($ids: [ID!]!, $reason: String) { keepHouseholdsApart(ids: $ids, reason: $reason) }",
    ):
        refusal = await world.api.refused("mo", text, **given)
        assert refusal == ("VALIDATION_FAILED", [(("reason",), "too_long")])
    claim = CLAIM.replace('"agreed"', f'"{given["reason"]}"')
    refusal = await world.api.refused("mo", claim, id=first, kind="manual")
    assert refusal == ("VALIDATION_FAILED", [(("reason",), "too_long")])


async def test_what_is_kept_apart_is_not_proposed_again(world: World) -> None:
    first, second = await both(world)
    await world.api.data("mo", APART, ids=[first, second])
    nodes = "{ matchPairs { nodes { status first second } } }"
    assert (await world.api.data("mo", nodes))["matchPairs"]["nodes"] == [
        {"status": "apart", "first": first, "second": second}
    ]
    assert (await world.api.data("mo", DUPLICATES, id=first))["duplicatesOfHousehold"] == []


async def test_claims_and_rulings(world: World) -> None:
    first, second = await both(world)
    own = await world.api.data("ann", CLAIM, id=first, kind="registered")
    assert own["claimOwnershipOfHousehold"]["household"] == {"id": first}
    assert (await world.api.refused("ann", CLAIM, id=first, kind="manual"))[0] == "FORBIDDEN"
    assert (await world.api.refused("ann", CLAIM, id=second, kind="registered"))[0] == "NOT_FOUND"
    ruled = await world.api.data("mo", RULE, id=first)
    assert ruled["ruleOnHousehold"] == {
        "household": {"owner": {"name": "ann"}},
        "clause": "broker",
        "owner": {"name": "ann"},
        "shares": [{"user": {"name": "ann"}, "share": "1"}],
        "reason": "agreed",
    }
    await world.api.data("mo", CLAIM, id=first, kind="manual", user=world.id("bob").upper())
    again = (await world.api.data("mo", RULE, id=first))["ruleOnHousehold"]
    assert (again["clause"], again["household"]["owner"]) == ("manual", {"name": "bob"})
    rulings = (
        "{ ownershipRulings(where: {current: {eq: true}}) { nodes { owner { name } replaces { clause } } } }"
    )
    assert (await world.api.data("mo", rulings))["ownershipRulings"]["nodes"] == [
        {"owner": {"name": "bob"}, "replaces": {"clause": "broker"}}
    ]
    code, _ = await world.api.refused("ann", rulings)
    assert code == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("rights", "seen"),
    [
        ("ownership_ruling: {read: true, fields: {default: read, reason: none}}", "clause owner shares"),
        ("ownership_ruling: {read: {where: {owner: $user.id}}, fields: {default: read}}", ""),
        ("", ""),
    ],
)
async def test_a_ruling_is_told_as_far_as_its_maker_reads_rulings(
    database_url: str, rights: str, seen: str
) -> None:
    everything = "ownership_ruling: {read: true, fields: {default: read}}"
    assert everything in ROLES
    async with opened(database_url, MATCHING, roles=ROLES.replace(everything, rights)) as world:
        one = await world.household(owner=world.id("ann"), broker=world.id("bob"))
        ruled = (await world.api.data("mo", RULE, id=one))["ruleOnHousehold"]
        told = {name: ruled[name] for name in ("clause", "owner", "shares", "reason")}
        assert {name for name, value in told.items() if value is not None} == set(seen.split())


@pytest.mark.parametrize("person", ["ann", "bob"])
async def test_only_who_may_rule_is_offered_it(world: World, person: str) -> None:
    first, _ = await both(world)
    assert (await world.api.refused(person, RULE, id=first))[0] == "BAD_REQUEST"


async def test_who_may_claim_as_registered_is_the_rules_to_say(database_url: str) -> None:
    """Whoever sees a record could make it theirs otherwise; a role has what it inherits."""
    deputy = "kind: role\nname: deputy\ninherits: [manager]\n"
    strict = RULING.replace("roles: [manager]", "roles: [manager]\nregister: [broker]")
    broker = "kind: role\nname: broker\ninherits: [rep]\n"
    async with opened(database_url, MATCHING, broker, deputy, ruling=strict) as world:
        for name in ("broker", "deputy"):
            await world.api.person(name, name)
        for person in ("ann", "broker"):
            claimed = {"id": await world.household(owner=world.id(person)), "kind": "registered"}
            if person == "ann":
                assert (await world.api.refused(person, CLAIM, **claimed))[0] == "BAD_REQUEST"
            else:
                await world.api.data(person, CLAIM, **claimed)
        by_hand = {"id": claimed["id"], "kind": "manual", "user": world.id("ann")}
        assert (await world.api.refused("broker", CLAIM, **by_hand))[0] == "FORBIDDEN"
        await world.api.data("deputy", CLAIM, **by_hand)
        ruled = await world.api.data("deputy", RULE, id=claimed["id"])
        assert ruled["ruleOnHousehold"]["owner"] == {"name": "ann"}


async def test_the_console_shows_open_pairs_to_who_may_read_them(world: World) -> None:
    first, second = await both(world)
    (panel,) = panels(world.api.tables.model)
    (row,) = (await world.api.data("mo", panel.query))["matchPairs"]["nodes"]
    assert {row[each] for each in panel.columns.values()} >= {"household", 92, first, second}
    assert (await world.api.refused("ann", panel.query))[0] == "BAD_REQUEST"


async def test_the_survivor_tells_both_histories_until_the_merge_is_undone(world: World) -> None:
    first, second = await both(world)
    await world.api.change("household", second, address="张杨路1号2室")
    third = await world.household(phone=PHONE, address="old")
    await world.api.change("household", third, address="new")
    await world.api.data("mo", MERGE, ids=[second, third], into=second)
    before = await addresses(world, first)
    await world.api.data("mo", MERGE, ids=[first, second], into=first)
    told = await addresses(world, first)
    assert [each for each in told if each[0] is None] == [
        (None, "张杨路1号2室"),
        (None, "old"),
        (None, "张杨路1号2室"),
    ]
    assert ("old", "new") in told
    await world.api.data("mo", UNDO, id=first)
    assert set(await addresses(world, first)) - set(before) == {
        ("张杨路1号2室", None),
        (None, "张杨路1号2室"),
    }
    assert ("old", "new") in await addresses(world, second)
    await world.api.data("mo", UNDO, id=second)
    assert ("old", "new") not in await addresses(world, second)


async def addresses(world: World, household: str) -> list[tuple[str | None, str | None]]:
    """What became of the address, newest first, as the history tells it."""
    text = "query ($id: ID!) { household(id: $id) { history { nodes { changes { field old new } } } } }"
    nodes = (await world.api.data("mo", text, id=household))["household"]["history"]["nodes"]
    changes = (change for node in nodes for change in node["changes"])
    return [(each["old"], each["new"]) for each in changes if each["field"] == "address"]
