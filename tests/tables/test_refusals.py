"""What rows contradict is refused, with their number and the fix, and nothing is done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesmode.database.driver import Database
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.object import Unique
from salesmode.tables.migrations import apply, plan
from tests.support.models import field, model, object_, reference
from tests.tables.rows import NOW, id_of, insert
from tests.tables.schemas import schema


def customers(fields: Mapping[str, Field], **keys: Any) -> Model:
    return model(object_("customer", {"name": field("text", required=True), **fields}, **keys))


async def refusal(database: Database, before: Model, after: Model, *rows: Mapping[str, Any]) -> str:
    """With these rows, the one refusal of `after`, as `what [rows]: text`; checks that nothing happened."""
    assert not (await apply(database, before)).refusals
    named = [{"name": f"row {number}", **row} for number, row in enumerate(rows)]
    await insert(database, before, "customer", *named)
    was = await schema(database)
    done = await apply(database, after, allow_destructive=True)
    assert await schema(database) == was
    assert (await plan(database, after)).refusals == done.refusals
    (refused,) = done.refusals
    assert refused.fix
    assert refused.text.startswith(f"{refused.rows} ")
    return f"{refused.step}: {refused.text}"


async def test_a_new_required_field_without_default(empty: Database) -> None:
    after = customers({"code": field("text", required=True)})
    assert await refusal(empty, customers({}), after, {}, {}) == (
        "add customer.code (text, required): 2 rows without a value, and it is required"
    )


async def test_a_new_required_field_without_default_is_fine_without_rows(empty: Database) -> None:
    await apply(empty, customers({}))
    assert not (await apply(empty, customers({"code": field("text", required=True)}))).refusals


async def test_a_field_that_becomes_required_while_rows_are_without(empty: Database) -> None:
    before, after = customers({"code": field("text")}), customers({"code": field("text", required=True)})
    assert await refusal(empty, before, after, {"code": "x"}, {}, {}) == (
        "change customer.code: required: 2 rows without a value, and it becomes required"
    )


async def test_an_option_that_rows_use(empty: Database) -> None:
    before, after = (customers({"grade": field("choice", options=each)}) for each in ("abc", "ax"))
    assert await refusal(empty, before, after, {"grade": "b"}, {"grade": "c"}, {"grade": "a"}, {}) == (
        "change customer.grade: options +x, -b, -c: 2 rows with an option that is gone (b, c)"
    )


async def test_an_option_that_rows_have_in_a_list(empty: Database) -> None:
    before, after = (customers({"tags": field("multi_choice", options=each)}) for each in ("abc", "ab"))
    rows: list[dict[str, Any]] = [{"tags": ("a", "c")}, {"tags": ("b",)}, {"tags": ()}, {}]
    assert (await refusal(empty, before, after, *rows)).endswith("1 row with an option that is gone (c)")


async def test_an_open_choice_that_is_closed(empty: Database) -> None:
    before = customers({"grade": field("choice", options="ab", open_options=True)})
    after = customers({"grade": field("choice", options="ab")})
    assert (await refusal(empty, before, after, {"grade": "a"}, {"grade": "other"})).endswith(
        "1 row with a value that is no option"
    )


async def test_a_length_that_rows_exceed(empty: Database) -> None:
    before, after = customers({"code": field("text")}), customers({"code": field("text", max_length=3)})
    assert await refusal(empty, before, after, {"code": "äöü"}, {"code": "1234"}) == (
        "change customer.code: at most 3 characters: 1 row longer than 3 characters"
    )


@pytest.mark.parametrize(
    ("before", "after", "fits", "lost"),
    [
        (field("big_integer"), field("integer"), 2**31 - 1, 2**31),
        (field("big_integer"), field("integer"), -(2**31), -(2**31) - 1),
        (field("decimal"), field("money"), Decimal("0.1200"), Decimal("0.1234")),
        (field("decimal"), field("integer"), Decimal("-2"), Decimal("-2.5")),
        (field("money"), field("integer"), Decimal("2147483647"), Decimal("2147483648")),
        (field("money"), field("decimal"), Decimal("99999999999999.99"), Decimal("100000000000000.00")),
        (field("big_integer"), field("money"), 10**16 - 1, 10**16),
        (field("long_text"), field("text"), "x" * 500, "x" * 501),
        (field("text"), field("integer"), "-12", "12a"),
        (field("text"), field("integer"), "-2147483648", "2147483648"),
        (field("text"), field("integer"), "0", "9" * 30),
        (field("text"), field("integer"), "0", "1\n"),
        (field("text"), field("big_integer"), "1", ""),
        (field("text"), field("money"), "-1.25", "1.255"),
        (field("text"), field("money"), "1.2", "1."),
        (field("text"), field("money"), "9" * 16, "9" * 17),
        (field("text"), field("boolean"), "false", "no"),
        (field("text"), field("date"), "2024-02-29", "2026-02-29"),
        (field("text"), field("date"), "2026-12-31", "31.12.2026"),
        (field("text"), field("choice", options="ab"), "a", "c"),
        (field("choice", options="ab"), field("date"), None, "a"),
        (field("date"), field("boolean"), None, date(2026, 1, 31)),
        (field("multi_choice", options="ab"), field("choice", options="ab"), ("a",), ("a", "b")),
    ],
)
async def test_a_type_that_cannot_hold_a_value(
    empty: Database, before: Field, after: Field, fits: object, lost: object
) -> None:
    old, new = customers({"x": before}), customers({"x": after})
    text = await refusal(empty, old, new, {"x": fits}, {"x": lost}, {})
    assert ": 1 row " in text


async def test_duplicates_of_what_becomes_unique(empty: Database) -> None:
    before = customers({"code": field("text")})
    after = customers({"code": field("text")}, unique=[Unique("codes", ("code",), fold=True)])
    rows: list[dict[str, Any]] = [{"code": "Ä"}, {"code": "ä"}, {"code": "b"}, {}, {}]
    deleted = [{"code": "b", "deleted_at": NOW}]
    assert await refusal(empty, before, after, *rows, *deleted) == (
        "add unique index uq_customers_code_fold on customer (code): "
        "2 rows with the same values as another one, and they become unique"
    )


async def test_a_unique_field_with_a_default_for_several_rows(empty: Database) -> None:
    after = customers({"code": field("text", default="same", unique=True)})
    assert (await refusal(empty, customers({}), after, {}, {}, {})).endswith(
        "3 rows with the same values as another one, and they become unique"
    )


async def test_uniqueness_is_about_the_values_as_they_will_be(empty: Database) -> None:
    before = customers({"a": field("choice", options="xy"), "b": field("integer")})
    fields = {
        "a": field("choice", options="y", renamed_options={"x": "y"}),
        "c": field("text", renamed_from="b"),
    }
    after = customers(fields, unique=[("a", "c")])
    rows = [{"a": "x", "b": 1}, {"a": "y", "b": 1}, {"a": "y", "b": 2}]
    assert (await refusal(empty, before, after, *rows)).endswith(
        "2 rows with the same values as another one, and they become unique"
    )


async def test_values_outside_a_new_range(empty: Database) -> None:
    before = customers({"discount": field("percent")})
    after = customers({"discount": field("percent", min=0, max=100)})
    rows = [{"discount": Decimal(each)} for each in ("0.00", "100.00", "100.01", "-0.01")]
    assert (await refusal(empty, before, after, *rows, {})).endswith("2 rows outside the new range")


async def test_references_that_the_new_target_does_not_have(empty: Database) -> None:
    before = model(
        object_("customer", {"name": field("text"), "who": reference("customer")}),
        object_("person", {"name": field("text")}),
    )
    after = model(
        object_("customer", {"name": field("text"), "who": reference("person")}),
        object_("person", {"name": field("text")}),
    )
    await apply(empty, before)
    await insert(empty, before, "person", {"name": "P"})
    text = await refusal(empty, before, after, {"who": 1}, {"who": 2}, {})
    assert (
        text == "add foreign key from customer.who to persons: 1 row referring to what persons does not have"
    )


async def test_references_to_a_table_that_is_only_made_now(empty: Database) -> None:
    before = customers({"who": reference("customer")})
    new = object_("person", {"name": field("text")})
    customer = replace(before.objects["customer"], fields={**before.objects["customer"].fields})
    after = model(object_("customer", {"name": customer.fields["name"], "who": reference("person")}), new)
    assert (await refusal(empty, before, after, {"who": 1})).endswith(
        "1 row referring to what persons does not have"
    )


async def test_all_refusals_come_at_once(empty: Database) -> None:
    before = customers({"a": field("choice", options="xy"), "b": field("text")})
    after = customers(
        {"a": field("choice", options="y"), "b": field("integer"), "c": field("date", required=True)}
    )
    await apply(empty, before)
    await insert(empty, before, "customer", {"id": id_of(1), "name": "N", "a": "x", "b": "one"})
    assert [each.rows for each in (await apply(empty, after)).refusals] == [1, 1, 1]
