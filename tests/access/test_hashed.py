"""A hash shows that there is a value; only `equal_hash` shows which records have the same one."""

from collections.abc import AsyncIterator

import pytest

from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.tables import tables_of
from salesmode.testing import Running

APP = """
kind: app
name: people
locales: [en]
---
kind: object
name: member
fields: {name: {type: text}, phone_text: {type: text}, city: {type: text}}
---
kind: role
name: desk
objects:
  member:
    read: true
    fields: {name: read, phone_text: {read: masked, mask: hash}, city: {read: masked, mask: equal_hash}}
---
kind: user_data
name: desk
object: user
by: [name]
records: [{name: ann, active: true, roles: [desk]}]
"""


@pytest.fixture
async def people(database_url: str) -> AsyncIterator[Running]:
    database = await connect(database_url)
    running = Running(tables_of(compile_texts({"app.yaml": APP}).model, database.dialect), database)
    await running.make_tables()
    await running.begin()
    yield running
    await database.close()


async def test_equal_values_show_only_where_it_is_asked_for(people: Running) -> None:
    row = '{name: "x", phoneText: "123", city: "Ulm"}'
    await people.ask("admin", f"mutation {{ createMembers(input: [{row}, {row}]) {{ count }} }}")
    answer = await people.ask("ann", "{ members { nodes { phoneText city } } }")
    first, second = answer["data"]["members"]["nodes"]
    assert first["city"] == second["city"] != "Ulm"
    assert first["phoneText"] != second["phoneText"]
    assert "123" not in (first["phoneText"], second["phoneText"])


async def test_a_hash_of_one_record_stays_the_same(people: Running) -> None:
    await people.ask("admin", 'mutation { createMember(input: {name: "x", phoneText: "123"}) { id } }')
    asked = [await people.ask("ann", "{ members { nodes { phoneText city } } }") for _ in range(2)]
    assert asked[0] == asked[1]
    assert asked[0]["data"]["members"]["nodes"][0]["city"] is None
