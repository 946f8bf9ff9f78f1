"""A detail with the rights of its record cannot be given to a record that is not the caller's to change."""

from collections.abc import AsyncIterator

import pytest

from tests.support.small_api import SmallApi, small_api

APP = """
kind: object
name: order
owned: true
fields: {name: {type: text, required: true, unique: true}}
---
kind: object
name: line
fields:
  name: {type: text, unique: true}
  order: {type: reference, to: order, inverse: lines, required: true}
---
kind: object
name: note
fields:
  text: {type: text}
  line: {type: reference, to: line, inverse: notes, required: true}
---
kind: role
name: rep
objects:
  order: {read: true, update: {where: {owner: $user.id}}, fields: {default: write}}
  line: {rights: {from: order}, fields: {default: write}}
  note: {rights: {from: line}, fields: {default: write}}
"""
LINE = "mutation ($l: ID!, $o: ID!) { updateLine(id: $l, input: {order: $o}) { line { order { name } } } }"
LINES = "mutation ($o: ID!) { updateLines(where: {name: {eq: mine}}, input: {order: $o}) { count } }"
UPSERT = "mutation ($o: ID!) { upsertLines(by: [name], input: [{name: mine, order: $o}]) { count } }"
NOTE = "mutation ($n: ID!, $l: ID!) { updateNote(id: $n, input: {line: $l}) { note { id } } }"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        for name in ("ann", "ben"):
            owner = await found.person(name, "rep")
            found.people[f"{name}'s"] = {"id": await found.new("order", name=name, owner=owner)}
        found.people["other"] = {
            "id": await found.new("order", name="other", owner=found.people["ann"]["id"])
        }
        yield found


async def test_it_stays_where_it_is(api: SmallApi) -> None:
    mine, theirs, other = (api.people[each]["id"] for each in ("ann's", "ben's", "other"))
    line = await api.new("line", name="mine", order=mine)
    for text in (LINE, LINES.replace("mine", '"mine"'), UPSERT.replace("mine", '"mine"')):
        values = {"o": theirs} | ({"l": line} if "$l" in text else {})
        code, problems = await api.refused("ann", text, **values)
        assert (code, [each[1] for each in problems]) == ("FORBIDDEN", ["check"])
    found = await api.data("ann", LINE, l=line, o=other)
    assert found["updateLine"]["line"]["order"]["name"] == "other"


async def test_neither_does_a_detail_of_a_detail(api: SmallApi) -> None:
    lines = [await api.new("line", name=each, order=api.people[each]["id"]) for each in ("ann's", "ben's")]
    note = await api.new("note", text="x", line=lines[0])
    assert await api.refused("ann", NOTE, n=note, l=lines[1]) == ("FORBIDDEN", [(("input",), "check")])
