"""Rights along the reporting line and down the tree of teams, and the same trees in clients' filters."""

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from tests.support.small_api import SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: customer
owned: true
fields:
  name: {type: text, required: true}
  margin: {type: integer}
---
kind: role
name: rep
objects:
  customer:
    read: {where: {owner: {under: $user.id}}}
    update: {where: {owner: {manager: $user.id}}}
    fields:
      name: write
      owner: read
      margin: {read: {where: {owner: {manager: {under: $user.id}}}}}
  user: {read: true, fields: {name: read, manager: read}}
---
kind: role
name: colleague
objects:
  customer:
    read: {where: {owner: {team: {under: $user.team}}}}
    fields: {name: read, owner: read}
  user: {read: true, fields: {name: read, team: read}}
  team: {read: true, fields: {name: read}}
---
kind: role
name: clerk
objects:
  customer: {read: true, fields: {name: read, owner: read}}
  user: {read: true, fields: {name: read, manager: read, team: read}}
  team: {read: true, fields: {name: read, parent: read}}
"""

NAMES = "query ($w: CustomerWhere) { customers(where: $w, orderBy: [{name: ASC}]) { nodes { name margin } } }"
LINE = ("chief", "lead", "ann", "bob")


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    """Four levels: `chief` ← `lead` ← `ann` ← `bob`; `eve` reports to nobody. Each owns a customer."""
    async with small_api(database_url, APP) as found:
        for name in (*LINE, "eve"):
            owner = await found.person(name, "rep")
            await found.new("customer", name=f"of {name}", owner=owner, margin=1)
        for manager, name in pairwise(LINE):
            await reports_to(found, name, manager)
        await found.person("clerk", "clerk")
        await found.person("root", "admin")
        yield found


def id_of(api: SmallApi, name: str) -> str:
    return str(api.people[name]["id"])


async def reports_to(api: SmallApi, name: str, manager: str | None) -> None:
    await api.change("user", id_of(api, name), manager=manager and id_of(api, manager))


async def seen(api: SmallApi, person: str, text: str = NAMES, **where: Any) -> list[str]:
    found = await api.data(person, text, w=where or None)
    return [each["name"].removeprefix("of ") for each in found["customers"]["nodes"]]


async def test_a_manager_sees_the_records_of_all_levels_below_and_the_own_ones(api: SmallApi) -> None:
    assert await seen(api, "chief") == ["ann", "bob", "chief", "lead"]
    assert await seen(api, "ann") == ["ann", "bob"]
    assert await seen(api, "bob") == ["bob"]
    assert await seen(api, "eve") == ["eve"]


async def test_a_field_may_be_for_those_above_only(api: SmallApi) -> None:
    nodes = (await api.data("ann", NAMES))["customers"]["nodes"]
    assert nodes == [{"name": "of ann", "margin": None}, {"name": "of bob", "margin": 1}]


async def test_the_direct_manager_may_write_and_nobody_else_in_the_line(api: SmallApi) -> None:
    change = """mutation ($w: CustomerWhere!) {
      updateCustomers(where: $w, input: {name: "new"}) { count } }"""
    bobs = {"owner": {"eq": id_of(api, "bob")}}
    assert (await api.refused("chief", change, w=bobs))[0] == "FORBIDDEN"
    assert (await api.refused("bob", change, w=bobs))[0] == "FORBIDDEN"
    assert await api.data("ann", change, w=bobs) == {"updateCustomers": {"count": 1}}


async def test_another_manager_sees_at_once_what_the_former_one_no_longer_does(api: SmallApi) -> None:
    await reports_to(api, "ann", "eve")
    assert await seen(api, "eve") == ["ann", "bob", "eve"]
    assert await seen(api, "lead") == ["lead"]
    await reports_to(api, "ann", None)
    assert await seen(api, "eve") == ["eve"]


async def test_an_inactive_manager_in_between_keeps_the_line_together(api: SmallApi) -> None:
    await api.change("user", id_of(api, "lead"), active=False)
    assert await seen(api, "chief") == ["ann", "bob", "chief", "lead"]


async def test_nobody_reports_to_himself_directly_or_not(api: SmallApi) -> None:
    change = "mutation ($id: ID!, $to: ID) { updateUser(id: $id, input: {manager: $to}) { id } }"
    for manager in ("chief", "bob"):
        refused = await api.refused("root", change, id=id_of(api, "chief"), to=id_of(api, manager))
        assert refused == ("VALIDATION_FAILED", [(("input", "manager"), "circle")])


async def test_whom_others_report_to_is_not_deleted(api: SmallApi) -> None:
    delete = "mutation ($id: ID!) { deleteUser(id: $id) { id } }"
    assert (await api.refused("root", delete, id=id_of(api, "lead")))[0] == "CONFLICT"


async def test_clients_filter_along_the_line_within_what_they_see(api: SmallApi) -> None:
    text = NAMES.replace(" margin", "")
    below_lead = {"owner": {"under": id_of(api, "lead")}}
    assert await seen(api, "clerk", text, **below_lead) == ["ann", "bob", "lead"]
    assert await seen(api, "ann", text, **below_lead) == ["ann", "bob"]
    assert await seen(api, "clerk", text, owner={"manager": {"under": id_of(api, "lead")}}) == ["ann", "bob"]
    assert await seen(api, "clerk", text, owner={"manager": {"eq": id_of(api, "lead")}}) == ["ann"]
    reports = "{ users(orderBy: [{name: ASC}]) { nodes { name manager { name } } } }"
    people = (await api.data("clerk", reports))["users"]["nodes"]
    assert {each["name"]: each["manager"] and each["manager"]["name"] for each in people}["bob"] == "ann"


async def test_who_may_not_compare_the_manager_cannot_walk_the_line(api: SmallApi) -> None:
    await api.person("carl", "colleague")
    where = {"owner": {"under": id_of(api, "lead")}}
    text = "query ($w: CustomerWhere) { customers(where: $w) { totalCount } }"
    assert (await api.error("carl", text, w=where))["extensions"]["code"] == "BAD_REQUEST"


async def test_a_right_reaches_the_callers_team_and_the_teams_below(api: SmallApi) -> None:
    top = await api.new("team", name="top")
    mid = await api.new("team", name="mid", parent=top)
    low = await api.new("team", name="low", parent=mid)
    for name, team in (("carl", top), ("cora", mid), ("cleo", low)):
        owner = await api.person(name, "colleague", team=team)
        await api.new("customer", name=f"of {name}", owner=owner)
    await api.person("cain", "colleague")
    text = NAMES.replace(" margin", "")
    assert await seen(api, "carl", text) == ["carl", "cleo", "cora"]
    assert await seen(api, "cora", text) == ["cleo", "cora"]
    assert await seen(api, "cleo", text) == ["cleo"]
    assert await seen(api, "cain", text) == []
    await api.change("team", low, parent=top)
    assert await seen(api, "cora", text) == ["cora"]
    assert await seen(api, "clerk", text, owner={"team": {"under": top}}) == ["carl", "cleo", "cora"]
