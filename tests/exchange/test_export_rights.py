"""Carrying records off is a right of its own, counted and logged before the first row comes out (D26a)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

import salesmode.exchange.export
from salesmode.access.compose import policy_of
from salesmode.access.scope import SystemScope
from salesmode.diagnostics import Refusal
from salesmode.exchange.columns import exportable, importable
from salesmode.exchange.export import exported
from salesmode.exchange.faults import BadFile
from salesmode.records.subject import subject_of
from tests.exchange.kit import MODEL, Office


@pytest.fixture
async def store(office: Office) -> Office:
    """Four companies of grade A, one of which is not visible, and one of grade B."""
    await office.new(*({"name": each, "grade": "a"} for each in ("One", "Two", "Three", "Hidden")))
    await office.new({"name": "Four", "grade": "b", "revenue": "1.00"})
    (ann,) = await office.desk.system().create("user", name="ann", roles=["taker"])
    return replace(office, user={"id": ann}, roles=("taker",))


async def taken(store: Office, *fields: str, where: Mapping[str, object] | None = None) -> list[str]:
    return (await store.export("out.csv", *(fields or ("name",)), where=where)).read_text().splitlines()[1:]


async def log(office: Office) -> list[tuple[Any, ...]]:
    names = ("created_by", "operation", "object", "fields", "condition", "records")
    return [tuple(row[each] for each in names) for row in await office.desk.rows("access_log")]


async def refused(store: Office) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await taken(store)
    return caught.value


async def test_without_the_right_nothing_is_carried_off_and_nothing_logged(store: Office) -> None:
    refusal = await refused(replace(store, roles=("reader",)))
    assert (refusal.code, str(refusal)) == ("FORBIDDEN", "FORBIDDEN: You may not export 'company'.")
    assert await log(store) == []


async def test_rows_go_out_that_are_visible_and_may_be_exported(store: Office) -> None:
    assert await taken(store) == ["One", "Two", "Three"]
    assert await taken(replace(store, roles=("reader", "hauler")), where={"name": {"eq": "Four"}}) == []


async def test_each_export_is_logged_with_what_was_asked_and_how_much_it_was(store: Office) -> None:
    assert store.user is not None
    await taken(store, "name", "grade", where={"name": {"in": ["One", "Four"]}})
    await taken(replace(store, user=None, roles=()), "id")
    (mine, systems) = await log(store)
    asked = '{"name":{"in":["One","Four"]}}'
    assert mine == (store.user["id"], "export", "company", ("name", "grade"), asked, 1)
    assert systems == (None, "export", "company", ("id",), None, 5)


async def test_a_day_has_so_many_records(store: Office) -> None:
    await taken(store, where={"name": {"in": ["One", "Two"]}})
    refusal = await refused(store)
    assert refusal.code == "RATE_LIMITED"
    assert "Only 1 of the 3 records" in str(refusal)
    assert await taken(store, where={"name": {"eq": "One"}}) == ["One"]
    assert await taken(replace(store, roles=("taker", "hauler"))) == ["One", "Two", "Three"]
    assert [each[-1] for each in await log(store)] == [2, 1, 3]


async def test_no_more_rows_come_out_than_were_logged(store: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salesmode.exchange.export, "PAGE", 2)
    hauler, office = replace(store, roles=("hauler",)), replace(store, user=None, roles=())
    columns = exportable(hauler.reading, "company", ["name"])
    rows = exported(store.desk.database, hauler.reading, "company", columns, store.environment)
    found = [await anext(rows)]
    await office.new({"name": "Late", "grade": "a"})
    found += [each async for each in rows]
    assert found == [("One",), ("Two",), ("Three",)]
    assert (await log(store))[0][-1] == 3


async def test_nobody_brings_entries_into_the_log(office: Office) -> None:
    subject = subject_of(SystemScope(office.desk.tables), "access_log")
    with pytest.raises(BadFile, match="written by the engine alone"):
        importable(subject, ["operation", "object", "records"], [])


def test_a_model_has_the_log_and_only_administrators_read_it() -> None:
    assert "access_log" in policy_of(MODEL, ("admin",)).objects
    assert "access_log" not in policy_of(MODEL, ("clerk",)).objects
    granted = policy_of(MODEL, ("admin",)).objects["access_log"]
    written = (
        granted.create,
        granted.update,
        granted.delete,
        granted.share,
        granted.transfer,
        granted.unmask,
    )
    assert not any(written)
