"""What is remembered of every write: enough to make the row again, and nothing of what was refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from salesmode.database.driver import UnitOf
from salesmode.database.unit import Rows
from salesmode.diagnostics import Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.app import Model
from salesmode.records import create, delete, restore, update, upsert
from tests.records.conftest import OpenDesk
from tests.records.kit import Caller, Desk
from tests.support.models import field, model, object_, reference

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS,
    "story": TEXTS,
    "size": st.integers(-(2**31), 2**31 - 1),
    "big": st.integers(-(2**63), 2**63 - 1),
    "price": st.decimals("-9999999", "9999999", places=2),
    "ratio": st.decimals("-9999", "9999", places=4),
    "share": st.decimals("-100", "100", places=2),
    "active": st.booleans(),
    "day": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "at": st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "grade": st.sampled_from(["a", "b"]),
    "tags": st.lists(st.sampled_from(["x", "y", "z"]), unique=True).map(tuple),
    "extra": st.dictionaries(
        TEXTS, st.none() | st.booleans() | st.integers(-(2**31), 2**31) | TEXTS, max_size=3
    ),
}
ROW = st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()})


def everything() -> Model:
    thing = object_(
        "thing",
        {
            "name": field("text"),
            "story": field("long_text"),
            "size": field("integer"),
            "big": field("big_integer"),
            "price": field("money"),
            "ratio": field("decimal"),
            "share": field("percent"),
            "active": field("boolean"),
            "day": field("date"),
            "at": field("datetime"),
            "grade": field("choice", options=["a", "b"]),
            "tags": field("multi_choice", options=["x", "y", "z"]),
            "extra": field("json"),
            "silent": field("text", history=False),
            "part_of": reference("thing", on_delete="cascade"),
            "code": field("text", unique=True),
        },
    )
    return model(thing)


async def json_of(desk: Desk, id_: str) -> dict[str, Any]:
    """What the database itself says of the row's fields, as clients get them."""
    described, table = desk.model.objects["thing"], desk.tables.table("thing")
    dialect = desk.tables.dialect
    texts = [
        field_type(each.type).json(each, table.c[each.column], dialect) for each in described.fields.values()
    ]
    rows = await desk.database.fetch(desk.select(table.c.id, *texts))
    found = next(row for row in rows if str(row[0]) == id_)
    return {name: orjson.loads(str(text)) for name, text in zip(described.fields, found[1:], strict=True)}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(ROW, min_size=1, max_size=4))
async def test_history_replays_to_the_row_as_clients_see_it(desk: Desk, writes: list[dict[str, Any]]) -> None:
    system = desk.system()
    id_ = await system.new("thing", **writes[0])
    for values in writes[1:]:
        await system.update("thing", id_, **values)
    now = await json_of(desk, id_)
    replayed: dict[str, Any] = dict.fromkeys(VALUES)
    for change in await desk.changes(id_):
        old, new = (None if text is None else orjson.loads(text) for text in (change["old"], change["new"]))
        assert replayed[change["field"]] == old
        assert old != new
        replayed[change["field"]] = new
    assert replayed == {name: now[name] for name in VALUES}
    assert now["version"] == max([1, *(each["version"] for each in await desk.changes(id_))])


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    return await open_desk(everything())


async def test_an_entry_says_who_when_and_which_write(desk: Desk) -> None:
    (li,) = await desk.system().create("user", {"name": "Li"})
    caller = desk.caller({"id": li}, "admin")
    id_ = await caller.new("thing", name="a", size=1, silent="s")
    await caller.update("thing", id_, name="b", size=1, silent="t")
    await caller.delete("thing", id_)
    await caller.restore("thing", id_)
    found = [
        (each["version"], each["operation"], each["field"], each["old"], each["new"])
        for each in await desk.changes(id_)
    ]
    assert found == [
        (1, "created", "name", None, '"a"'),
        (1, "created", "size", None, "1"),
        (2, "updated", "name", '"a"', '"b"'),
        (3, "deleted", None, None, f'"{id_}"'),
        (4, "restored", None, None, None),
    ]
    assert {str(each["by_id"]) for each in await desk.changes(id_)} == {li}
    assert {each["object"] for each in await desk.changes(id_)} == {"thing"}


async def test_a_write_that_changes_nothing_is_no_version_and_no_entry(desk: Desk) -> None:
    id_ = await desk.system().new("thing", price="1.50", extra={"a": 1, "b": [True]})
    before = await desk.row("thing", id_)
    await desk.system().update("thing", id_, price="1.5", extra={"b": [True], "a": 1})
    assert {each["version"] for each in await desk.changes(id_)} == {1}
    assert await desk.row("thing", id_) == before


async def test_json_that_only_python_takes_for_the_same_is_a_change(desk: Desk) -> None:
    id_ = await desk.system().new("thing", extra={"a": 1, "b": [True]})
    await desk.system().update("thing", id_, extra={"a": True, "b": [1]})
    assert [(each["version"], each["new"]) for each in await desk.changes(id_)] == [
        (1, '{"a":1,"b":[true]}'),
        (2, '{"a":true,"b":[1]}'),
    ]


class Killed(Exception):
    """The process ends here."""


def killed(unit: UnitOf[Any], step: int) -> UnitOf[Any]:
    """The unit, until something happens before its step of that number."""
    rows: Rows = []
    try:
        for number in count():
            wanted = unit.send(rows) if number else next(unit)
            if number == step:
                raise Killed
            rows = yield wanted
    except StopIteration as end:
        return end.value
    finally:
        unit.close()


WRITES: dict[str, Callable[[Caller, str], UnitOf[Any]]] = {
    "create": lambda by, old: create(
        by.scope, "thing", [{"name": "n", "things": {"create": [{}]}, "part_of": None}] * 3, by.environment
    ),
    "update": lambda by, old: update(by.scope, "thing", [old], {"name": "n"}, by.environment),
    "upsert": lambda by, old: upsert(
        by.scope, "thing", ["code"], [{"code": "c", "name": "n"}, {"code": "new"}], by.environment
    ),
    "delete": lambda by, old: delete(by.scope, "thing", [old], by.environment),
}


@pytest.mark.parametrize("write", WRITES)
async def test_a_write_that_is_cut_short_leaves_nothing(desk: Desk, write: str) -> None:
    system = desk.system()
    id_ = await system.new("thing", name="old", code="c")
    await system.new("thing", part_of=id_)
    before = (await desk.rows("thing"), len(await desk.changes(id_)), await desk.rows("thing", deleted=True))
    for step in count():
        try:
            await system.run(lambda: killed(WRITES[write](system, id_), step))  # noqa: B023
        except Killed:
            after = (
                await desk.rows("thing"),
                len(await desk.changes(id_)),
                await desk.rows("thing", deleted=True),
            )
            assert after == before
        else:
            break
    assert step >= 2
    assert await desk.rows("thing") != before[0]


async def test_a_restore_that_is_cut_short_leaves_nothing(desk: Desk) -> None:
    system = desk.system()
    id_ = await system.new("thing", name="old")
    await system.new("thing", part_of=id_)
    await system.delete("thing", id_)
    for step in range(4):
        with pytest.raises(Killed):
            await system.run(lambda: killed(restore(system.scope, "thing", [id_], system.environment), step))  # noqa: B023
        assert await desk.rows("thing") == []
    await system.restore("thing", id_)
    assert len(await desk.rows("thing")) == 2


async def test_a_refused_write_is_not_remembered(desk: Desk) -> None:
    await desk.system().new("thing", code="c")
    id_ = await desk.system().new("thing")
    with pytest.raises(Refusal, match="CONFLICT"):
        await desk.system().update("thing", id_, code="c", name="n")
    assert await desk.changes(id_) == []
