"""Applying a model: what is there afterwards, and what happens to the rows."""

import asyncio
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesmode.database.connect import connect
from salesmode.database.driver import Database, UnitOf
from salesmode.database.errors import ConstraintViolation
from salesmode.database.unit import Step
from salesmode.model.app import Model
from salesmode.model.condition import Moment, UserValue
from salesmode.model.field import Field
from salesmode.model.object import Unique
from salesmode.tables import describe
from salesmode.tables.engine import API_KEY, engine_tables
from salesmode.tables.migrations import Plan, apply, as_text, plan, undo
from tests.support.models import field, model, object_, option, reference
from tests.tables.rows import NOW, id_of, insert, select
from tests.tables.schemas import schema


def customers(fields: Mapping[str, Field] | None = None, **keys: Any) -> Model:
    """A model with one object of interest."""
    return model(object_("customer", {"name": field("text", required=True), **(fields or {})}, **keys))


async def applied(database: Database, wanted: Model, **keys: Any) -> Plan:
    """Apply, and see that nothing is left to do."""
    done = await apply(database, wanted, **keys)
    assert done.refusals == ()
    assert as_text(await plan(database, wanted)) == "No changes."
    return done


def texts(made: Plan) -> list[str]:
    return [f"{step.effect}: {step.text}" for step in made.steps]


async def test_an_empty_database_gets_every_table(empty: Database) -> None:
    done = await applied(empty, customers())
    assert texts(done)[:10] == [
        "safe: create table sm_metadata with 6 columns",
        "safe: create table sm_change with 10 columns",
        "safe: create table sm_sequence with 2 columns",
        "safe: create table sm_api_key with 9 columns",
        "safe: create table sm_lease with 4 columns",
        "safe: create table sm_outbox with 13 columns",
        "safe: create table sm_handled with 5 columns",
        "safe: create table sm_merged with 3 columns",
        "safe: create table users with 8 columns",
        "safe: create table customers with 8 columns",
    ]
    await insert(empty, customers(), "customer", {"name": "Acme"})


async def test_a_database_of_an_older_engine_gets_what_the_engine_has_now(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = [each for each in engine_tables(empty.dialect) if each.name != API_KEY]
    with monkeypatch.context() as then:
        then.setattr(describe, "engine_tables", lambda _: older)
        await applied(empty, customers())
    assert texts(await applied(empty, customers())) == ["safe: create table sm_api_key with 9 columns"]


async def test_applying_twice_does_nothing(empty: Database) -> None:
    await applied(empty, customers())
    before = await schema(empty)
    assert (await apply(empty, customers())).steps == ()
    assert await schema(empty) == before


async def test_a_plan_changes_nothing(empty: Database) -> None:
    before = await schema(empty)
    assert (await plan(empty, customers())).steps != ()
    assert await schema(empty) == before


async def test_two_machines_at_once_apply_once(database_url: str) -> None:
    databases = [await connect(database_url) for _ in range(2)]
    try:
        done = await asyncio.gather(*(apply(each, customers()) for each in databases))
        assert sorted(len(each.steps) > 0 for each in done) == [False, True]
        assert (await plan(databases[0], customers())).steps == ()
    finally:
        for each in databases:
            await each.close()


async def test_a_new_field_keeps_the_rows(empty: Database) -> None:
    await applied(empty, customers())
    await insert(empty, customers(), "customer", {"name": "Acme"}, {"name": "Bolt"})
    wanted = customers({"revenue": field("money", min=0), "parent": reference("customer")})
    done = await applied(empty, wanted)
    assert "safe: add customer.revenue (money, 2 decimal places)" in texts(done)
    assert await select(empty, wanted, "customer", "name", "revenue", "parent") == [
        ("Acme", None, None),
        ("Bolt", None, None),
    ]


async def test_a_new_field_with_a_default_fills_the_rows(empty: Database) -> None:
    await applied(empty, customers())
    await insert(empty, customers(), "customer", {"name": "Acme"}, {"name": "Bolt"})
    fields = {
        "grade": field("choice", options="ab", required=True, default="a"),
        "discount": field("percent", required=True, default=Decimal("2.5")),
        "vip": field("boolean", default=False),
        "since": field("date", default=date(2026, 1, 31)),
        "motto": field("text", default="it's 100% :fine"),
        "seen": field("date", default=Moment("today")),
    }
    done = await applied(empty, customers(fields))
    assert "needs backfill: add customer.grade (choice, required): 2 rows filled with 'a'" in texts(done)
    rows = await select(empty, customers(fields), "customer", *fields)
    expected = ("a", Decimal("2.5"), False, date(2026, 1, 31), "it's 100% :fine")
    assert [row[:-1] for row in rows] == [expected, expected]
    assert all(isinstance(row[-1], date) for row in rows)


async def test_a_default_that_depends_on_the_user_fills_nothing(empty: Database) -> None:
    await applied(empty, customers())
    await insert(empty, customers(), "customer", {"name": "Acme"})
    wanted = customers({"owner": field("user", default=UserValue("id"))})
    await applied(empty, wanted)
    assert await select(empty, wanted, "customer", "owner") == [(None,)]


async def test_a_field_becomes_required_where_every_row_has_a_value(empty: Database) -> None:
    optional, required = (customers({"code": field("text", required=each)}) for each in (False, True))
    await applied(empty, optional)
    await insert(empty, optional, "customer", {"name": "Acme", "code": "A"})
    assert texts(await applied(empty, required)) == ["safe: change customer.code: required"]
    with pytest.raises(ConstraintViolation):
        await insert(empty, required, "customer", {"id": id_of(9), "name": "Bolt", "code": None})
    assert texts(await applied(empty, optional)) == ["safe: change customer.code: may be empty"]
    assert await select(empty, optional, "customer", "code") == [("A",)]


async def test_a_field_becomes_required_and_its_default_fills_the_gaps(empty: Database) -> None:
    optional = customers({"grade": field("choice", options="ab")})
    required = customers({"grade": field("choice", options="ab", required=True, default="b")})
    await applied(empty, optional)
    await insert(empty, optional, "customer", {"name": "Acme", "grade": "a"}, {"name": "Bolt"})
    assert texts(await applied(empty, required)) == [
        "needs backfill: change customer.grade: required: 1 row without a value filled with 'b'"
    ]
    assert await select(empty, required, "customer", "grade") == [("a",), ("b",)]


async def test_renames_keep_the_rows(empty: Database) -> None:
    before = model(
        object_("account", {"name": field("text", required=True), "parent": reference("account")}),
        object_("deal", {"account": reference("account", required=True)}),
    )
    after = model(
        object_(
            "customer",
            {
                "title": field("text", required=True, renamed_from="name"),
                "group": reference("customer", renamed_from="parent"),
            },
            renamed_from="account",
        ),
        object_("deal", {"customer": reference("customer", required=True, renamed_from="account")}),
    )
    await applied(empty, before)
    await insert(empty, before, "account", {"name": "Acme"}, {"name": "Bolt", "parent": 1})
    await insert(empty, before, "deal", {"account": 2})
    done = await applied(empty, after)
    assert {step.effect for step in done.steps} == {"safe"}
    assert {
        "safe: rename table accounts to customers",
        "safe: rename customer.name to title",
        "safe: rename deal.account to customer",
    } <= set(texts(done))
    rows = await select(empty, after, "customer", "title", "group")
    assert [row[0] for row in rows] == ["Acme", "Bolt"]
    assert rows[1][1].endswith("01")
    assert (await select(empty, after, "deal", "customer"))[0][0].endswith("02")


async def test_history_and_counters_follow_a_rename(empty: Database) -> None:
    numbered = field("auto_number", format="{0000}")
    before = model(object_("deal", {"note": field("text"), "code": numbered}), object_("dealer"))
    renamed = {"remark": field("text", renamed_from="note"), "code": numbered}
    after = model(object_("bargain", renamed, renamed_from="deal"), object_("dealer"))
    await applied(empty, before)
    told = [("deal", "note"), ("deal", "code"), ("dealer", "note")]
    rows = [
        f"('{id_of(at)}', '{NOW}', 'updated', '{name}', '{id_of(1)}', 1, '{each}')"
        for at, (name, each) in enumerate(told)
    ]

    def unit() -> UnitOf[None]:
        names = "id, at, operation, object, record_id, version, field"
        yield Step(f"INSERT INTO sm_change ({names}) VALUES {', '.join(rows)}", ())
        yield Step("INSERT INTO sm_sequence (name, value) VALUES ('deal.code', 7), ('dealer.code', 9)", ())

    await empty.run(unit)
    await applied(empty, after)
    found = await empty.fetch(Step("SELECT object, field FROM sm_change ORDER BY id", ()))
    assert [tuple(row) for row in found] == [("bargain", "remark"), ("bargain", "code"), ("dealer", "note")]
    counted = await empty.fetch(Step("SELECT name, value FROM sm_sequence ORDER BY name", ()))
    assert [tuple(row) for row in counted] == [("bargain.code", 7), ("dealer.code", 9)]
    assert (await undo(empty)).refusals == ()
    found = await empty.fetch(Step("SELECT object, field FROM sm_change ORDER BY id", ()))
    assert [tuple(row) for row in found] == told


async def test_a_renamed_table_leaves_its_name_to_a_new_one(empty: Database) -> None:
    first = model(object_("account", {"name": field("text", index=True)}))
    second = model(object_("customer", {"name": field("text", index=True)}, renamed_from="account"))
    third = model(*second.objects.values(), object_("account", {"name": field("text", index=True)}))
    for wanted in (first, second, third):
        await applied(empty, wanted)


async def test_names_can_be_exchanged(empty: Database) -> None:
    before = model(object_("a", plural="these"), object_("b", {"x": field("text")}, plural="those"))
    after = model(object_("a", plural="those"), object_("b", {"x": field("text")}, plural="these"))
    await applied(empty, before)
    await insert(empty, before, "b", {"x": "kept"})
    await applied(empty, after)
    assert await select(empty, after, "b", "x") == [("kept",)]


async def test_a_field_can_take_the_name_of_one_that_goes(empty: Database) -> None:
    before = customers({"x": field("text"), "y": field("text")})
    after = customers({"x": field("text", renamed_from="z")})
    await applied(empty, before)
    await insert(empty, before, "customer", {"name": "A", "x": "x", "y": "y"})
    await applied(empty, after, allow_destructive=True)
    assert await select(empty, after, "customer", "x") == [("x",)]


async def test_options_come_and_get_other_names(empty: Database) -> None:
    before = customers({"grade": field("choice", options="abc")})
    after = customers({"grade": field("choice", options=[option("x"), "c", "d"], renamed_options={"a": "x"})})
    await applied(empty, before)
    await insert(empty, before, "customer", {"name": "A", "grade": "a"}, {"name": "C", "grade": "c"})
    done = await applied(empty, after)
    assert texts(done) == [
        "needs backfill: change customer.grade: options a becomes x, +d, -b: 1 row from a to x"
    ]
    assert await select(empty, after, "customer", "grade") == [("x",), ("c",)]


async def test_options_in_lists_get_other_names(empty: Database) -> None:
    before = customers({"tags": field("multi_choice", options="abc")})
    renamed = field(
        "multi_choice", options=["x", "b"], renamed_options={"a": "x"}, required=True, default=("b",)
    )
    after = customers({"tags": renamed})
    await applied(empty, before)
    await insert(empty, before, "customer", {"name": "A", "tags": ("b", "a")}, {"name": "B"})
    done = await applied(empty, after)
    assert [step.rows for step in done.steps] == [1]
    assert await select(empty, after, "customer", "tags") == [(("b", "x"),), (("b",),)]


async def test_options_in_another_order_are_no_change(empty: Database) -> None:
    await applied(empty, customers({"grade": field("choice", options="abc")}))
    assert (await plan(empty, customers({"grade": field("choice", options="cba")}))).steps == ()


@pytest.mark.parametrize(
    ("before", "after", "value", "becomes"),
    [
        (field("integer"), field("big_integer"), 7, 7),
        (field("big_integer"), field("integer"), -7, -7),
        (field("integer"), field("decimal"), -7, Decimal("-7")),
        (field("money"), field("integer"), Decimal("-5.00"), -5),
        (field("money"), field("decimal"), Decimal("0.05"), Decimal("0.05")),
        (field("decimal"), field("money"), Decimal("-1.2300"), Decimal("-1.23")),
        (field("money"), field("money", scale=3), Decimal("9999999999999.99"), Decimal("9999999999999.99")),
        (field("integer"), field("text"), -7, "-7"),
        (field("big_integer"), field("text"), 2**40, "1099511627776"),
        (field("money"), field("text"), Decimal("-0.05"), "-0.05"),
        (field("boolean"), field("text"), True, "true"),
        (field("date"), field("text"), date(2026, 1, 31), "2026-01-31"),
        (field("text"), field("long_text"), "a\nb", "a\nb"),
        (field("text"), field("choice", options="ab"), "a", "a"),
        (field("choice", options="ab"), field("text"), "a", "a"),
        (field("choice", options="ab"), field("multi_choice", options="ab"), "a", ("a",)),
        (field("multi_choice", options="ab"), field("choice", options="ab"), ("b",), "b"),
        (field("multi_choice", options="ab"), field("choice", options="ab"), (), None),
        (reference("customer"), field("multi_reference", to="customer"), id_of(1), (id_of(1),)),
        (field("email"), field("text"), "a@b.de", "a@b.de"),
        (field("text"), field("integer"), "-12", -12),
        (field("text"), field("decimal"), "-1.5", Decimal("-1.5")),
        (field("text"), field("decimal"), "12", Decimal("12")),
        (field("text"), field("boolean"), "true", True),
        (field("text"), field("date"), "2024-02-29", date(2024, 2, 29)),
    ],
)
async def test_a_type_changes_with_its_values(
    empty: Database, before: Field, after: Field, value: object, becomes: object
) -> None:
    old, new = customers({"x": before}), customers({"x": after})
    await applied(empty, old)
    await insert(empty, old, "customer", {"name": "A", "x": value}, {"name": "B", "x": None})
    await applied(empty, new)
    assert await select(empty, new, "customer", "x") == [(becomes,), (None,)]


async def test_a_type_changes_under_an_index_a_check_and_a_unique_set(empty: Database) -> None:
    def made(type_: str) -> Model:
        return customers({"x": field(type_, index=True, min=0, required=True)}, unique=[("name", "x")])

    await applied(empty, made("integer"))
    await insert(empty, made("integer"), "customer", {"name": "A", "x": 1}, {"name": "A", "x": 2})
    await applied(empty, made("decimal"))
    assert await select(empty, made("decimal"), "customer", "x") == [(Decimal(1),), (Decimal(2),)]
    with pytest.raises(ConstraintViolation):
        await insert(empty, made("decimal"), "customer", {"id": id_of(9), "name": "A", "x": Decimal(-1)})


async def test_a_field_without_values_may_become_anything(empty: Database) -> None:
    old, new = customers({"x": field("text")}), customers({"x": reference("customer")})
    await applied(empty, old)
    await insert(empty, old, "customer", {"name": "A"})
    await applied(empty, new)
    assert await select(empty, new, "customer", "name", "x") == [("A", None)]


async def test_what_is_dropped_must_be_asked_for(empty: Database) -> None:
    old = model(object_("customer", {"name": field("text"), "code": field("text")}), object_("deal"))
    new = model(object_("customer", {"name": field("text")}))
    await applied(empty, old)
    await insert(empty, old, "customer", {"name": "A", "code": "1"}, {"name": "B"})
    before = await schema(empty)
    refused = await apply(empty, new)
    assert {(each.step, each.rows) for each in refused.refusals} == {
        ("drop table deals: 0 rows", 0),
        ("drop customer.code: 1 row with a value", 1),
    }
    assert all("--allow-destructive" in each.fix for each in refused.refusals)
    assert await schema(empty) == before
    await applied(empty, new, allow_destructive=True)
    assert await select(empty, new, "customer", "name") == [("A",), ("B",)]


async def test_tables_that_refer_to_each_other_come_and_go(empty: Database) -> None:
    pair = model(object_("a", {"b": reference("b")}), object_("b", {"a": reference("a", required=True)}))
    await applied(empty, pair)
    await applied(empty, model(), allow_destructive=True)
    await applied(empty, pair)


async def test_uniqueness_and_indexes_come_and_go(empty: Database) -> None:
    plain = customers({"code": field("text")})
    strict = customers(
        {"code": field("text", index=True)},
        unique=[("name",), Unique("codes", ("code",), fold=True)],
        indexes=[("code", "name")],
    )
    await applied(empty, plain)
    fresh = await schema(empty)
    await insert(empty, plain, "customer", {"name": "A", "code": "x"}, {"name": "B", "code": "y"})
    await applied(empty, strict)
    with pytest.raises(ConstraintViolation) as caught:
        await insert(
            empty,
            strict,
            "customer",
            {"id": id_of(9), "name": "C", "code": "X"},
        )
    assert caught.value.constraint == "uq_customers_code_fold"
    await applied(empty, plain)
    assert await schema(empty) == fresh


async def test_a_row_that_others_refer_to_is_still_guarded_after_its_table_was_made_anew(
    empty: Database,
) -> None:
    def made(**keys: Any) -> Model:
        return model(
            object_("customer", {"name": field("text", **keys), "parent": reference("customer")}),
            object_("deal", {"customer": reference("customer")}),
        )

    await applied(empty, made())
    await insert(empty, made(), "customer", {"name": "A"}, {"name": "B", "parent": 1})
    await insert(empty, made(), "deal", {"customer": 2})
    await applied(empty, made(required=True))
    assert [row[0] for row in await select(empty, made(), "customer", "name")] == ["A", "B"]
    with pytest.raises(ConstraintViolation) as caught:
        await insert(empty, made(), "deal", {"id": id_of(9), "customer": 7})
    assert caught.value.constraint == "fk_deals_customer_id"


async def test_what_someone_removed_by_hand_is_made_again(empty: Database) -> None:
    wanted = customers({"code": field("text", index=True)})
    await applied(empty, wanted)
    fresh = await schema(empty)
    await empty.with_connection(lambda connection: connection.exec_driver_sql("DROP INDEX ix_customers_code"))
    assert await schema(empty) != fresh
    await applied(empty, wanted)
    assert await schema(empty) == fresh


async def test_what_someone_else_made_is_not_touched(empty: Database) -> None:
    await empty.with_connection(
        lambda connection: connection.exec_driver_sql("CREATE TABLE customers (id INTEGER)")
    )
    refused = await apply(empty, customers())
    assert [each.step for each in refused.refusals] == ["make table customers"]
    assert "sm_metadata" not in str(await schema(empty))
    await applied(empty, model(object_("client")))
    assert "customers | id" in str(await schema(empty))


async def test_a_failing_step_leaves_everything_as_it_was(empty: Database) -> None:
    await applied(empty, customers())
    before = await schema(empty)
    await empty.with_connection(
        lambda connection: connection.exec_driver_sql("CREATE TABLE extra (id INTEGER)")
    )
    await empty.with_connection(
        lambda connection: connection.exec_driver_sql("CREATE INDEX ix_customers_code ON extra (id)")
    )
    with pytest.raises(Exception, match="already exists"):
        await apply(empty, customers({"code": field("text", index=True)}))
    await empty.with_connection(lambda connection: connection.exec_driver_sql("DROP TABLE extra"))
    assert await schema(empty) == before
