"""A masked value in clear: a right of its own, asked for by name, counted and logged (D26a)."""

from collections.abc import AsyncIterator
from datetime import timedelta
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
  wechat: {type: text, mask: last4}
  mobile: {type: text, mask: full}
  cost: {type: money}
  parent: {type: reference, to: customer, inverse: parts}
---
kind: role
name: rep
objects:
  customer:
    read: {where: {name: {ne: Hidden}}}
    update: {where: {owner: $user.id}}
    unmask: {where: {owner: $user.id}, fields: [wechat], per_day: 2}
    fields: {name: write, owner: read, parent: read, wechat: masked, mobile: masked}
  user: {read: true, fields: {name: read}}
---
kind: role
name: boss
inherits: [rep]
objects:
  customer: {unmask: {fields: [wechat, mobile]}}
---
kind: role
name: clerk
objects:
  customer: {read: true, fields: {name: read, wechat: masked}}
"""
UNMASK = """mutation ($id: ID!, $fields: [CustomerMaskedField!]!) {
  unmaskCustomer(id: $id, fields: $fields) { id customer { name wechat mobile } } }"""
LOG = """{ accessLogs(orderBy: [{createdAt: ASC}]) {
  nodes { createdBy { name } operation object recordId fields records } } }"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    """Ann owns `mine`, whose part is `part`; `other` and `hidden` are nobody's."""
    async with small_api(database_url, APP) as found:
        ann = await found.person("ann", "rep")
        for name, role in (("root", "admin"), ("boss", "boss"), ("clerk", "clerk")):
            await found.person(name, role)
        for name, owner in (("mine", ann), ("other", None), ("hidden", None)):
            values = {"wechat": f"wx-{name}-1234567", "mobile": "13800001111"}
            setattr(found, name, await found.new("customer", name=name.title(), owner=owner, **values))
        more = {"wechat": "wx-part-7654321", "owner": ann, "parent": found.mine}  # type: ignore[attr-defined]
        found.part = await found.new("customer", name="Part", **more)  # type: ignore[attr-defined]
        yield found


async def log(api: SmallApi) -> list[tuple[Any, ...]]:
    found = (await api.data("root", LOG))["accessLogs"]["nodes"]
    return [(each["createdBy"]["name"], *list(each.values())[1:]) for each in found]


async def test_a_value_comes_out_in_clear_and_is_logged(api: Any) -> None:
    shown = await api.data("ann", "query ($id: ID!) { customer(id: $id) { wechat } }", id=api.mine)
    assert shown == {"customer": {"wechat": "••••4567"}}
    found = (await api.data("ann", UNMASK, id=api.mine, fields=["wechat"]))["unmaskCustomer"]
    assert found["customer"] == {"name": "Mine", "wechat": "wx-mine-1234567", "mobile": "••••"}
    assert await log(api) == [("ann", "unmask", "customer", api.mine, ["wechat"], 1)]
    assert await api.data("ann", "query ($id: ID!) { customer(id: $id) { wechat } }", id=api.mine) == shown


async def test_only_the_record_that_was_asked_for_is_unmasked(api: Any) -> None:
    text = """mutation ($id: ID!) { unmaskCustomer(id: $id, fields: [wechat]) {
      customer { wechat parts { nodes { wechat parent { wechat } } } } } }"""
    found = (await api.data("ann", text, id=api.mine))["unmaskCustomer"]["customer"]
    parts = found.pop("parts")["nodes"]
    assert found == {"wechat": "wx-mine-1234567"}
    assert parts == [{"wechat": "••••4321", "parent": found}]


async def test_without_the_right_nothing_comes_out_and_nothing_is_logged(api: Any) -> None:
    assert (await api.refused("ann", UNMASK, id=api.other, fields=["wechat"]))[0] == "FORBIDDEN"
    assert (await api.refused("ann", UNMASK, id=api.hidden, fields=["wechat"]))[0] == "NOT_FOUND"
    assert (await api.refused("ann", UNMASK, id=api.mine, fields=["mobile"]))[0] == "BAD_REQUEST"
    none = await api.refused("ann", UNMASK, id=api.mine, fields=[])
    assert none == ("VALIDATION_FAILED", [(("fields",), "required")])
    assert await log(api) == []


async def test_who_may_never_unmask_has_no_such_mutation(api: Any) -> None:
    text = "mutation ($id: ID!) { unmaskCustomer(id: $id, fields: [wechat]) { id } }"
    assert (await api.refused("clerk", text, id=api.mine))[0] == "BAD_REQUEST"
    for person, members in (("clerk", None), ("ann", ["wechat"]), ("boss", ["wechat", "mobile"])):
        asked = '{ __type(name: "CustomerMaskedField") { enumValues { name } } }'
        found = (await api.data(person, asked))["__type"]
        assert (found and [each["name"] for each in found["enumValues"]]) == members


async def test_a_day_has_so_many_records_and_another_role_may_have_more(api: Any) -> None:
    for id_ in (api.mine, api.part):
        await api.data("ann", UNMASK, id=id_, fields=["wechat"])
    error = await api.error("ann", UNMASK, id=api.mine, fields=["wechat"])
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["message"] == "Only 0 of the 2 records that may be taken in a day are left."
    assert len(await log(api)) == 2
    for _ in range(3):
        await api.data("boss", UNMASK, id=api.other, fields=["wechat", "mobile"])
    api.now += timedelta(hours=12)
    await api.data("ann", UNMASK, id=api.mine, fields=["wechat"])


async def test_clients_are_told_what_may_be_unmasked(api: Any) -> None:
    text = "{ metadata { objects { name fields { name masked unmaskable } } } }"
    for person, unmaskable in (("clerk", set()), ("ann", {"wechat"}), ("boss", {"wechat", "mobile"})):
        objects = (await api.data(person, text))["metadata"]["objects"]
        (fields,) = [each["fields"] for each in objects if each["name"] == "customer"]
        assert {each["name"] for each in fields if each["unmaskable"]} == unmaskable
        assert all(each["masked"] for each in fields if each["unmaskable"])


async def test_the_log_is_for_administrators_and_nobody_writes_it(api: Any) -> None:
    await api.data("ann", UNMASK, id=api.mine, fields=["wechat"])
    assert (await api.refused("ann", LOG))[0] == "BAD_REQUEST"
    text = '{ __type(name: "Mutation") { fields { name } } }'
    names = {each["name"] for each in (await api.data("root", text))["__type"]["fields"]}
    assert "createCustomer" in names
    assert not {each for each in names if "AccessLog" in each}
    counted = "{ accessLogAggregate(groupBy: [{field: operation}]) { key { operation } sum { records } } }"
    assert await api.data("root", counted) == {
        "accessLogAggregate": [{"key": {"operation": "unmask"}, "sum": {"records": "1"}}]
    }


async def test_what_was_planned_for_some_fields_is_not_used_for_others(api: Any) -> None:
    for fields in (["wechat"], ["mobile"], ["wechat", "mobile"], ["wechat"]):
        found = (await api.data("boss", UNMASK, id=api.other, fields=fields))["unmaskCustomer"]["customer"]
        assert [name for name in ("wechat", "mobile") if "•" not in found[name]] == fields
