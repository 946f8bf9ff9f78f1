"""Tags over the API (RULING 35): set, seen, asked for, removed, and become deals."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support.household import PROMOTE, TAG, UNTAG, households, li, names, tag

pytestmark = pytest.mark.anyio


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Any]:
    async with households(database_url) as found:
        yield found


WHOLE = """{ households(where: {name: {eq: "Li"}}) { nodes { version tags {
  __typename name label state since by { name } expiresAt values owner { name } source household { name }
} } } }"""


async def test_a_tag_is_read_with_all_that_is_known_of_it(api: Any) -> None:
    found = await tag(api, "ann", "referral", source="fair", owner=api.people["bob"]["id"])
    assert await api.data("ann", WHOLE) == {
        "households": {
            "nodes": [
                {
                    "version": found["version"],
                    "tags": [
                        {
                            "__typename": "Tag",
                            "name": "referral",
                            "label": "Referral",
                            "state": "hinted",
                            "since": "2026-03-01T12:00:00Z",
                            "by": {"name": "ann"},
                            "expiresAt": "2026-03-31T12:00:00Z",
                            "values": {"channel": "phone"},
                            "owner": {"name": "bob"},
                            "source": "fair",
                            "household": {"name": "Li"},
                        }
                    ],
                }
            ]
        }
    }
    api.locale = "zh"
    (node,) = (await api.data("ann", WHOLE))["households"]["nodes"]
    assert node["tags"][0]["label"] == "转介绍"


async def test_tags_are_a_list_oldest_first(api: Any) -> None:
    await tag(api, "root", "secret")
    api.now += timedelta(hours=1)
    await tag(api, "root", "referral")
    api.now += timedelta(hours=1)
    await tag(api, "root", "rich")
    assert await names(api, "root", '{name: {eq: "Li"}}') == [["secret", "referral", "rich"]]


async def test_tagging_again_keeps_what_is_not_said(api: Any) -> None:
    await tag(api, "ann", "referral", input={"introducedPerson": "Wang", "met": "2026-01-31"})
    found = await tag(api, "ann", "referral", state="visited", input={"size": "12.50", "met": None})
    assert found["tags"] == [
        {
            "name": "referral",
            "state": "visited",
            "values": {"introducedPerson": "Wang", "size": "12.50", "channel": "phone"},
        }
    ]
    (again,) = (await tag(api, "ann", "referral"))["tags"]
    assert again["state"] == "visited"
    assert (await tag(api, "ann", "referral", state="hinted"))["tags"][0]["state"] == "hinted"


async def test_a_tag_that_says_nothing_new_writes_nothing(api: Any) -> None:
    version = (await tag(api, "root", "rich"))["version"]
    assert (await tag(api, "root", "rich"))["version"] == version


async def test_a_tag_expires_and_does_not_come_back_as_it_was(api: Any) -> None:
    await tag(api, "ann", "referral", state="visited")
    api.now += timedelta(days=29)
    await tag(api, "ann", "referral")
    api.now += timedelta(days=29)
    assert await names(api, "ann", '{name: {eq: "Li"}}') == [["referral"]]
    api.now += timedelta(days=2)
    assert await names(api, "ann") == [[], []]
    assert await names(api, "ann", "{tags: {has: referral}}") == []
    assert (await api.refused("ann", UNTAG, id=api.li, tag="referral"))[0] == "NOT_FOUND"
    found = await tag(api, "ann", "referral")
    assert [each["state"] for each in found["tags"]] == ["hinted"]


async def test_a_tag_is_removed(api: Any) -> None:
    version = (await tag(api, "ann", "referral"))["version"]
    answer = await api.data("ann", UNTAG, id=api.li, tag="referral")
    assert answer["untagHousehold"]["household"] == {"version": version + 1, "tags": []}
    assert (await api.refused("ann", UNTAG, id=api.li, tag="referral"))[0] == "NOT_FOUND"
    assert len((await tag(api, "ann", "referral"))["tags"]) == 1


async def test_everything_wrong_with_a_tag_is_told_at_once(api: Any) -> None:
    wrong = {"introducedPerson": "W" * 11, "met": "soon", "size": "1.234", "channel": "mail"}
    refused = await refused_tag(api, "ann", state="lost", input=wrong)
    assert refused == (
        "VALIDATION_FAILED",
        [
            (("state",), "unknown_option"),
            (("input", "introducedPerson"), "too_long"),
            (("input", "met"), "not_a_date"),
            (("input", "size"), "too_many_places"),
            (("input", "channel"), "unknown_option"),
        ],
    )
    assert (await refused_tag(api, "ann", input=[1])) == (
        "VALIDATION_FAILED",
        [(("input",), "not_an_object")],
    )
    assert (await refused_tag(api, "ann", input={"nobody": 1}))[0] == "BAD_REQUEST"
    long = await refused_tag(api, "ann", source="s" * 201)
    assert long == ("VALIDATION_FAILED", [(("source",), "too_long")])
    ghost = await refused_tag(api, "ann", owner=api.people["ghost"]["id"])
    assert ghost == ("VALIDATION_FAILED", [(("owner",), "not_found")])
    assert await names(api, "root", "{tags: {isEmpty: false}}") == []


async def refused_tag(api: Any, person: str, name: str = "referral", **more: Any) -> Any:
    return await api.refused(person, TAG, **{"id": api.li, "tag": name} | more)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("{tags: {has: referral}}", ["Li"]),
        ("{tags: {has: rich}}", ["Li", "Wu"]),
        ("{tags: {hasAny: [referral, secret]}}", ["Li"]),
        ("{tags: {hasAny: []}}", []),
        ("{tags: {hasAll: [referral, rich]}}", ["Li"]),
        ("{tags: {hasAll: [rich, secret]}}", []),
        ("{tags: {isEmpty: true}}", ["Bo"]),
        ("{tags: {isEmpty: false}}", ["Li", "Wu"]),
        ("{tags: {some: {state: {eq: hinted}}}}", ["Li"]),
        ("{tags: {none: {name: {in: [referral]}}}}", ["Bo", "Wu"]),
        ("{tags: {every: {state: {isNull: true}}}}", ["Bo", "Wu"]),
        ("{not: {tags: {has: referral}}}", ["Bo", "Wu"]),
        ("{tags: {has: rich, none: {name: {eq: referral}}}}", ["Wu"]),
    ],
)
async def test_records_are_found_by_their_tags(api: Any, where: str, found: list[str]) -> None:
    await li(api, "Bo", api.people["ann"]["id"])
    for household, name in ((api.li, "referral"), (api.li, "rich"), (api.wu, "rich")):
        await tag(api, "root", name, household)
    text = f"{{ households(where: {where}, orderBy: [{{name: ASC}}]) {{ totalCount nodes {{ name }} }} }}"
    answer = (await api.data("root", text))["households"]
    assert [each["name"] for each in answer["nodes"]] == found
    assert answer["totalCount"] == len(found)


async def test_the_tags_that_are_asked_for_may_be_variables(api: Any) -> None:
    await tag(api, "root", "rich")
    text = """query ($one: HouseholdTag, $some: [HouseholdTag!], $empty: Boolean) {
      households(where: {tags: {has: $one, hasAny: $some, isEmpty: $empty}}) { nodes { name } } }"""
    for given, found in (
        ({"one": "rich"}, 1),
        ({"one": "referral"}, 0),
        ({"some": ["rich", "secret"]}, 1),
        ({"some": ["secret"]}, 0),
        ({"empty": True}, 1),
        ({"one": "rich", "empty": True}, 0),
    ):
        assert len((await api.data("root", text, **given))["households"]["nodes"]) == found
    assert (await api.error("root", text, one="big"))["extensions"]["code"] == "BAD_REQUEST"
    assert (await api.error("root", text, one=None))["extensions"]["code"] == "BAD_REQUEST"


async def test_tags_are_counted_like_any_other_record(api: Any) -> None:
    await tag(api, "root", "rich")
    await tag(api, "root", "rich", api.wu)
    await tag(api, "root", "referral", state="introduced")
    text = """{ tagAggregate(groupBy: [{field: name}], orderBy: [{key: {name: ASC}}]) { key { name } count }
      tags(where: {state: {eq: introduced}}) { totalCount nodes { household { name } } }
      households(where: {referrals: {gte: 1}}) { totalCount } }"""
    assert await api.data("root", text) == {
        "tagAggregate": [{"key": {"name": "referral"}, "count": 1}, {"key": {"name": "rich"}, "count": 2}],
        "tags": {"totalCount": 1, "nodes": [{"household": {"name": "Li"}}]},
        "households": {"totalCount": 1},
    }


async def test_who_may_see_and_set_a_tag_is_a_matter_of_the_role_and_of_the_record(api: Any) -> None:
    for name in ("referral", "rich", "secret"):
        await tag(api, "root", name)
    only_li = '{name: {eq: "Li"}}'
    assert await names(api, "root", only_li) == [["referral", "rich", "secret"]]
    assert await names(api, "ann", only_li) == [["referral", "rich"]]
    assert await names(api, "mae", only_li) == [["referral", "rich", "secret"]]
    assert await names(api, "pat", only_li) == []
    assert (await refused_tag(api, "bob"))[0] == "FORBIDDEN"
    assert (await refused_tag(api, "ann", "rich"))[0] == "FORBIDDEN"
    assert (await refused_tag(api, "pat"))[0] == "NOT_FOUND"
    assert (await refused_tag(api, "pat", "secret", id=api.wu))[0] == "FORBIDDEN"
    await tag(api, "pat", "referral", api.wu)
    assert (await refused_tag(api, "mae", "secret"))[0] == "FORBIDDEN"
    await api.change("household", api.li, agent=api.people["mae"]["id"])
    await tag(api, "mae", "secret", state=None)


async def test_a_tag_that_a_role_never_sees_is_nowhere(api: Any) -> None:
    for name in ("referral", "secret"):
        await tag(api, "root", name)
    text = """{ e: __type(name: "HouseholdTag") { enumValues { name } }
      n: __type(name: "TagName") { enumValues { name } } s: __type(name: "TagState") { enumValues { name } }
      metadata { objects { name tags { name } fields { options { name } } } } }"""
    found = await api.data("ann", text)
    kept = ["referral", "rich", "big_family", "silent", "often_called"]
    assert [each["name"] for each in found["e"]["enumValues"]] == kept
    assert [each["name"] for each in found["n"]["enumValues"]] == kept
    told = {each["name"]: each for each in found["metadata"]["objects"]}
    assert [each["name"] for each in told["household"]["tags"]] == kept
    assert "secret" not in str(found)
    for where in ("{tags: {has: secret}}", "{tags: {some: {name: {eq: secret}}}}"):
        unknown = (await api.error("ann", f"{{ households(where: {where}) {{ totalCount }} }}"))["message"]
        text = f"{{ households(where: {where.replace('secret', 'sacred')}) {{ totalCount }} }}"
        assert unknown.replace("secret", "sacred") == (await api.error("ann", text))["message"]
    counts = "{ tags { totalCount } tagAggregate(groupBy: [{field: name}]) { key { name } count } }"
    assert await api.data("ann", counts) == {
        "tags": {"totalCount": 1},
        "tagAggregate": [{"key": {"name": "referral"}, "count": 1}],
    }


async def test_who_sees_no_tag_has_nothing_of_tags(api: Any) -> None:
    text = """{ h: __type(name: "Household") { fields { name } }
      w: __type(name: "HouseholdWhere") { inputFields { name } } e: __type(name: "HouseholdTag") { name }
      t: __type(name: "Tag") { name } m: __type(name: "Mutation") { name } }"""
    found = await api.data("lou", text)
    assert (found["e"], found["t"], found["m"]) == (None, None, None)
    assert "tags" not in {each["name"] for each in found["h"]["fields"]}
    assert "tags" not in {each["name"] for each in found["w"]["inputFields"]}


async def test_the_schema_has_a_mutation_only_for_who_may_use_it(api: Any) -> None:
    text = '{ __type(name: "Mutation") { fields { name } } }'
    has = {
        name: {each["name"] for each in (await api.data(name, text))["__type"]["fields"]}
        for name in ("ann", "pat")
    }
    every = {"tagHousehold", "untagHousehold", "promoteHouseholdTag"}
    assert every <= has["ann"]
    assert every & has["pat"] == {"tagHousehold", "untagHousehold"}


HISTORY = """{ households(where: {name: {eq: "Li"}}) { nodes { history(first: 20) { totalCount nodes {
  operation by { name } changes { field label old new } } } } } }"""


async def history(api: Any, person: str) -> list[Any]:
    (node,) = (await api.data(person, HISTORY))["households"]["nodes"]
    assert node["history"]["totalCount"] == len(node["history"]["nodes"])
    return [
        change for each in node["history"]["nodes"] for change in each["changes"] if change["field"] == "tags"
    ]


async def test_the_history_of_the_record_tells_of_its_tags_to_who_sees_them(api: Any) -> None:
    before = len(await history(api, "ann"))
    await tag(api, "root", "secret")
    await tag(api, "ann", "referral", input={"size": "5"})
    await api.data("ann", UNTAG, id=api.li, tag="referral")
    told = {
        "name": "referral",
        "state": "hinted",
        "values": {"channel": "phone", "size": "5.00"},
        "expiresAt": "2026-03-31T12:00:00Z",
    }
    seen = await history(api, "ann")
    assert seen[: len(seen) - before] == [
        {"field": "tags", "label": "Tags", "old": told, "new": None},
        {"field": "tags", "label": "Tags", "old": None, "new": told},
    ]
    assert len(await history(api, "root")) == len(seen) + 1
    assert await history(api, "lou") == []


async def test_a_tag_becomes_a_deal(api: Any) -> None:
    await tag(api, "ann", "referral", state="visited")
    answer = await api.data("ann", PROMOTE, id=api.li, tag="referral", input={"budget": 7})
    made = answer["promoteHouseholdTag"]
    assert made["opportunity"] == {
        "id": made["id"],
        "name": "Referral · Li",
        "source": "referral",
        "budget": 7,
        "agent": {"name": "ann"},
        "pipeline": "new_purchase",
        "status": "open",
        "stage": {"name": "trial"},
    }
    text = """{ tags { nodes { name state expiresAt promotedOpportunity { name household { name } } } }
      opportunities { nodes { history { nodes { operation } } stageHistory { totalCount } } } }"""
    assert await api.data("ann", text) == {
        "tags": {
            "nodes": [
                {
                    "name": "referral",
                    "state": "promoted",
                    "expiresAt": None,
                    "promotedOpportunity": {"name": "Referral · Li", "household": {"name": "Li"}},
                }
            ]
        },
        "opportunities": {
            "nodes": [{"history": {"nodes": [{"operation": "created"}]}, "stageHistory": {"totalCount": 1}}]
        },
    }
    assert (await history(api, "ann"))[0]["new"]["state"] == "promoted"


async def test_a_promoted_tag_stays_and_another_one_can_be_set(api: Any) -> None:
    await tag(api, "ann", "referral")
    await api.data("ann", PROMOTE, id=api.li, tag="referral")
    assert (await api.refused("ann", PROMOTE, id=api.li, tag="referral"))[0] == "NOT_FOUND"
    assert (await api.refused("ann", UNTAG, id=api.li, tag="referral"))[0] == "NOT_FOUND"
    api.now += timedelta(days=90)
    assert await names(api, "ann", "{tags: {has: referral}}") == [["referral"]]
    found = await tag(api, "ann", "referral")
    assert [each["state"] for each in found["tags"]] == ["promoted", "hinted"]


async def test_a_promotion_says_less_than_its_input_and_more_than_the_rights_to_write(api: Any) -> None:
    await tag(api, "ann", "referral")
    answer = await api.data("ann", PROMOTE, id=api.li, tag="referral", input={"name": "Own name"})
    assert answer["promoteHouseholdTag"]["opportunity"]["name"] == "Own name"
    await tag(api, "root", "referral")
    given = {"source": "web", "pipeline": "new_purchase"}
    answer = await api.data("root", PROMOTE, id=api.li, tag="referral", input=given)
    assert answer["promoteHouseholdTag"]["opportunity"]["source"] == "web"


async def test_what_one_household_brings_may_be_the_deal_of_another(api: Any) -> None:
    await tag(api, "root", "referral")
    text = """mutation ($id: ID!, $input: OpportunityCreate) {
      promoteHouseholdTag(id: $id, tag: referral, input: $input) { opportunity { household { name } } }
    }"""
    answer = await api.data("root", text, id=api.li, input={"household": api.wu})
    assert answer["promoteHouseholdTag"]["opportunity"] == {"household": {"name": "Wu"}}
    assert await names(api, "root", '{name: {eq: "Li"}}') == [["referral"]]


async def test_the_name_of_a_deal_fits_its_field(api: Any) -> None:
    await api.change("household", api.li, name="L" * 40)
    await tag(api, "ann", "referral")
    made = (await api.data("ann", PROMOTE, id=api.li, tag="referral"))["promoteHouseholdTag"]["opportunity"]
    assert made["name"] == ("Referral · " + "L" * 40)[:30]


async def test_a_promotion_that_is_refused_leaves_everything_as_it_was(api: Any) -> None:
    await tag(api, "root", "rich")
    assert (await api.refused("root", PROMOTE, id=api.li, tag="rich")) == (
        "VALIDATION_FAILED",
        [(("tag",), "promotion")],
    )
    assert (await api.refused("ann", PROMOTE, id=api.li, tag="referral"))[0] == "NOT_FOUND"
    await tag(api, "ann", "referral")
    for given, problem in (
        ({"name": "N" * 31}, (("input", "name"), "too_long")),
        ({"pipeline": "renewal"}, (("input", "pipeline"), "readonly")),
        ({"household": str(uuid4())}, (("input", "household"), "not_found")),
    ):
        refused = await api.refused("root", PROMOTE, id=api.li, tag="referral", input=given)
        assert refused == ("VALIDATION_FAILED", [problem])
    assert (await api.refused("bob", PROMOTE, id=api.li, tag="referral"))[0] == "FORBIDDEN"
    assert [each["state"] for each in (await tag(api, "ann", "referral"))["tags"]] == [None, "hinted"]
    assert await api.data("root", "{ opportunities { totalCount } }") == {"opportunities": {"totalCount": 0}}


async def test_a_tag_kept_by_rule_is_not_set_by_hand(api: Any) -> None:
    problem = ("VALIDATION_FAILED", [(("tag",), "auto")])
    assert await refused_tag(api, "root", "big_family") == problem
    assert await api.refused("root", UNTAG, id=api.li, tag="big_family") == problem


async def test_a_page_with_tags_is_one_statement(api: Any) -> None:
    await tag(api, "ann", "referral")
    api.heard.clear()
    await api.data(
        "ann", "{ households(where: {tags: {has: referral}}) { nodes { tags { name label by { name } } } } }"
    )
    assert len(api.heard) == 1


async def test_metadata_tells_of_tags(api: Any) -> None:
    text = """{ metadata { objects { name tags {
      name label line probability auto writable expiresAfter promoteTo
      states { name label } fields { name type label required options { name } } } } } }"""
    objects = {each["name"]: each for each in (await api.data("ann", text))["metadata"]["objects"]}
    tags = {each["name"]: each for each in objects["household"]["tags"]}
    assert objects["visit"]["tags"] == []
    assert tags["rich"]["writable"] is False
    assert (tags["big_family"]["auto"], tags["big_family"]["writable"]) == (True, False)
    referral = tags["referral"]
    assert referral["states"][2] == {"name": "visited", "label": "Has visited"}
    assert [each["name"] for each in referral["fields"]] == ["introducedPerson", "met", "size", "channel"]
    assert [each["name"] for each in referral["fields"][3]["options"]] == ["phone", "shop"]
    kept = ("line", "probability", "writable", "expiresAfter", "promoteTo")
    assert [referral[each] for each in kept] == ["referral", "20.00", True, "30d", "new_purchase"]
