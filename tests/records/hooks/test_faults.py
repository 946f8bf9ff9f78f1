"""What plugins find wrong: told with the failed validations, as far as the caller may know of it."""

from collections.abc import Callable
from typing import Any

import pytest

from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.hookspecs import Batch, Fault
from salesmode.model.label import Label
from tests.records.conftest import OpenDesk
from tests.records.hooks.kit import Sample, shop, using
from tests.records.hooks.test_given import deals_with_plugin, with_rule
from tests.records.kit import refused

NO = Label({"en": "No."})
PLAIN: Any = "plain"


def finding(field: str | None = None) -> Sample:
    """Something is wrong with each account."""

    def found(batch: Batch) -> list[Fault]:
        changes = batch.changes if batch.object.name == "account" else ()
        return [Fault(each.id, "odd", NO, field) for each in changes]

    return Sample(validate_record=found)


async def test_they_are_told_with_the_failed_validations(open_desk: OpenDesk) -> None:
    with using(sample=finding("region"), other=finding()) as app:
        desk = await open_desk(with_rule(shop(**app)))
        system = desk.system()
        found = await refused(system.new("account", name="a", hidden="x"))
        assert found == (
            "VALIDATION_FAILED",
            {(("input",), "northern"), (("input", "region"), "odd"), (("input",), "odd")},
        )
        rows = [{"name": "a"}, {"name": "b"}]
        _, problems = await refused(system.create("account", *rows))
        assert problems == {
            ((*path, *field), "odd") for path in (("input", 0), ("input", 1)) for field in ((), ("region",))
        }
        assert await desk.rows("account") == []


async def test_they_see_the_rows_as_they_are_now(open_desk: OpenDesk) -> None:
    """A limit across rows: no region has more than two accounts."""

    def crowded(batch: Batch) -> Any:
        counts = yield from batch.desk.count("account", by=["region"])
        return [
            Fault(each.id, "crowded", Message("required"), "region")
            for each in batch.changes
            if each.new["region"] and counts[each.new["region"]] > 2
        ]

    with using(sample=Sample(validate_record=crowded)) as app:
        desk = await open_desk(shop(**app))
        system = desk.system()
        ids = await system.create("account", {"name": "a", "region": "n"}, {"name": "b", "region": "n"})
        assert await refused(system.new("account", name="c", region="n")) == (
            "VALIDATION_FAILED",
            {(("input", "region"), "crowded")},
        )
        await system.delete("account", ids[0])
        await system.new("account", name="c", region="n")
        found = await refused(system.restore("account", ids[0]))
        assert found == ("VALIDATION_FAILED", {(("id", "region"), "crowded")})


async def test_a_field_that_the_caller_may_not_read_is_not_named(open_desk: OpenDesk) -> None:
    with using(sample=finding("hidden")) as app:
        desk = await open_desk(shop(**app))
        (li,) = await desk.system().create("user", {"name": "Li"})
        found = await refused(desk.caller({"id": li}, "seller").new("account", name="a"))
        assert found == ("VALIDATION_FAILED", {(("input",), "odd")})


async def test_nor_are_fields_of_what_the_engine_makes_in_the_request(open_desk: OpenDesk) -> None:
    """Tasks of a stage are written with the system's rights, and told to whoever moves the record."""

    def found(batch: Batch) -> list[Fault]:
        changes = batch.changes if batch.object.name == "task" else ()
        return [Fault(each.id, "odd", NO, "assignee") for each in changes]

    def refusing(batch: Batch) -> None:
        if batch.object.name == "task":
            raise Refusal("CONFLICT", problems=[Problem(("input", "assignee"), "odd", NO)])

    with using(sample=Sample()):
        desk = await open_desk(deals_with_plugin())
        (li,) = await desk.system().create("user", {"name": "Li"})
        mover = desk.caller({"id": li}, "manager")
        id_ = await mover.new("opportunity", name="a", pipeline="deal", amount="5", decision_maker="x")
        await desk.system().update("opportunity", id_, secret_plan="x")
    with using(sample=Sample(validate_record=found)):
        assert (await refused(mover.move("opportunity", id_, "proposal")))[1] == {(("input",), "odd")}
        system = await refused(desk.system().move("opportunity", id_, "proposal"))
        assert system[1] == {(("input", "assignee"), "odd")}
    with using(sample=Sample(before_write=refusing)):
        assert await refused(mover.move("opportunity", id_, "proposal")) == ("CONFLICT", {((), "odd")})


async def test_a_refusal_names_no_more_either(open_desk: OpenDesk) -> None:
    """Its text is the plugin's own: whoever writes a hidden value into it has told it."""
    wrong = [
        Problem(("input", "hidden"), "odd", NO),
        Problem(("input", "region"), "odd", NO),
        Problem(("input", "contacts", "create", 0, "name"), "odd", NO),
    ]

    def refusing(batch: Batch) -> None:
        raise Refusal("VALIDATION_FAILED", problems=wrong)

    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        (li,) = await desk.system().create("user", {"name": "Li"})
    with using(sample=Sample(before_write=refusing)):
        caller = desk.caller({"id": li}, "seller")
        assert await refused(caller.new("account", name="a")) == (
            "VALIDATION_FAILED",
            {
                (("input",), "odd"),
                (("input", "region"), "odd"),
                (("input", "contacts", "create", 0, "name"), "odd"),
            },
        )


async def test_what_is_wrong_with_a_plugin_s_own_write_has_no_path(open_desk: OpenDesk) -> None:
    def writing(batch: Batch) -> Any:
        if batch.object.name == "contact":
            yield from batch.desk.create("account", [{"hidden": "x"}])

    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        (li,) = await desk.system().create("user", {"name": "Li"})
    with using(sample=Sample(after_write=writing)):
        caller = desk.caller({"id": li}, "seller")
        found = await refused(caller.new("contact", name="a"))
        assert found == ("VALIDATION_FAILED", {((), "required")})
        assert await desk.rows("contact") == []


async def test_rows_are_refused_alike_whatever_is_hidden_from_the_caller(open_desk: OpenDesk) -> None:
    """A plugin that refuses by a hidden value says that there is something; it never says where or what."""

    def spying(batch: Batch) -> list[Fault]:
        changes = batch.changes if batch.object.name == "account" else ()
        wrong = [each for each in changes if each.new["hidden"] in ("one", "two")]
        return [Fault(each.id, "odd", NO, "hidden") for each in wrong]

    with using(sample=Sample()) as app:
        desk = await open_desk(shop(**app))
        (li,) = await desk.system().create("user", {"name": "Li"})
        rows = [{"name": name, "hidden": name, "owner": li} for name in ("one", "two", "three")]
        one, two, three = await desk.system().create("account", *rows)
    with using(sample=Sample(validate_record=spying)):
        caller = desk.caller({"id": li}, "seller")
        answers = [await refused(caller.update("account", id_, region="x")) for id_ in (one, two)]
        assert answers == [("VALIDATION_FAILED", {(("input",), "odd")})] * 2
        await caller.update("account", three, region="x")


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal("NO_SUCH_CODE"),  # type: ignore[arg-type]
        Refusal("CONFLICT", Message("no such text")),
        Refusal("CONFLICT", PLAIN),
        Refusal("CONFLICT", problems=[PLAIN]),
        Refusal("CONFLICT", problems=[Problem(("input",), "odd", Message("no such text"))]),
    ],
    ids=["code", "message", "text", "problem", "text of a problem"],
)
async def test_a_refusal_that_cannot_be_told(open_desk: OpenDesk, refusal: Refusal) -> None:
    def refusing(batch: Batch) -> None:
        raise refusal

    with using(sample=Sample(before_write=refusing)) as app:
        desk = await open_desk(shop(**app))
        with pytest.raises(Refusal) as caught:
            await desk.system().new("account", name="a")
        assert caught.value.code == "INTERNAL"
        assert "'sample'" in caught.value.message.text("en")


Wrong = Callable[[Batch], Any]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda batch: "odd", "a sequence of Fault is expected"),
        (lambda batch: [1], "a sequence of Fault is expected"),
        (lambda batch: [Fault("nobody", "odd", NO)], "'nobody' is none of the rows"),
        (lambda batch: [Fault(batch.changes[0].id, "odd", NO, "nam")], "'account' has no field 'nam'"),
        (lambda batch: [Fault(batch.changes[0].id, "odd", Message("no such text"))], "is no text"),
        (lambda batch: [Fault(batch.changes[0].id, "odd", PLAIN)], "'plain' is no text"),
    ],
)
async def test_nonsense(
    open_desk: OpenDesk, wrong: Wrong, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with using(sample=Sample(validate_record=wrong)) as app:
        desk = await open_desk(shop(**app))
        assert await refused(desk.system().new("account", name="a")) == ("INTERNAL", set())
        assert said in caplog.text
