"""Taking an apply back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from salesmode.database.driver import Database
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.tables.migrations import apply, as_text, plan, undo
from tests.support.models import field, model, object_, reference
from tests.tables.rows import insert, select
from tests.tables.schemas import schema


def customers(fields: Mapping[str, Field] | None = None, **keys: Any) -> Model:
    return model(object_("customer", {"name": field("text", required=True), **(fields or {})}, **keys))


BEFORE = customers(
    {"grade": field("choice", options="ab"), "revenue": field("money"), "size": field("integer")}
)
AFTER = model(
    object_(
        "client",
        {
            "title": field("text", required=True, renamed_from="name", index=True),
            "grade": field("choice", options="xb", renamed_options={"a": "x"}, required=True, default="b"),
            "revenue": field("decimal", min=0),
            "size": field("text"),
            "vip": field("boolean", required=True, default=False),
            "parent": reference("client"),
        },
        renamed_from="customer",
        unique=[("title", "grade")],
    ),
    object_("deal", {"client": reference("client", required=True)}),
)


async def test_everything_that_lost_nothing_is_taken_back(empty: Database) -> None:
    await apply(empty, BEFORE)
    fresh = await schema(empty)
    rows: list[dict[str, Any]] = [
        {"name": "A", "grade": "a", "revenue": Decimal("1.50"), "size": 7},
        {"name": "B", "grade": "b"},
    ]
    await insert(empty, BEFORE, "customer", *rows)
    assert not (await apply(empty, AFTER)).refusals
    assert await select(empty, AFTER, "client", "title", "grade", "size") == [
        ("A", "x", "7"),
        ("B", "b", None),
    ]
    done = await undo(empty)
    assert not done.refusals
    assert "destructive" not in {step.effect for step in done.steps}
    assert await schema(empty) == fresh
    assert as_text(await plan(empty, BEFORE)) == "No changes."
    assert await select(empty, BEFORE, "customer", "name", "grade", "revenue", "size") == [
        ("A", "a", Decimal("1.50"), 7),
        ("B", "b", None, None),
    ]


async def test_what_was_dropped_stays_gone(empty: Database) -> None:
    await apply(empty, customers({"code": field("text", index=True)}))
    await apply(empty, customers({"size": field("integer")}), allow_destructive=True)
    done = await undo(empty)
    assert not done.refusals
    assert "not undone      drop customer.code: what was dropped is lost" in as_text(done).splitlines()
    assert as_text(await plan(empty, customers())) == "No changes."


async def test_an_apply_that_only_dropped_stops_every_undo(empty: Database) -> None:
    await apply(empty, customers())
    await apply(empty, customers({"size": field("integer"), "code": field("text", index=True)}))
    await apply(empty, customers({"size": field("integer")}), allow_destructive=True)
    was = await schema(empty)
    for _ in range(2):
        stopped = await undo(empty, allow_destructive=True)
        assert [each.step for each in stopped.refusals] == ["drop customer.code"]
        assert "cannot be taken back" in as_text(stopped)
        assert await schema(empty) == was
    await apply(empty, customers({"size": field("integer"), "note": field("text")}))
    assert [step.text for step in (await undo(empty)).steps] == ["drop customer.note: 0 rows with a value"]
    assert (await undo(empty)).refusals, "the drop still stands before what is older"


async def test_what_went_with_a_renamed_table_is_told_by_its_new_name(empty: Database) -> None:
    await apply(empty, customers({"code": field("text")}))
    name = {"name": field("text", required=True)}
    renamed = model(object_("client", name, renamed_from="customer"))
    await apply(empty, renamed, allow_destructive=True)
    (gone,) = (await undo(empty)).gone
    assert gone == "drop client.code"


async def test_values_written_since_are_not_lost_unasked(empty: Database) -> None:
    wanted = customers({"code": field("text")})
    await apply(empty, customers())
    await apply(empty, wanted)
    await insert(empty, wanted, "customer", {"name": "A", "code": "1"}, {"name": "B"})
    was = await schema(empty)
    (refused,) = (await undo(empty)).refusals
    assert (refused.step, refused.rows) == ("drop customer.code: 1 row with a value", 1)
    assert await schema(empty) == was
    assert not (await undo(empty, allow_destructive=True)).refusals
    assert as_text(await plan(empty, customers())) == "No changes."


async def test_values_that_do_not_fit_any_more_are_counted(empty: Database) -> None:
    wide = customers({"size": field("big_integer")})
    await apply(empty, customers({"size": field("integer")}))
    await apply(empty, wide)
    await insert(empty, wide, "customer", {"name": "A", "size": 2**40})
    assert [each.rows for each in (await undo(empty)).refusals] == [1]


@pytest.mark.parametrize("times", [1, 2])
async def test_each_undo_goes_one_apply_further_back(empty: Database, times: int) -> None:
    steps = [
        customers(),
        customers({"a": field("text")}),
        customers({"a": field("text"), "b": field("text")}),
    ]
    for wanted in steps:
        await apply(empty, wanted)
    for _ in range(times):
        assert (await undo(empty)).steps
    assert as_text(await plan(empty, steps[-1 - times])) == "No changes."


async def test_an_undone_apply_can_be_applied_and_undone_again(empty: Database) -> None:
    await apply(empty, BEFORE)
    for _ in range(2):
        assert not (await apply(empty, AFTER)).refusals
        assert not (await undo(empty)).refusals
    assert as_text(await plan(empty, BEFORE)) == "No changes."


async def test_the_first_apply_can_be_taken_back_while_nothing_is_in_it(empty: Database) -> None:
    await apply(empty, BEFORE)
    assert not (await undo(empty)).refusals
    assert {line.partition(" ")[0] for line in (await schema(empty))["columns"]} == {
        "sm_api_key",
        "sm_change",
        "sm_handled",
        "sm_lease",
        "sm_merged",
        "sm_metadata",
        "sm_outbox",
        "sm_sequence",
    }
    assert (await undo(empty)).steps == ()


async def test_there_may_be_nothing_to_undo(empty: Database) -> None:
    assert as_text(await undo(empty)) == "No changes."
