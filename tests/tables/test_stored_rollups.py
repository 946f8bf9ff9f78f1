"""Stored rollups in migrations: computed for the rows that are there, in the apply that adds or changes
them.
"""

from decimal import Decimal
from typing import Any

import pytest

from salesmode.compiler import compile_texts
from salesmode.database.driver import Database
from salesmode.model.app import Model
from salesmode.tables.migrations import Plan, apply, as_text, plan, undo
from tests.tables.rows import id_of, insert, select

APP = """
kind: app
name: shop
---
kind: object
name: customer
fields:
  name: {{type: text}}
{rollups}
---
kind: object
name: deal
fields:
  {amount}
  state: {{type: choice, options: [open, won, lost]}}
  kind: {{type: text}}
  customer: {{type: reference, to: customer, inverse: deals}}
"""
OPEN = "  total: {type: rollup, over: deals, sum: amount, where: {state: open}, stored: true}"
CHOSEN = (
    "  total: {type: rollup, over: deals, sum: amount, stored: true, "
    "where: {state: [open, won], kind: {ne: it's ? $1}}}"
)
COUNT = "  total: {type: rollup, over: deals, count: true, where: {state: lost}, stored: true}"


def shop(rollups: str = "", amount: str = "amount: {type: money}") -> Model:
    return compile_texts({"app.yaml": APP.format(rollups=rollups, amount=amount)}).model


async def filled(database: Database) -> None:
    """Two customers; the first has deals of all states."""
    model = shop()
    await apply(database, model)
    await insert(database, model, "customer", {"name": "a"}, {"name": "b"})
    deals: list[dict[str, Any]] = [
        {"amount": Decimal("10.25"), "state": "open", "kind": "it's ? $1"},
        {"amount": Decimal("20"), "state": "won"},
        {"amount": Decimal("40"), "state": "lost"},
        {"amount": None, "state": "open"},
    ]
    await insert(database, model, "deal", *({**each, "customer": 1} for each in deals))


def texts(made: Plan) -> list[str]:
    return [step.text for step in made.steps if "check" not in step.text]


async def totals(database: Database, model: Model) -> list[object]:
    return [total for (total,) in await select(database, model, "customer", "total")]


async def test_a_new_one_is_computed_for_the_rows_that_are_there(empty: Database) -> None:
    await filled(empty)
    model = shop(OPEN)
    assert texts(await apply(empty, model)) == [
        "add customer.total (money, 2 decimal places)",
        "compute customer.total for all records",
    ]
    assert await totals(empty, model) == [Decimal("10.25"), Decimal(0)]
    assert as_text(await plan(empty, model)) == "No changes."


async def test_to_take_a_new_one_back_loses_nothing(empty: Database) -> None:
    await filled(empty)
    await apply(empty, shop(OPEN))
    assert (await undo(empty)).refusals == ()
    assert as_text(await plan(empty, shop())) == "No changes."


async def test_another_definition_is_computed_anew(empty: Database) -> None:
    await filled(empty)
    await apply(empty, shop(OPEN))
    model = shop(CHOSEN)
    assert texts(await apply(empty, model)) == ["compute customer.total for all records"]
    assert await totals(empty, model) == [Decimal(20), Decimal(0)]
    assert as_text(await plan(empty, model)) == "No changes."


async def test_what_it_is_made_of_may_be_renamed_in_the_same_apply_and_back(empty: Database) -> None:
    await filled(empty)
    await apply(empty, shop(OPEN))
    renamed = shop(
        OPEN.replace("amount", "value").replace("state: open", "state: won"),
        "value: {type: money, renamed_from: amount}",
    )
    await apply(empty, renamed)
    assert await totals(empty, renamed) == [Decimal(20), Decimal(0)]
    await undo(empty)
    assert await totals(empty, shop(OPEN)) == [Decimal("10.25"), Decimal(0)]
    assert as_text(await plan(empty, shop(OPEN))) == "No changes."


async def test_one_that_is_computed_when_read_has_no_column(empty: Database) -> None:
    await filled(empty)
    assert texts(await apply(empty, shop(OPEN.replace(", stored: true", "")))) == []


@pytest.mark.parametrize("index", ["index: true", "index: false"])
async def test_a_stored_one_can_have_an_index(empty: Database, index: str) -> None:
    await filled(empty)
    made = await apply(empty, shop(OPEN.replace("stored: true", f"stored: true, {index}")))
    assert any("index" in each for each in texts(made)) == (index == "index: true")


async def test_another_function_makes_another_column_and_undo_brings_the_old_one_back(
    empty: Database,
) -> None:
    await filled(empty)
    await apply(empty, shop(OPEN))
    await apply(empty, shop(COUNT))
    assert await totals(empty, shop(COUNT)) == [1, 0]
    assert as_text(await plan(empty, shop(COUNT))) == "No changes."
    await undo(empty)
    assert await totals(empty, shop(OPEN)) == [Decimal("10.25"), Decimal(0)]
    assert as_text(await plan(empty, shop(OPEN))) == "No changes."


async def test_one_that_is_not_stored_any_more_loses_nothing(empty: Database) -> None:
    await filled(empty)
    await apply(empty, shop(OPEN))
    made = await apply(empty, shop(OPEN.replace(", stored: true", "")))
    assert (texts(made), made.refusals) == (["drop customer.total"], ())
    await undo(empty)
    assert await totals(empty, shop(OPEN)) == [Decimal("10.25"), Decimal(0)]


async def test_what_somebody_wrote_is_not_computed_over(empty: Database) -> None:
    await filled(empty)
    written = shop("  total: {type: money}")
    await apply(empty, written)
    await insert(empty, written, "customer", {"name": "c", "total": Decimal(7), "id": id_of(3)})
    refused = (await apply(empty, shop(OPEN))).refusals
    assert [each.text for each in refused] == ["1 row with a value that somebody wrote"]
    assert await totals(empty, written) == [None, None, Decimal(7)]
