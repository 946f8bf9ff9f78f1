"""Rights on single records (D26): given, seen, counted in conditions, and ended."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.small_api import SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: customer
owned: true
fields:
  name: {type: text, required: true}
  secret: {type: text}
  signed: {type: boolean}
  credit_total: {type: rollup, over: grants, sum: share, where: {right: credit}}
validations:
  - {name: credit_is_whole, when: {signed: true}, must: {credit_total: {eq: 100}}}
---
kind: role
name: rep
objects:
  customer:
    read: {where: {or: [{owner: $user.id}, {grants: {some: {user: $user.id, right: view}}},
      {grants: {some: {team: {in: $user.teams}, right: follow}}}]}}
    update: {where: {grants: {some: {user: $user.id, right: collaborate}}}}
    share: {where: {owner: $user.id}}
    fields:
      name: write
      owner: read
      secret: {read: {where: {grants: {some: {user: $user.id, right: collaborate}}}}}
  user: {read: {where: {name: {ne: ghost}}}, fields: {name: read}}
  team: {read: true, fields: {name: read}}
---
kind: role
name: lead
objects:
  customer:
    read: true
    share: {check: {or: [{right: {ne: credit}}, {user: {ne: $user.id}, share: {lte: 50}}]}}
    fields: {name: read}
  user: {read: true, fields: {name: read}}
  team: {read: true, fields: {name: read}}
---
kind: role
name: clerk
objects:
  customer: {read: true, fields: {name: read}}
"""

GRANT = """mutation ($id: ID!, $user: ID, $team: ID, $right: Right!, $share: Decimal, $until: Date) {
  grantCustomer(id: $id, user: $user, team: $team, right: $right, share: $share, until: $until) {
    customer { version grants { nodes { right share until user { name } team { name } } } } } }"""
REVOKE = """mutation ($id: ID!, $user: ID, $team: ID, $right: Right!) {
  revokeCustomer(id: $id, user: $user, team: $team, right: $right) { id customer { version } } }"""
NAMES = "{ customers { totalCount nodes { name secret } } }"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    """`ann` owns Acme; `bob` and `eve`, who is in a team, own nothing."""
    async with small_api(database_url, APP) as found:
        team = await found.new("team", name="North")
        ann = await found.person("ann", "rep")
        for name, its in (("bob", None), ("eve", team), ("ghost", None)):
            await found.person(name, "rep", team=its)
        await found.person("root", "admin")
        await found.person("lea", "lead")
        await found.person("clerk", "clerk")
        found.acme = await found.new("customer", name="Acme", secret="s", owner=ann)  # type: ignore[attr-defined]
        found.north = team  # type: ignore[attr-defined]
        yield found


async def give(api: Any, to: str, right: str, **more: Any) -> Any:
    grantee = {"team": api.north} if to == "north" else {"user": api.people[to]["id"]}
    return await api.data("ann", GRANT, id=api.acme, right=right, **grantee, **more)


async def names(api: SmallApi, person: str) -> list[tuple[str, str | None]]:
    found = (await api.data(person, NAMES))["customers"]
    assert found["totalCount"] == len(found["nodes"])
    return [(each["name"], each["secret"]) for each in found["nodes"]]


async def test_a_right_opens_the_record_to_the_user_who_has_it(api: Any) -> None:
    assert await names(api, "bob") == []
    answer = (await give(api, "bob", "view"))["grantCustomer"]["customer"]
    assert answer == {
        "version": 2,
        "grants": {
            "nodes": [{"right": "view", "share": None, "until": None, "user": {"name": "bob"}, "team": None}]
        },
    }
    assert await names(api, "bob") == [("Acme", None)]
    assert await names(api, "eve") == []


async def test_each_right_opens_only_the_cells_that_a_role_ties_to_it(api: Any) -> None:
    await give(api, "bob", "view")
    change = 'mutation ($id: ID!) { updateCustomer(id: $id, input: {name: "B"}) { id } }'
    assert (await api.refused("bob", change, id=api.acme))[0] == "FORBIDDEN"
    await give(api, "bob", "collaborate")
    assert await names(api, "bob") == [("Acme", "s")]
    assert await names(api, "ann") == [("Acme", None)]
    await api.data("bob", change, id=api.acme)
    assert await names(api, "bob") == [("B", "s")]


async def test_a_role_says_what_may_be_given_and_to_whom(api: Any) -> None:
    """Who shares a record out may be kept from the credit (D26)."""
    lea, bob = api.people["lea"]["id"], api.people["bob"]["id"]

    async def by_lea(**given: Any) -> list[str]:
        answer = await api.ask("lea", GRANT, id=api.acme, **given)
        found = [each["extensions"] for each in answer.get("errors", ())]
        return [each["code"] + " " + each["problems"][0]["code"] for each in found]

    assert await by_lea(user=lea, right="credit", share="10") == ["FORBIDDEN check"]
    assert await by_lea(user=lea, right="follow") == []
    assert await by_lea(user=bob, right="credit", share="50") == []
    assert await by_lea(user=bob, right="credit", share="60") == ["FORBIDDEN check"]
    kept = {"right": "credit", "share": "50.00", "until": None, "user": {"name": "bob"}, "team": None}
    answer = await give(api, "bob", "view")
    assert kept in answer["grantCustomer"]["customer"]["grants"]["nodes"]


async def test_a_right_of_a_team_is_one_of_who_is_in_it(api: Any) -> None:
    await give(api, "north", "follow")
    assert await names(api, "eve") == [("Acme", None)]
    assert await names(api, "bob") == []


async def test_a_right_counts_to_the_end_of_its_last_day_and_can_be_renewed(api: Any) -> None:
    await give(api, "bob", "view", until="2026-03-01")
    assert len(await names(api, "bob")) == 1
    api.now += timedelta(days=1)
    assert await names(api, "bob") == []
    seen = "{ customers { nodes { grants { totalCount } } } grants { totalCount } }"
    assert await api.data("ann", seen) == {
        "customers": {"nodes": [{"grants": {"totalCount": 0}}]},
        "grants": {"totalCount": 0},
    }
    await give(api, "bob", "view", until="2026-04-01")
    assert len(await names(api, "bob")) == 1
    api.now += timedelta(days=60)
    assert await names(api, "bob") == []
    await give(api, "bob", "view")
    assert len(await names(api, "bob")) == 1


async def test_the_last_day_ends_in_the_time_zone_of_the_app(api: Any) -> None:
    api.zone = ZoneInfo("Asia/Shanghai")
    await give(api, "bob", "view", until="2026-03-01")
    await give(api, "north", "follow", until="2026-03-01")
    api.now = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)
    assert [len(await names(api, each)) for each in ("bob", "eve")] == [1, 1]
    api.now += timedelta(seconds=1)
    assert [len(await names(api, each)) for each in ("bob", "eve")] == [0, 0]
    api.zone = ZoneInfo("UTC")
    assert [len(await names(api, each)) for each in ("bob", "eve")] == [1, 1]


async def test_who_is_no_longer_active_keeps_what_they_were_given_for_when_they_return(api: Any) -> None:
    await give(api, "bob", "credit", share="60")
    await api.change("user", api.people["bob"]["id"], active=False)
    text = "{ customers { nodes { grants { nodes { share user { name } } } } } }"
    (node,) = (await api.data("ann", text))["customers"]["nodes"]
    assert node["grants"]["nodes"] == [{"share": "60.00", "user": {"name": "bob"}}]
    more = {"id": api.acme, "team": api.north, "right": "credit", "share": "41"}
    assert (await api.refused("ann", GRANT, **more))[1] == [(("share",), "too_much_credit")]


async def test_what_was_given_or_taken_back_is_held_to_the_validations_of_the_record(api: Any) -> None:
    await give(api, "bob", "credit", share="100")
    await api.change("customer", api.acme, signed=True)
    bobs = {"id": api.acme, "user": api.people["bob"]["id"], "right": "credit"}
    refused = ("VALIDATION_FAILED", [(("id",), "credit_is_whole")])
    assert await api.refused("ann", REVOKE, **bobs) == refused
    assert await api.refused("ann", GRANT, **bobs, share="99.99") == refused
    await give(api, "bob", "credit", until="2026-12-31")
    await give(api, "north", "view")
    await api.change("customer", api.acme, signed=False)
    assert (await api.data("ann", REVOKE, **bobs))["revokeCustomer"]["customer"]["version"] == 7


async def test_that_credit_is_shared_out_wholly_is_a_validation_over_the_grants(api: Any) -> None:
    sign = (
        "mutation ($id: ID!) { updateCustomer(id: $id, input: {signed: true}) { customer { creditTotal } } }"
    )
    refused = ("VALIDATION_FAILED", [(("input",), "credit_is_whole")])
    assert await api.refused("root", sign, id=api.acme) == refused
    await give(api, "bob", "credit", share="60", until="2026-03-01")
    await give(api, "north", "credit", share="39.99")
    assert await api.refused("root", sign, id=api.acme) == refused
    await give(api, "north", "credit", share="40")
    api.now += timedelta(days=1)
    assert await api.refused("root", sign, id=api.acme) == refused
    api.now -= timedelta(days=1)
    answer = await api.data("root", sign, id=api.acme)
    assert answer["updateCustomer"]["customer"] == {"creditTotal": "100.00"}


async def test_given_again_it_is_changed_and_keeps_what_is_not_said(api: Any) -> None:
    await give(api, "bob", "credit", share="40", until="2026-05-01")
    answer = (await give(api, "bob", "credit", share="60.50"))["grantCustomer"]["customer"]
    (node,) = answer["grants"]["nodes"]
    assert (node["share"], node["until"], answer["version"]) == ("60.50", "2026-05-01", 3)
    answer = (await give(api, "bob", "credit", until=None))["grantCustomer"]["customer"]
    assert answer["grants"]["nodes"][0]["until"] is None


async def test_shares_of_credit_never_exceed_the_whole(api: Any) -> None:
    await give(api, "bob", "credit", share="60")
    await give(api, "north", "credit", share="40")
    more = {"id": api.acme, "user": api.people["eve"]["id"], "right": "credit", "share": "0.01"}
    assert await api.refused("ann", GRANT, **more) == (
        "VALIDATION_FAILED",
        [(("share",), "too_much_credit")],
    )
    assert (await api.refused("ann", GRANT, **{**more, "user": api.people["bob"]["id"], "share": "60.01"}))[
        1
    ] == [(("share",), "too_much_credit")]
    await give(api, "bob", "credit", share="59.99")
    await api.data("ann", GRANT, **more)


async def test_credit_that_ran_out_or_was_taken_back_leaves_room(api: Any) -> None:
    await give(api, "bob", "credit", share="60", until="2026-03-01")
    await give(api, "eve", "credit", share="40")
    api.now += timedelta(days=1)
    await give(api, "north", "credit", share="60")
    await api.data("ann", REVOKE, id=api.acme, user=api.people["eve"]["id"], right="credit")
    await give(api, "bob", "credit", share="40", until=None)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"right": "view"}, (("user",), "one_grantee")),
        ({"right": "view", "user": "bob", "team": "north"}, (("user",), "one_grantee")),
        ({"right": "credit", "user": "bob"}, (("share",), "required")),
        ({"right": "view", "user": "bob", "share": "1"}, (("share",), "only_credit")),
        ({"right": "credit", "user": "bob", "share": "100.01"}, (("share",), "above_max")),
        ({"right": "credit", "user": "bob", "share": "1.001"}, (("share",), "too_many_places")),
        ({"right": "view", "user": "bob", "until": "soon"}, (("until",), "not_a_date")),
        ({"right": "view", "user": "ghost"}, (("user",), "not_found")),
        ({"right": "view", "user": "nobody"}, (("user",), "not_found")),
        ({"right": "own", "user": "bob"}, (("right",), "unknown_option")),
    ],
)
async def test_what_is_wrong_with_a_grant_is_told_of_the_argument(
    api: Any, given: dict[str, Any], problem: Any
) -> None:
    ids = {"north": api.north, "nobody": api.acme} | {name: each["id"] for name, each in api.people.items()}
    asked = {
        name: ids.get(value, value) if name in ("user", "team") else value for name, value in given.items()
    }
    assert await api.refused("ann", GRANT, id=api.acme, **asked) == ("VALIDATION_FAILED", [problem])


async def test_only_who_may_share_the_record_gives_rights_to_it(api: Any) -> None:
    given = {"id": api.acme, "user": api.people["eve"]["id"], "right": "view"}
    assert await api.refused("bob", GRANT, **given) == ("NOT_FOUND", [])
    await give(api, "bob", "view")
    assert await api.refused("bob", GRANT, **given) == ("FORBIDDEN", [])
    assert await api.refused("bob", REVOKE, **given) == ("FORBIDDEN", [])
    assert (await api.refused("clerk", GRANT, **given))[0] == "BAD_REQUEST"


async def test_a_right_that_was_taken_back_is_gone(api: Any) -> None:
    await give(api, "bob", "view")
    asked = {"id": api.acme, "user": api.people["bob"]["id"], "right": "view"}
    found = await api.data("ann", REVOKE, **asked)
    assert found["revokeCustomer"] == {"id": api.acme, "customer": {"version": 3}}
    assert await names(api, "bob") == []
    assert (await api.refused("ann", REVOKE, **asked))[0] == "NOT_FOUND"


async def test_rights_end_with_their_holder_and_come_and_go_with_the_record(api: Any) -> None:
    await give(api, "bob", "view")
    await give(api, "eve", "view")
    count = "{ grants { totalCount } }"
    await api.data("root", "mutation ($id: ID!) { deleteUser(id: $id) { id } }", id=api.people["bob"]["id"])
    assert await api.data("root", count) == {"grants": {"totalCount": 1}}
    await api.data("root", "mutation ($id: ID!) { deleteCustomer(id: $id) { id } }", id=api.acme)
    assert await api.data("root", count) == {"grants": {"totalCount": 0}}
    await api.data("root", "mutation ($id: ID!) { restoreCustomer(id: $id) { id } }", id=api.acme)
    assert await api.data("root", count) == {"grants": {"totalCount": 1}}
    assert len(await names(api, "eve")) == 1


async def test_a_grant_is_seen_by_who_sees_its_record_and_written_by_nobody(api: Any) -> None:
    await give(api, "bob", "view")
    mine = "{ grants { nodes { right customer { name } } } grantAggregate { count } }"
    seen = {
        "grants": {"nodes": [{"right": "view", "customer": {"name": "Acme"}}]},
        "grantAggregate": [{"count": 1}],
    }
    assert [await api.data(each, mine) for each in ("ann", "bob", "clerk", "root")] == [seen] * 4
    hidden = {"grants": {"nodes": []}, "grantAggregate": [{"count": 0}]}
    assert await api.data("eve", mine) == hidden
    schema = await api.data("root", "{ __schema { mutationType { fields { name } } } }")
    mutations = {each["name"] for each in schema["__schema"]["mutationType"]["fields"]}
    assert {"grantCustomer", "revokeCustomer"} <= mutations
    assert not {"createGrant", "updateGrant", "deleteGrant", "grantGrant"} & mutations


async def test_a_hidden_user_stays_hidden_in_grants_and_in_history(api: Any) -> None:
    ghost = api.people["ghost"]["id"]
    await api.data("root", GRANT, id=api.acme, user=ghost, right="view")
    await api.data("root", REVOKE, id=api.acme, user=ghost, right="view")
    await api.data("root", GRANT, id=api.acme, user=ghost, right="follow", until="2026-12-31")
    text = """query ($ghost: ID!) { customers { nodes {
      grants { nodes { user { id } } }
      of: grants(where: {user: {eq: $ghost}}) { totalCount }
      history { nodes { changes { field label old new } } } } } }"""
    (node,) = (await api.data("ann", text, ghost=ghost))["customers"]["nodes"]
    assert node["grants"] == {"nodes": [{"user": None}]}
    assert node["of"] == {"totalCount": 0}
    grants = [
        each for entry in node["history"]["nodes"] for each in entry["changes"] if each["field"] == "grants"
    ]
    assert grants == [
        {
            "field": "grants",
            "label": "Grants",
            "old": None,
            "new": {"right": "follow", "until": "2026-12-31"},
        },
        {"field": "grants", "label": "Grants", "old": {"right": "view"}, "new": None},
        {"field": "grants", "label": "Grants", "old": None, "new": {"right": "view"}},
    ]
    (node,) = (await api.data("root", text, ghost=ghost))["customers"]["nodes"]
    changes = [each for entry in node["history"]["nodes"] for each in entry["changes"]]
    assert {"right": "view", "user": ghost} in [each["new"] for each in changes]


async def test_clients_filter_by_grants_within_what_they_see(api: Any) -> None:
    await give(api, "bob", "view")
    text = "query ($w: CustomerWhere) { customers(where: $w) { totalCount } }"
    for person, right, count in (("ann", "view", 1), ("ann", "credit", 0), ("eve", "view", 0)):
        where = {"grants": {"some": {"right": {"eq": right}}}}
        assert await api.data(person, text, w=where) == {"customers": {"totalCount": count}}


async def test_of_two_shares_at_once_that_do_not_fit_together_one_is_refused(api: Any) -> None:
    people = [api.people[each]["id"] for each in ("bob", "eve")]
    asked = (api.ask("ann", GRANT, id=api.acme, user=each, right="credit", share="60") for each in people)
    answers = await asyncio.gather(*asked)
    assert sorted("errors" in each for each in answers) == [False, True]
    total = "{ grantAggregate { sum { share } } }"
    assert await api.data("ann", total) == {"grantAggregate": [{"sum": {"share": "60.00"}}]}
