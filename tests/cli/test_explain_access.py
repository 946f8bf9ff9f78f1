"""`salesmode explain access`: the rule that decided, what each condition is, and what would change it."""

import asyncio
import re
from pathlib import Path

import pytest

from salesmode.access.scope import SystemScope
from salesmode.cli.project import environment_of
from salesmode.compiler import compile_app
from salesmode.database.connect import connect
from salesmode.records import create, grant
from salesmode.tables import tables_of
from tests.cli.kit import salesmode, write

APP = "kind: app\nname: small"
CLIENT = """
kind: object
name: client
owned: true
fields:
  name: {type: text, required: true}
  note: {type: text}
  wechat: {type: text}
  cost: {type: money}
"""
ROLES = """
kind: role
name: rep
objects:
  client:
    read: {where: {or: [{owner: $user.id}, {grants: {some: {user: $user.id, right: view}}}]}}
    fields:
      name: read
      owner: read
      note: {read: {where: {owner: $user.id}}}
      wechat: masked
---
kind: role
name: controller
objects:
  client: {read: true, fields: {cost: read}}
"""


@pytest.fixture
def crm(tmp_path: Path, database_url: str) -> tuple[Path, str, dict[str, str]]:
    """The app, its database, and the ids of two clients: ann's and bob's."""
    app = write(tmp_path / "small", app=APP, client=CLIENT, roles=ROLES)
    assert salesmode("apply", app, "--database", database_url).code == 0
    return app, database_url, asyncio.run(_filled(app, database_url))


async def _filled(app: Path, url: str) -> dict[str, str]:
    model = compile_app(app).model
    database = await connect(url)
    scope, environment = SystemScope(tables_of(model, database.dialect)), environment_of(model)

    async def new(object_name: str, **values: object) -> str:
        unit = lambda: create(scope, object_name, [values], environment)  # noqa: E731
        return (await database.run(unit))[0]

    found = {name: await new("user", name=name, roles=["rep"]) for name in ("ann", "bob")}
    await new("user", name="root", roles=["admin"])
    for name in ("ann", "bob"):
        found[f"{name}s"] = await new("client", name="Acme", owner=found[name])
    given = {"id": found["anns"], "user": found["bob"], "right": "view"}
    await database.run(lambda: grant(scope, "client", given, environment))
    await database.close()
    return found


def lines(crm: tuple[Path, str, dict[str, str]], user: str, client: str, *field: str) -> list[str]:
    app, url, ids = crm
    said = salesmode(
        "explain", "access", user, "client", ids[client], *field, "--app", app, "--database", url
    )
    assert said.code == 0, said.err
    plain = said.out.replace(ids[client], "ID").replace(str(app), "APP")
    return [re.sub(r":\d+:\d+$", ":L:C", line.strip()) for line in plain.splitlines()]


def test_a_hidden_record_names_the_rule_its_conditions_and_the_nearest_change(
    crm: tuple[Path, str, dict[str, str]],
) -> None:
    assert lines(crm, "ann", "bobs") == [
        "ann has the roles: rep",
        "may not see client ID",
        "role rep grants it",
        "on records where owner = $user.id or some of grants (user = $user.id and right = view): false",
        "owner = $user.id: false",
        "some of grants (user = $user.id and right = view): false",
        "APP/roles.yaml:L:C",
        "it would, if owner = $user.id",
        "role rep, APP/roles.yaml:L:C",
    ]


def test_a_seen_record_names_what_was_true(crm: tuple[Path, str, dict[str, str]]) -> None:
    said = lines(crm, "bob", "anns")
    assert said[1] == "may see client ID"
    assert "owner = $user.id: false" in said
    assert "some of grants (user = $user.id and right = view): true" in said


@pytest.mark.parametrize(
    ("user", "field", "outcome", "more"),
    [
        ("ann", "note", "may see", "and shows it where owner = $user.id: true"),
        ("bob", "note", "sees as null", "it would, if owner = $user.id"),
        ("bob", "wechat", "sees masked", "and shows it masked"),
        ("bob", "cost", "sees as null", "no role grants it"),
        ("bob", "cost", "sees as null", "role controller does"),
        ("root", "cost", "may see", "role admin grants it on every record"),
        ("bob", "version", "may see", "role rep grants it"),
    ],
)
def test_a_field_of_a_seen_record(
    crm: tuple[Path, str, dict[str, str]], user: str, field: str, outcome: str, more: str
) -> None:
    said = lines(crm, user, "anns", field)
    about = said[said.index("") + 1 :]
    assert about[0] == f"{outcome} client.{field} there"
    assert more in about


def test_the_owner_is_a_user_that_a_rep_reads(crm: tuple[Path, str, dict[str, str]]) -> None:
    assert "may see client.owner there" in lines(crm, "ann", "anns", "owner")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("nobody", "client", "ID"), 1, "there is no active user 'nobody'"),
        (("ann", "clint", "ID"), 2, "did you mean 'client'?"),
        (("ann", "client", "ID", "nota"), 2, "did you mean 'note'?"),
        (("ann", "client", "12"), 2, "'12' is not an id\n  hint: salesmode export client"),
        (("ann", "client", "019aa9f2-0000-7000-8000-000000000000"), 1, "there is no living client"),
        (("ann",), 2, "explain takes one path"),
    ],
)
def test_what_is_not_there_is_said(
    crm: tuple[Path, str, dict[str, str]], arguments: tuple[str, ...], code: int, message: str
) -> None:
    app, url, ids = crm
    given = [ids["anns"] if each == "ID" else each for each in arguments]
    said = salesmode("explain", "access", *given, "--app", app, "--database", url)
    assert said.code == code
    assert message in said.err
