"""The tables of a model: real constraints, and a way back from their names."""

from collections.abc import AsyncIterator

import pytest

from salesmode.database.connect import connect
from salesmode.database.driver import Database, UnitOf
from salesmode.database.errors import ConstraintViolation
from salesmode.database.statement import Dialect
from salesmode.database.unit import Step
from salesmode.model.app import Model
from salesmode.model.object import Unique
from salesmode.tables import Tables, tables_of
from salesmode.tables.names import constraint_name
from tests.support.models import field, model, object_, reference

SYSTEM = {"id", "created_at", "created_by_id", "updated_at", "updated_by_id", "version", "deleted_at"}
A, B = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
UNIQUE = Unique("same_name", ("name", "industry"))
FOLDED = Unique("same_code", ("code",), fold=True)


def crm() -> Model:
    return model(
        object_(
            "customer",
            {
                "name": field("text", required=True),
                "industry": field("text"),
                "code": field("text"),
                "order": field("integer", min=0, max=10, index=True),
                "grade": field("choice", options="ab", index=True),
                "vip": field("boolean"),
                "revenue": field("money"),
                "parent": reference("customer", tree=True),
            },
            unique=(UNIQUE, FOLDED),
            indexes=(("grade", "name"),),
        )
    )


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await connect(database_url)
    try:
        await database.with_connection(tables_of(crm(), database.dialect).create)
        yield database
    finally:
        await database.close()


def customer(database: Database, **values: object) -> Step:
    """An INSERT with literals, so that one spelling serves both engines."""
    now = "2026-01-31T08:00:00.000000Z"
    row = {"id": A, "created_at": now, "updated_at": now, "version": 1, "name": "Acme"} | values
    columns = ", ".join(f'"{name}"' for name in row)
    literals = ", ".join(
        "NULL" if each is None else f"'{each}'" if isinstance(each, str) else str(each)
        for each in row.values()
    )
    return Step(f"INSERT INTO customers ({columns}) VALUES ({literals})", ())


async def write(database: Database, *steps: Step) -> None:
    def unit() -> UnitOf[None]:
        for step in steps:
            assert (yield step) == []

    await database.run(unit)


async def refused(database: Database, *steps: Step) -> object:
    """What the model says about the constraint that refused the steps."""
    with pytest.raises(ConstraintViolation) as caught:
        await write(database, *steps)
    return tables_of(crm(), database.dialect).constraint(caught.value.constraint)


def indexes(tables: Tables, object_name: str) -> dict[str, list[str]]:
    table = tables.metadata.tables[tables.table(object_name).name]
    return {str(each.name): [str(part) for part in each.expressions] for each in table.indexes}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_table_has_the_columns_of_its_fields_and_the_systems(dialect: Dialect) -> None:
    tables = tables_of(crm(), dialect)
    table = tables.metadata.tables["customers"]
    assert tables.table("customer").name == "customers"
    assert tables.table("customer").c.keys() == table.c.keys()
    fields = {"name", "industry", "code", "order", "grade", "vip", "revenue", "parent_id"}
    assert set(table.c.keys()) == SYSTEM | fields
    assert {name for name, column in table.c.items() if not column.nullable} == {
        "id",
        "created_at",
        "updated_at",
        "version",
        "name",
    }


def test_the_engines_tables_are_there() -> None:
    tables = tables_of(crm(), "sqlite")
    known = (tables.change, tables.sequence, tables.applied, tables.api_key)
    assert [each.name for each in known] == ["sm_change", "sm_sequence", "sm_metadata", "sm_api_key"]
    timed = (tables.lease, tables.outbox, tables.handled)
    assert [each.name for each in timed] == ["sm_lease", "sm_outbox", "sm_handled"]
    assert set(tables.change.c.keys()) == {
        "id",
        "at",
        "by_id",
        "operation",
        "object",
        "record_id",
        "version",
        "field",
        "old",
        "new",
    }


def test_tables_are_made_once_for_a_model() -> None:
    made = crm()
    assert tables_of(made, "sqlite") is tables_of(made, "sqlite")
    assert tables_of(made, "sqlite") is not tables_of(made, "postgresql")
    assert tables_of(made, "sqlite") is not tables_of(crm(), "sqlite")


def test_what_is_indexed() -> None:
    assert indexes(tables_of(crm(), "sqlite"), "customer") == {
        "ix_customers_order": ["customers.order", "customers.id"],
        "ix_customers_grade": ["customers.grade"],
        "ix_customers_parent_id": ["customers.parent_id", "customers.id"],
        "ix_customers_grade_name": ["customers.grade", "customers.name"],
        "uq_customers_name_industry": ["customers.name", "customers.industry"],
        "uq_customers_code_fold": ["sm_fold(customers.code)"],
    }


def test_postgresql_can_also_read_from_the_largest_down() -> None:
    found = indexes(tables_of(crm(), "postgresql"), "customer")
    assert found["ix_customers_order_desc"] == ['customers."order" DESC NULLS LAST', "customers.id"]


async def test_living_rows_are_unique(database: Database) -> None:
    first, second = (customer(database, id=each, industry="it") for each in (A, B))
    assert await refused(database, first, second) == UNIQUE
    deleted = customer(database, id=B, industry="it", deleted_at="2026-01-31T08:00:00.000000Z")
    await write(database, first, deleted)


async def test_nulls_are_distinct(database: Database) -> None:
    await write(database, customer(database), customer(database, id=B))


async def test_a_folded_unique_ignores_case(database: Database) -> None:
    first, second = customer(database, code="ÄB"), customer(database, id=B, code="äb")
    assert await refused(database, first, second) == FOLDED


@pytest.mark.parametrize(
    ("values", "field_name"),
    [
        ({"order": 11}, "order"),
        ({"order": -1}, "order"),
        ({"parent_id": B}, "parent"),
        ({"name": None}, "name"),
    ],
)
async def test_a_violation_leads_to_its_field(
    database: Database, values: dict[str, object], field_name: str
) -> None:
    assert (
        await refused(database, customer(database, **values)) == crm().objects["customer"].fields[field_name]
    )


async def test_rows_may_refer_to_rows_that_come_later_in_the_same_unit(database: Database) -> None:
    await write(database, customer(database, parent_id=B), customer(database, id=B))


@pytest.mark.parametrize(
    ("column", "value"), [("revenue", 10**18), ("vip", 2), ("grade", None), ("order", 2**31)]
)
async def test_sqlite_refuses_what_the_types_of_postgresql_refuse(
    sqlite_url: str, column: str, value: int | None
) -> None:
    database = await connect(sqlite_url)
    try:
        await database.with_connection(tables_of(crm(), database.dialect).create)
        step = customer(database, **{column: value})
        if value is None:
            await write(database, step)
        else:
            assert await refused(database, step) == crm().objects["customer"].fields[column]
    finally:
        await database.close()


def test_an_unknown_constraint_is_none() -> None:
    assert tables_of(crm(), "sqlite").constraint("") is None


def test_long_names_stay_apart_within_63_bytes() -> None:
    table, columns = "t" * 40, [f"{'c' * 30}{number}" for number in range(9)]
    names = {constraint_name("ix", table, column) for column in columns}
    assert len(names) == 9
    assert {len(name) for name in names} == {63}


def test_equal_names_of_indexes_are_made_different() -> None:
    one = object_("a", {"b_c": field("text", index=True)}, plural="a_s")
    other = object_("a_s_b", {"c": field("text", index=True)}, plural="a_s_b")
    metadata = tables_of(model(one, other), "sqlite").metadata
    names = [str(each.name) for table in metadata.tables.values() for each in table.indexes]
    assert len(names) == len(set(names))
