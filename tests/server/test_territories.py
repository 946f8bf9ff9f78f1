"""Rights by territory, from the rule that places a record to the people who work there."""

from collections.abc import AsyncIterator

import pytest

from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.tables import tables_of
from tests.server.office import Office, opened

pytestmark = pytest.mark.anyio

APP = """
kind: app
name: acme
---
kind: object
name: customer
fields:
  name: {type: text, required: true}
  province: {type: text}
  territory:
    type: reference
    to: territory
    inverse: customers
    assign: {by: code, rules: [{name: province, to: $row.province}]}
---
kind: role
name: rep
objects:
  customer:
    read: {where: {territory: {in: $user.territories}}}
    create: {check: {territory: {in: $user.territories}}}
    update: {where: {territory: {members: {some: {user: $user.id, role: lead}}}}}
    fields: {default: write}
"""

SEEN = "{ customers(orderBy: [{name: ASC}]) { nodes { name territoryRule } } }"


@pytest.fixture
async def acme(database_url: str) -> AsyncIterator[Office]:
    """`china` has the provinces `hebei` and `jilin`; `ann` leads Hebei, `bob` works in the team of China."""
    model = compile_texts({"app.yaml": APP}).model
    database = await connect(database_url)
    await database.with_connection(tables_of(model, database.dialect).create)
    made = opened(database, model, database_url)
    team = await made.new("team", name="all")
    china = await made.new("territory", name="China", code="china", team=team)
    areas = [await made.new("territory", name=each, code=each, parent=china) for each in ("hebei", "jilin")]
    ann = await made.new("user", name="ann", roles=["rep"])
    await made.new("user", name="bob", roles=["rep"], team=team)
    await made.new("territory_member", territory=areas[0], user=ann, role="lead")
    for province in ("hebei", "jilin", "elsewhere"):
        await made.new("customer", name=province, province=province)
    yield made
    await made.client.aclose()
    await database.close()


async def seen(acme: Office, name: str) -> list[str]:
    found = (await acme.ask(SEEN, name)).json()["data"]["customers"]["nodes"]
    assert {each["territoryRule"] for each in found} <= {"province"}
    return [each["name"] for each in found]


async def test_who_works_a_territory_sees_what_rules_place_in_it_and_below(acme: Office) -> None:
    assert await seen(acme, "ann") == ["hebei"]
    assert await seen(acme, "bob") == ["hebei", "jilin"]


async def test_a_change_that_places_a_record_elsewhere_moves_it_out_of_sight_at_once(acme: Office) -> None:
    find = '{ customers(where: {name: {eq: "hebei"}}) { nodes { id } } }'
    id_ = (await acme.ask(find, "ann")).json()["data"]["customers"]["nodes"][0]["id"]
    change = f'mutation {{ updateCustomer(id: "{id_}", input: {{province: "jilin"}}) {{ id }} }}'
    refused = (await acme.ask(change, "bob")).json()["errors"][0]["extensions"]
    assert refused["code"] == "FORBIDDEN"
    assert "errors" not in (await acme.ask(change, "ann")).json()
    assert await seen(acme, "ann") == []
    assert await seen(acme, "bob") == ["hebei", "jilin"]


async def test_a_record_may_be_made_only_where_rules_place_it_in_the_own_territory(acme: Office) -> None:
    create = 'mutation {{ createCustomer(input: {{name: "n", province: "{}"}}) {{ customer {{ name }} }} }}'
    assert "errors" not in (await acme.ask(create.format("hebei"), "ann")).json()
    (error,) = (await acme.ask(create.format("jilin"), "ann")).json()["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert [each["code"] for each in error["extensions"]["problems"]] == ["check"]
