"""Which hook hears of which write: every path, one batch for each object and operation."""

from functools import partial
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode.model.app import UserData
from salesmode.records import load_user_data, transfer_ownership
from salesmode.records.desks.desk import plugged
from tests.records.conftest import OpenDesk
from tests.records.hooks.kit import Sample, nothing, shop, using, watching
from tests.records.kit import eq
from tests.support.models import SPAN

EVERY = ("before_write", "validate_record", "after_write")


def heard_of(sample: Sample) -> Any:
    """What each hook heard since the last time; all of them the same, unless told."""
    found = {name: sample.names(name) for name in EVERY}
    sample.seen.clear()
    same = found["before_write"]
    return same if all(each == same for each in found.values()) else found


async def test_creating_and_changing(open_desk: OpenDesk) -> None:
    sample = watching()
    with using(sample=sample) as app:
        desk = await open_desk(shop(**app))
        system = desk.system()
        (a,) = await system.create("account", {"name": "a", "contacts": {"create": [{"name": "x"}, {}]}})
        assert heard_of(sample) == [("account", "create", 1), ("contact", "create", 2)]
        b, _ = await system.create("account", {"name": "b"}, {"name": "c"})
        assert heard_of(sample) == [("account", "create", 2)]
        await system.update("account", a, region="north")
        assert heard_of(sample) == [("account", "update", 1)]
        await system.update_where("account", eq("name", "b"), region="south")
        assert heard_of(sample) == [("account", "update", 1)]
        await system.upsert("account", ["name"], {"name": "b", "region": "east"}, {"name": "d"})
        assert heard_of(sample) == [("account", "update", 1), ("account", "create", 1)]
        await system.update("account", b, region="east")
        assert heard_of(sample) == []  # what changes nothing is no write


async def test_going_and_coming_back_with_what_goes_along(open_desk: OpenDesk) -> None:
    sample = watching()
    with using(sample=sample) as app:
        desk = await open_desk(shop(**app))
        (id_,) = await desk.system().create("account", {"name": "a", "contacts": {"create": [{"name": "x"}]}})
        sample.seen.clear()
        sample.batches.clear()
        await desk.system().delete("account", id_)
        assert heard_of(sample) == {
            "before_write": [("account", "delete", 1), ("contact", "delete", 1)],
            "validate_record": [],
            "after_write": [("account", "delete", 1), ("contact", "delete", 1)],
        }
        contact = sample.batches[1].changes[0]
        assert contact.old is not None
        assert contact.old["name"] == "x"
        await desk.system().restore("account", id_)
        assert heard_of(sample) == [("account", "restore", 1), ("contact", "restore", 1)]
        assert (await desk.row("account", id_))["version"] == 3


async def test_handing_over_and_the_metadata_s_own_records(open_desk: OpenDesk) -> None:
    sample = watching()
    records = ({"name": "main"}, {"name": "other", "region": "west"})
    data = UserData("accounts", "account", ("name",), records, SPAN)
    with using(sample=sample) as app:
        desk = await open_desk(shop(user_data=[data], **app))
        li, wu = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
        await desk.system().create("account", {"name": "a", "owner": li}, {"name": "b", "owner": li})
        sample.seen.clear()
        system = desk.system()
        await system.run(lambda: transfer_ownership(system.scope, li, wu, system.environment))
        assert heard_of(sample) == [("account", "update", 2)]
        await system.run(lambda: load_user_data(desk.tables, system.environment))
        assert heard_of(sample) == [("account", "create", 2)]
        await system.run(lambda: load_user_data(desk.tables, system.environment))
        assert heard_of(sample) == []


async def test_what_a_plugin_is_shown(open_desk: OpenDesk) -> None:
    sample = watching()
    with using(sample=sample) as app:
        desk = await open_desk(shop(**app))
        id_ = await desk.system().new("account", name="a", region="north", password="secret")
        change = sample.batches[0].changes[0]
        assert (change.id, change.old) == (id_, None)
        assert change.supplied == {"name", "region", "password"}
        assert change.new["region"] == "north"
        assert "password" not in change.new
        assert change.changed("region")
        assert not change.changed("budget") or change.old is None
        with pytest.raises(TypeError):
            change.new["region"] = "x"  # type: ignore[index]
        sample.batches.clear()
        await desk.system().update("account", id_, budget="7.50")
        change = sample.batches[0].changes[0]
        assert change.old is not None
        assert (change.old["region"], change.old["budget"], change.old["version"]) == ("north", None, 1)
        assert (change.new["region"], str(change.new["budget"]), change.new["version"]) == (
            "north",
            "7.50",
            2,
        )
        assert change.supplied == {"budget"}
        assert (change.changed("budget"), change.changed("region")) == (True, False)


async def test_without_a_hook_nothing_is_asked(open_desk: OpenDesk) -> None:
    heard: list[int] = []
    for sample in (None, Sample(), watching()):
        with using(**({"sample": sample} if sample else {})) as app:
            desk = await open_desk(shop(**app))
            id_ = await desk.system().new("account", name=f"a{len(heard)}")
            await desk.system().update("account", id_, region="x")
            heard.append(len(desk.heard))
    assert heard[0] == heard[1] == heard[2] - 1  # what a row held is read for those who want to see it


async def test_a_batch_is_one_call_and_few_statements_for_ten_thousand_rows(open_desk: OpenDesk) -> None:
    def numbered(batch: Any) -> None:
        for at, change in enumerate(batch.changes):
            change.set("region", str(at % 7))

    sample = Sample(before_write=numbered)
    with using(sample=sample) as app:
        desk = await open_desk(shop(**app))
        system, heard = desk.system(), []
        code, plugin_desk = plugged("sample", "before_write", system.scope, system.environment)
        for number in (10, 10_000):
            rows = [{"name": f"{number}-{at}"} for at in range(number)]
            writing = partial(plugin_desk.create, "account", rows)
            ids = await system.run(partial(code.called, writing))
            assert len(ids) == number
            heard.append(len(desk.heard))
        assert sample.names("before_write") == [("account", "create", 10), ("account", "create", 10_000)]
        assert heard[0] == heard[1]
        assert {each["region"] for each in await desk.rows("account")} == set("0123456")


async def test_plugins_are_asked_in_their_order_and_see_what_was_set(open_desk: OpenDesk) -> None:
    def first(batch: Any) -> None:
        for change in batch.changes:
            change.set("region", f"{change.new['name']}!")

    def second(batch: Any) -> None:
        for change in batch.changes:
            change.set("region", f"{change.new['region']}?")

    with using(one=Sample(before_write=first), two=Sample(before_write=second)) as app:
        desk = await open_desk(shop(**app))
        id_ = await desk.system().new("account", name="a")
        assert (await desk.row("account", id_))["region"] == "a!?"
        assert [
            (each["field"], each["new"]) for each in await desk.changes(id_) if each["field"] == "region"
        ] == [("region", '"a!?"')]


async def test_the_second_of_three_hooks_fails_and_nothing_is_left(open_desk: OpenDesk) -> None:
    def writing(batch: Any) -> Any:
        if batch.object.name == "account":
            yield from batch.desk.create("contact", [{"name": "from one"}])

    def failing(batch: Any) -> None:
        if batch.object.name == "account":
            raise Refusal("CONFLICT")

    last = Sample(after_write=nothing)
    with using(one=Sample(after_write=writing), two=Sample(after_write=failing), three=last) as app:
        desk = await open_desk(shop(**app))
        with pytest.raises(Refusal) as caught:
            await desk.system().new("account", name="a")
        assert caught.value.code == "CONFLICT"
        assert last.names("after_write") == [("contact", "create", 1)]
        assert (await desk.rows("account"), await desk.rows("contact")) == ([], [])
