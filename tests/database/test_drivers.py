"""What both drivers do in the same way."""

import asyncio
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from salesmode.database.connect import connect
from salesmode.database.driver import Database, UnitOf, UnitWentOn
from salesmode.database.errors import (
    CannotConnect,
    ConstraintViolation,
    NotWritable,
    StatementTimeout,
    ValueOutOfRange,
)
from salesmode.database.unit import Call, ManyStep, Rows, Step

INSERT = "INSERT INTO cities (id, name, country, code, twin_id, people) VALUES (?, ?, ?, ?, ?, ?)"
NAMES = "SELECT name FROM cities ORDER BY id"
FOREVER = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000000)
    SELECT count(*) FROM numbers
"""


def execute(connection: Connection, sql: str) -> None:
    connection.exec_driver_sql(sql)


def spelled(sql: str, database: Database) -> str:
    """`?` as this engine's driver spells it."""
    if database.dialect == "sqlite":
        return sql
    numbers = iter(range(1, 100))
    return re.sub(r"\?", lambda _: f"${next(numbers)}", sql)


def city(database: Database, *values: object) -> Step:
    return Step(spelled(INSERT, database), (*values, *[None] * (6 - len(values))))


def unit_of(*steps: Step | ManyStep) -> Callable[[], UnitOf[Rows]]:
    def unit() -> UnitOf[Rows]:
        rows: Rows = []
        for step in steps:
            rows = yield step
        return rows

    return unit


async def names(database: Database) -> list[object]:
    return [row[0] for row in await database.fetch(Step(NAMES, ()))]


async def test_a_read_answers_all_its_rows(database: Database) -> None:
    step = Step(spelled("SELECT name, country, people FROM cities WHERE code = ?", database), (215,))
    assert [tuple(row) for row in await database.fetch(step)] == [("Suzhou", "CN", None)]


async def test_fetch_text_answers_the_first_value_or_none(database: Database) -> None:
    assert await database.fetch_text(Step(NAMES, ())) == "Suzhou"
    assert await database.fetch_text(Step("SELECT country FROM cities WHERE id = 0", ())) is None
    assert await database.fetch_text(Step("SELECT NULL", ())) is None


async def test_a_unit_of_work_gets_rows_back_and_answers_a_value(database: Database) -> None:
    def unit() -> UnitOf[str]:
        rows = yield city(database, 2, "Riga", "LV")
        assert rows == []
        rows = yield Step(spelled("UPDATE cities SET code = ? WHERE id = 2 RETURNING name", database), (371,))
        return f"{rows[0][0]} has a code"

    assert await database.run(unit) == "Riga has a code"
    assert await names(database) == ["Suzhou", "Riga"]


async def test_a_unit_without_steps_answers_too(database: Database) -> None:
    assert await database.run(unit_of()) == []


async def test_an_error_of_the_unit_undoes_its_writes(database: Database) -> None:
    def unit() -> UnitOf[None]:
        yield city(database, 2, "Riga")
        raise LookupError("changed my mind")

    with pytest.raises(LookupError, match="changed my mind"):
        await database.run(unit)
    assert await names(database) == ["Suzhou"]


async def test_what_is_only_tried_leaves_nothing(database: Database) -> None:
    before = await names(database)
    insert = city(database, 9, "Riga", "LV")
    rows = await database.tried(unit_of(insert, Step(NAMES, ())))
    assert len(rows) == len(before) + 1
    assert await names(database) == before


async def test_a_unit_that_only_looks_sees_one_moment_and_cannot_write(database: Database) -> None:
    before = await names(database)
    insert = city(database, 9, "Riga", "LV")
    with pytest.raises(NotWritable):
        await database.look(unit_of(insert))
    loop = asyncio.get_running_loop()

    def write() -> None:
        asyncio.run_coroutine_threadsafe(database.run(unit_of(insert)), loop).result()

    def looking() -> UnitOf[tuple[Rows, Rows]]:
        first = yield Step(NAMES, ())
        yield Call(write, 30)
        return first, (yield Step(NAMES, ()))

    first, second = await database.look(looking)
    assert [row[0] for row in first] == [row[0] for row in second] == before
    assert len(await names(database)) == len(before) + 1


async def test_many_rows_are_written_by_one_step(database: Database) -> None:
    rows = [(number, f"Town {number}", None, number, None, None) for number in range(2, 6)]
    await database.run(unit_of(ManyStep(spelled(INSERT, database), rows)))
    assert len(await names(database)) == 5


async def test_a_violation_among_many_rows_undoes_all(database: Database) -> None:
    rows = [(2, "Riga", None, None, None, None), (3, "Oslo", None, None, 99, None)]
    with pytest.raises(ConstraintViolation) as caught:
        await database.run(unit_of(ManyStep(spelled(INSERT, database), rows)))
    assert caught.value.constraint == "fk_cities_twin_id"
    assert await names(database) == ["Suzhou"]


@pytest.mark.parametrize(
    ("values", "constraint", "kind"),
    [
        ((1, "Riga"), "pk_cities", "unique"),
        ((2, "Riga", None, 215), "uq_cities_code", "unique"),
        ((2, "Riga", "cn"), "uq_cities_folded", "unique"),
        ((2, "Riga", None, None, 99), "fk_cities_twin_id", "foreign_key"),
        ((2, "Riga", None, None, None, -1), "ck_cities_people", "check"),
        ((2, None), "cities.name", "not_null"),
    ],
)
async def test_a_violation_names_its_constraint(
    database: Database, values: tuple[object, ...], constraint: str, kind: str
) -> None:
    with pytest.raises(ConstraintViolation) as caught:
        await database.run(unit_of(city(database, *values)))
    assert (caught.value.constraint, caught.value.kind) == (constraint, kind)
    assert await names(database) == ["Suzhou"]


async def test_a_partial_unique_index_is_named_like_any_other(database: Database) -> None:
    drop = Step("DROP INDEX uq_cities_folded", ())
    await database.run(unit_of(drop, city(database, 2, "Riga", "LV")))
    with pytest.raises(ConstraintViolation) as caught:
        await database.run(unit_of(city(database, 3, "Riga", "LV")))
    assert caught.value.constraint == "uq_cities_name_country"


async def test_deleting_a_row_that_is_referred_to_names_the_foreign_key(database: Database) -> None:
    await database.run(unit_of(city(database, 2, "Riga", None, None, 1)))
    with pytest.raises(ConstraintViolation) as caught:
        await database.run(unit_of(Step("DELETE FROM cities WHERE id = 1", ())))
    assert (caught.value.constraint, caught.value.kind) == ("fk_cities_twin_id", "foreign_key")


async def test_rows_that_refer_to_each_other_are_deleted_by_one_statement(database: Database) -> None:
    await database.run(unit_of(city(database, 2, "Riga", None, None, 1), Step("DELETE FROM cities", ())))
    assert await names(database) == []


async def test_a_foreign_key_that_waits_for_the_end_of_the_unit_is_named_too(database: Database) -> None:
    await database.with_connection(
        lambda connection: execute(
            connection,
            """CREATE TABLE visits (
                id INTEGER CONSTRAINT pk_visits PRIMARY KEY,
                city_id INTEGER,
                CONSTRAINT fk_visits_city_id FOREIGN KEY (city_id) REFERENCES cities (id)
                    DEFERRABLE INITIALLY DEFERRED
            )""",
        )
    )
    visit = Step("INSERT INTO visits VALUES (1, 2)", ())
    with pytest.raises(ConstraintViolation) as caught:
        await database.run(unit_of(visit))
    assert (caught.value.constraint, caught.value.kind) == ("fk_visits_city_id", "foreign_key")
    await database.run(unit_of(visit, city(database, 2, "Riga")))
    assert await names(database) == ["Suzhou", "Riga"]


async def test_a_unit_can_say_what_the_violation_of_its_step_means(database: Database) -> None:
    def unit() -> UnitOf[None]:
        try:
            yield city(database, 1, "Riga")
        except ConstraintViolation as violation:
            raise LookupError(f"taken: {violation.constraint}") from violation

    with pytest.raises(LookupError, match="taken: pk_cities"):
        await database.run(unit)


@pytest.mark.parametrize("more", [True, False])
async def test_a_unit_may_not_swallow_a_violation(database: Database, more: bool) -> None:
    def unit() -> UnitOf[None]:
        yield city(database, 2, "Riga")
        try:
            yield city(database, 1, "Oslo")
        except ConstraintViolation:
            if more:
                yield city(database, 3, "Oslo")

    with pytest.raises(UnitWentOn):
        await database.run(unit)
    assert await names(database) == ["Suzhou"]


async def test_the_unit_is_closed_however_it_ends(database: Database) -> None:
    closed = []

    def unit() -> UnitOf[None]:
        try:
            yield Step("SELECT 1 FROM nowhere", ())
        finally:
            closed.append(True)

    with pytest.raises(Exception, match="nowhere"):
        await database.run(unit)
    assert closed == [True]


async def test_a_read_that_takes_too_long_is_stopped(database: Database) -> None:
    with pytest.raises(StatementTimeout):
        await database.fetch(Step(FOREVER, ()))
    assert await names(database) == ["Suzhou"]


async def test_a_step_that_takes_too_long_undoes_its_unit(database: Database) -> None:
    with pytest.raises(StatementTimeout):
        await database.run(unit_of(city(database, 2, "Riga"), Step(FOREVER, ())))
    assert await names(database) == ["Suzhou"]


async def test_a_sum_beyond_64_bits_is_out_of_range(database: Database) -> None:
    largest = (2, "A", None, None, None, 2**63 - 1), (3, "B", None, None, None, 2**63 - 1)
    await database.run(unit_of(*[city(database, *values) for values in largest]))
    with pytest.raises(ValueOutOfRange):
        await database.run(unit_of(Step("UPDATE cities SET people = (SELECT sum(people) FROM cities)", ())))


async def test_listeners_hear_each_data_statement_and_nothing_else(database: Database) -> None:
    heard: list[str] = []
    database.listeners.append(heard.append)
    read, write = Step(NAMES, ()), city(database, 2, "Riga")
    await database.fetch(read)
    await database.fetch_text(read)
    await database.run(unit_of(write, ManyStep(write.sql, [(3, "Oslo", None, None, None, None)])))
    await database.with_connection(lambda connection: connection.exec_driver_sql("DROP TABLE cities"))
    assert heard == [NAMES, NAMES, write.sql, write.sql]


async def test_a_failed_schema_change_leaves_nothing(database: Database) -> None:
    def change(connection: object) -> None:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")  # type: ignore[attr-defined]
        connection.exec_driver_sql("ALTER TABLE cities ADD COLUMN half INTEGER")  # type: ignore[attr-defined]
        raise LookupError

    with pytest.raises(LookupError):
        await database.with_connection(change)
    with pytest.raises(Exception, match="half"):
        await database.fetch(Step("SELECT * FROM half", ()))
    with pytest.raises(Exception, match="half"):
        await database.fetch(Step("SELECT half FROM cities", ()))


async def test_units_at_the_same_time_lose_no_update(database: Database) -> None:
    count = Step("UPDATE cities SET people = coalesce(people, 0) + 1 WHERE id = 1", ())
    await asyncio.gather(*(database.run(unit_of(count, count)) for _ in range(20)))
    assert (await database.fetch(Step("SELECT people FROM cities", ())))[0][0] == 40


async def test_a_cancelled_caller_leaves_a_working_database(database: Database) -> None:
    tasks = [asyncio.ensure_future(database.fetch(Step(FOREVER, ()))) for _ in range(4)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await names(database) == ["Suzhou"]


@pytest.mark.parametrize("url", ["", "sqlite", "sqlite:///", "sqlite:relative.db", "mysql://localhost/crm"])
async def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(CannotConnect, match="must be sqlite:///PATH or postgresql://"):
        await connect(url)
