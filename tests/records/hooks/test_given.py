"""What plugins set: written as the system, and held to the same rules as any input."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from salesmode.compiler import compile_texts
from salesmode.hookspecs import Batch
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, UserValue
from salesmode.model.label import Label
from salesmode.model.object import Validation
from salesmode.records.filling import new_id
from tests.records.conftest import OpenDesk
from tests.records.deals import DEALS
from tests.records.hooks.kit import Sample, nothing, shop, using
from tests.records.kit import MINE, eq, grant, refused, right, role
from tests.support.models import SPAN


def setting(**values: Any) -> Sample:
    """Sets the same on each account."""

    def before(batch: Batch) -> None:
        for change in batch.changes if batch.object.name == "account" else ():
            for name, value in values.items():
                change.set(name, value)

    return Sample(before_write=before)


async def test_a_value_is_written_as_the_system_with_its_history(open_desk: OpenDesk) -> None:
    with using(sample=setting(hidden="by the plugin", budget=Decimal("7.5"))) as app:
        desk = await open_desk(shop(**app))
        (li,) = await desk.system().create("user", {"name": "Li"})
        id_ = await desk.caller({"id": li}, "seller").new("account", name="a", budget="5")
        row = await desk.row("account", id_)
        assert (row["hidden"], row["budget"], row["version"]) == ("by the plugin", Decimal("7.50"), 1)
        await desk.system().update("account", id_, name="b")
        found = {(each["version"], each["field"]): each["new"] for each in await desk.changes(id_)}
        assert (found[1, "hidden"], found[2, "name"]) == ('"by the plugin"', '"b"')
        assert (2, "hidden") not in found  # it had it already


async def test_rows_that_were_given_the_same_may_get_different_values(open_desk: OpenDesk) -> None:
    def named(batch: Batch) -> None:
        for change in batch.changes:
            if change.new["name"] != "b":
                change.set("region", f"of {change.new['name']}")

    with using(sample=Sample(before_write=named)) as app:
        desk = await open_desk(shop(**app))
        await desk.system().create("account", {"name": "a"}, {"name": "b", "region": "x"}, {"name": "c"})
        await desk.system().update_where("account", ALWAYS, budget="1")
        rows = await desk.rows("account")
        assert [(each["region"], each["version"]) for each in rows] == [("of a", 2), ("x", 2), ("of c", 2)]


def owned_by(ids: list[str]) -> Sample:
    """Gives accounts to the last of the ids."""

    def assign(batch: Batch) -> None:
        for change in batch.changes if batch.object.name == "account" else ():
            change.set("owner", ids[-1])

    return Sample(before_write=assign)


async def test_what_a_role_presets_gives_way(open_desk: OpenDesk) -> None:
    """The plugin decides whose it is, though the caller could not have chosen it."""
    ids: list[str] = []
    presetting = role(
        "presetting",
        grant("account", read=True, create=right(owner=UserValue("id")), fields={"name": "write"}),
    )
    with using(sample=owned_by(ids)) as app:
        desk = await open_desk(shop(presetting, **app))
        ids += await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
        id_ = await desk.caller({"id": ids[0]}, "presetting").new("account", name="a")
        assert (await desk.row("account", id_))["owner"] == ids[1]


async def test_a_check_of_the_caller_s_role_holds_for_it(open_desk: OpenDesk) -> None:
    ids: list[str] = []
    own = role(
        "own",
        grant("account", read=True, create=right(check=MINE), fields={"name": "write", "owner": "write"}),
    )
    with using(sample=owned_by(ids)) as app:
        desk = await open_desk(shop(own, **app))
        ids += await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
        caller = desk.caller({"id": ids[0]}, "own")
        assert (await refused(caller.new("account", name="a")))[0] == "FORBIDDEN"
        ids.append(ids[0])
        # Whom the caller named instead, and cannot see, is nobody's concern any more.
        await caller.new("account", name="a", owner=ids[1])


async def test_it_may_refer_to_what_the_caller_does_not_see(open_desk: OpenDesk) -> None:
    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        (li,) = await desk.system().create("user", {"name": "Li"})
        mine, hidden = await desk.system().create("account", {"name": "mine", "owner": li}, {"name": "other"})
    with using(sample=setting(parent=hidden)):
        caller = desk.caller({"id": li}, "seller")
        id_ = await caller.new("account", name="a", parent=mine)
        await caller.update("account", id_, parent=mine, name="b")
        row = await desk.row("account", id_)
        assert (row["name"], row["parent"]) == ("b", hidden)
    with using(sample=Sample()):
        assert (await refused(caller.new("account", name="x", parent=hidden)))[0] == "VALIDATION_FAILED"


@pytest.mark.parametrize("creating", [True, False], ids=["create", "update"])
@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": "far too long a name"}, (("input", "name"), "too_long")),
        ({"name": None}, (("input", "name"), "required")),
        ({"parent": new_id()}, (("input", "parent"), "not_found")),
        ({"hidden": "x", "region": "south"}, (("input",), "northern")),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
async def test_it_is_held_to_the_rules(
    open_desk: OpenDesk, values: dict[str, Any], problem: Any, creating: bool
) -> None:
    with using(sample=Sample()) as app:
        desk = await open_desk(with_rule(shop(**app)))
        system = desk.system()
        id_ = await system.new("account", name="old")
    with using(sample=setting(**values)):
        attempt = system.new("account", name="a") if creating else system.update("account", id_, name="a")
        assert await refused(attempt) == ("VALIDATION_FAILED", {problem})
        assert [each["name"] for each in await desk.rows("account")] == ["old"]


@pytest.mark.parametrize("creating", [True, False], ids=["create", "update"])
async def test_it_may_collide(open_desk: OpenDesk, creating: bool) -> None:
    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        system = desk.system()
        _, id_ = await system.create("account", {"name": "taken"}, {"name": "old"})
    with using(sample=setting(name="taken")):
        attempt = system.new("account", name="a") if creating else system.update("account", id_, region="x")
        assert await refused(attempt) == ("CONFLICT", {(("input", "name"), "not_unique")})
        assert [each["name"] for each in await desk.rows("account")] == ["taken", "old"]


async def test_rules_that_choose_give_way_to_what_is_given(open_desk: OpenDesk) -> None:
    """No rule chose what a plugin gives, as if somebody had by hand."""
    app = """
kind: app
name: choosing
plugins: [sample]
---
kind: object
name: region
fields: {name: {type: text, required: true, unique: true}}
---
kind: object
name: account
fields:
  name: {type: text}
  region:
    type: reference
    to: region
    assign: {by: name, rules: [{name: every, to: north}]}
"""
    ids: list[str] = []

    def before(batch: Batch) -> None:
        for change in batch.changes if batch.object.name == "account" else ():
            if change.new["name"] == "plugged":
                change.set("region", ids[1])

    with using(sample=Sample(before_write=before)):
        desk = await open_desk(compile_texts({"app.yaml": app}).model)
        ids += await desk.system().create("region", {"name": "north"}, {"name": "south"})
        id_ = await desk.system().new("account", name="a")
        assert (await desk.row("account", id_))["region"] == ids[0]
        await desk.system().update("account", id_, name="plugged")
        row = await desk.row("account", id_)
        assert (row["region"], row["region_rule"]) == (ids[1], None)


def with_rule(found: Model) -> Model:
    """Where something is hidden, the region is north."""
    rule = Validation("northern", eq("hidden", "x"), eq("region", "north"), Label({"en": "North"}), SPAN)
    account = replace(found.objects["account"], validations=(rule,))
    return replace(found, objects={**found.objects, "account": account}, version="ruled")


def deals_with_plugin() -> Model:
    app = f"kind: app\nname: deals\nplugins: [sample]\n---{DEALS}"
    return compile_texts({"app.yaml": app}).model


async def test_gates_see_what_is_given_and_tasks_of_stages_are_told(open_desk: OpenDesk) -> None:
    def deciding(batch: Batch) -> None:
        for change in batch.changes if batch.object.name == "opportunity" else ():
            if change.move == ("qualify", "proposal"):
                change.set("decision_maker", "Mr Zhang")
                change.set("secret_plan", "none")

    sample = Sample(before_write=deciding, after_write=nothing)
    with using(sample=sample):
        desk = await open_desk(deals_with_plugin())
        system = desk.system()
        id_ = await system.new("opportunity", name="a", pipeline="deal", amount="5", customised=False)
        sample.seen.clear()
        await system.move("opportunity", id_, "proposal")
        told = [("opportunity", "update", 1), ("task", "create", 2)]
        assert sample.names("before_write") == sample.names("after_write") == told
        row = await desk.row("opportunity", id_)
        assert (row["stage"], row["decision_maker"], row["secret_plan"]) == ("proposal", "Mr Zhang", "none")
        assert (await refused(system.move("opportunity", id_, "lost")))[0] == "STAGE_BLOCKED"


async def test_a_field_that_the_pipeline_does_not_have(open_desk: OpenDesk) -> None:
    def terms(batch: Batch) -> None:
        for change in batch.changes:
            change.set("term", 24)

    with using(sample=Sample(before_write=terms)):
        desk = await open_desk(deals_with_plugin())
        found = await refused(desk.system().new("opportunity", name="a", pipeline="deal", amount="5"))
        assert found == ("VALIDATION_FAILED", {(("input", "term"), "not_in_pipeline")})


Wrong = Callable[[Batch], Any]


def given(name: str, value: object) -> Wrong:
    return lambda batch: batch.changes[0].set(name, value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (given("nam", "x"), "it sets 'nam', which is no field"),
        (given("version", 7), "it sets 'version', which is no field"),
        (given("budget", "much"), "it sets 'budget' to 'much': not_a_number"),
        (given("hidden", "\x00"), "it sets 'hidden'"),
        (lambda batch: "done", "it gives something"),
    ],
)
async def test_nonsense_is_the_plugin_s_fault(
    open_desk: OpenDesk, wrong: Wrong, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with using(sample=Sample(before_write=wrong)) as app:
        desk = await open_desk(shop(**app))
        assert await refused(desk.system().new("account", name="a")) == ("INTERNAL", set())
        assert said in caplog.text
        assert "'sample'" in caplog.text
        assert await desk.rows("account") == []


async def test_what_goes_takes_no_values(open_desk: OpenDesk) -> None:
    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        id_ = await desk.system().new("account", name="a")
    with using(sample=setting(region="x")):
        assert (await refused(desk.system().delete("account", id_)))[0] == "INTERNAL"
        assert len(await desk.rows("account")) == 1


async def test_the_rows_themselves_are_written_by_set_alone(open_desk: OpenDesk) -> None:
    def writing(batch: Batch) -> Any:
        yield from batch.desk.update("account", {batch.changes[0].id: {"region": "x"}})

    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        id_ = await desk.system().new("account", name="a")
    with using(sample=Sample(before_write=writing)):
        assert (await refused(desk.system().update("account", id_, name="b")))[0] == "INTERNAL"
    with using(sample=Sample(after_write=once(writing))):
        await desk.system().update("account", id_, name="b")
        row = await desk.row("account", id_)
        assert (row["name"], row["region"], row["version"]) == ("b", "x", 3)


async def test_nor_by_what_follows_from_its_writes(open_desk: OpenDesk) -> None:
    def begin(batch: Batch) -> Any:
        if batch.object.name == "account":
            yield from batch.desk.create("contact", [{"account": batch.changes[0].id}])

    def end(batch: Batch) -> Any:
        if batch.object.name == "contact":
            yield from batch.desk.update("account", {str(batch.changes[0].new["account"]): {"region": "x"}})

    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        id_ = await desk.system().new("account", name="a")
    with using(sample=Sample(before_write=begin, after_write=end)):
        assert (await refused(desk.system().update("account", id_, name="b")))[0] == "INTERNAL"
        assert await desk.rows("contact") == []


def once(does: Wrong) -> Wrong:
    """Not for what it does itself."""

    def hook(batch: Batch) -> Any:
        if "name" in batch.changes[0].supplied:
            yield from does(batch)

    return hook
