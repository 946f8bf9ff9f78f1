"""`explainAccess`: what the command line says of a record and a field, for administrators alone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.small_api import small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: client
owned: true
fields:
  name: {type: text, required: true}
  note: {type: text}
  credit_limit: {type: money}
  wechat: {type: text, mask: last4}
---
kind: role
name: rep
objects:
  client:
    read: {where: {or: [{owner: $user.id}, {name: Open}]}}
    unmask: {where: {owner: $user.id}}
    fields:
      name: read
      note: {read: {where: {owner: $user.id}}}
      wechat: masked
---
kind: role
name: controller
objects:
  client: {read: true, fields: {credit_limit: read}}
"""
RULE = "role file line rows { text holds } shown { text holds } masked addOn denied"
ELSEWHERE = "elsewhere { role line rows { holds } }"
DECISION = f"outcome rules {{ {RULE} }} nearest {{ role file line missing }} {ELSEWHERE}"
WHOLE = f"""query ($user: String!, $id: ID!, $field: String) {{
  explainAccess(user: $user, object: client, id: $id, field: $field) {{
    user roles record {{ {DECISION} }} field {{ {DECISION} }} unmask {{ role rows {{ holds }} }} text }} }}"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Any]:
    """Ann owns `mine`; `open` and `closed` are nobody's."""
    async with small_api(database_url, APP) as found:
        ann = await found.person("ann", "rep")
        await found.person("root", "admin")
        for name, owner in (("mine", ann), ("open", None), ("closed", None)):
            new = await found.new("client", name=name.title(), owner=owner, wechat="wx-12345678")
            setattr(found, name, new)
        yield found


async def asked(api: Any, id_: str, field: str | None = None, user: str = "ann") -> Any:
    return (await api.data("root", WHOLE, user=user, id=id_, field=field))["explainAccess"]


async def test_a_hidden_record_names_role_rule_file_line_and_the_nearest_change(api: Any) -> None:
    found = await asked(api, api.closed)
    assert (found["user"], found["roles"], found["field"]) == ("ann", ["rep"], None)
    (rule,) = found["record"].pop("rules")
    assert rule["rows"] == [
        {"text": "owner = $user.id or name = Open", "holds": False},
        {"text": "owner = $user.id", "holds": False},
        {"text": "name = Open", "holds": False},
    ]
    assert (rule["role"], rule["file"], rule["denied"]) == ("rep", "app.yaml", False)
    lines = ("kind: app\nname: small\n---\n" + APP).splitlines()
    assert "read: {where: {or" in lines[rule["line"] - 1]
    nearest = {"role": "rep", "file": "app.yaml", "line": rule["line"], "missing": ["owner = $user.id"]}
    assert found["record"] == {"outcome": "hidden", "nearest": nearest, "elsewhere": []}


@pytest.mark.parametrize(
    ("record", "field", "outcome"),
    [
        ("mine", "note", "seen"),
        ("open", "note", "empty"),
        ("open", "wechat", "masked"),
        ("open", "creditLimit", "empty"),
        ("open", "credit_limit", "empty"),
        ("open", "version", "seen"),
    ],
)
async def test_a_field_has_the_outcome_that_the_user_is_answered(
    api: Any, record: str, field: str, outcome: str
) -> None:
    found = await asked(api, getattr(api, record), field)
    assert (found["record"]["outcome"], found["field"]["outcome"]) == ("seen", outcome)


async def test_other_roles_and_the_right_to_unmask_are_named(api: Any) -> None:
    found = await asked(api, api.open, "creditLimit")
    assert [(each["role"], each["rows"]) for each in found["field"]["elsewhere"]] == [
        ("controller", [{"holds": True}])
    ]
    assert found["field"]["nearest"] is None
    assert (await asked(api, api.open, "wechat"))["unmask"] == [{"role": "rep", "rows": [{"holds": False}]}]
    text = (await asked(api, api.mine, "wechat"))["text"]
    assert "  role rep grants to unmask it" in text
    assert "    on records where owner = $user.id: true" in text


async def test_the_text_is_that_of_the_command_line_without_paths_of_the_machine(api: Any) -> None:
    text = (await asked(api, api.closed))["text"]
    assert text[:2] == ["ann has the roles: rep", f"may not see client {api.closed}"]
    assert "  it would, if owner = $user.id" in text
    assert all(" app.yaml:" in f" {each.strip()}" for each in text if ".yaml" in each)
    assert not [each for each in text if "/" in each]


async def test_a_user_is_named_by_id_too(api: Any) -> None:
    assert await asked(api, api.mine, user=api.people["ann"]["id"]) == await asked(api, api.mine)
    found = await asked(api, api.mine, "note", user="root")
    assert found["field"]["rules"][0] | {"rows": 0, "shown": 0} == {
        "role": "admin",
        "file": None,
        "line": None,
        "rows": 0,
        "shown": 0,
        "masked": False,
        "addOn": False,
        "denied": False,
    }


async def test_only_administrators_have_it(api: Any) -> None:
    text = '{ explainAccess(user: "ann", object: client, id: "x") { text } }'
    assert (await api.refused("ann", text))[0] == "BAD_REQUEST"
    names = await api.data("ann", '{ __type(name: "AccessExplanation") { name } }')
    assert names == {"__type": None}


async def test_what_is_not_there_is_said(api: Any) -> None:
    ghost = "019aa9f2-0000-7000-8000-000000000000"
    for user, id_, field, code in (
        ("nobody", api.mine, None, "NOT_FOUND"),
        (ghost, api.mine, None, "NOT_FOUND"),
        ("ann", ghost, None, "NOT_FOUND"),
        ("ann", api.mine, "nothing", "BAD_REQUEST"),
    ):
        found = await api.refused("root", WHOLE, user=user, id=id_, field=field)
        assert found[0] == code
