"""A plan as text, as JSON and as SQL."""

import json

from sqlalchemy import Connection

from salesmode.database.driver import Database
from salesmode.tables.migrations import apply, as_mapping, as_sql, as_text, plan
from tests.support.models import field, model, object_, reference
from tests.tables.rows import insert, select
from tests.tables.schemas import schema

BEFORE = model(
    object_(
        "customer",
        {
            "name": field("text", required=True),
            "grade": field("choice", options="ab"),
            "size": field("integer", index=True, min=0),
            "parent": reference("customer"),
        },
    )
)
AFTER = model(
    object_(
        "client",
        {
            "name": field("text", required=True, unique=True),
            "grade": field("choice", options="bx", renamed_options={"a": "x"}, required=True, default="b"),
            "size": field("decimal", index=True, min=0),
            "parent": reference("client"),
            "motto": field("text", default="it's 100% :fine"),
        },
        renamed_from="customer",
    ),
    object_("deal", {"client": reference("client", required=True)}),
)


def run(connection: Connection, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)


async def test_nothing_to_do_is_said_in_two_words(empty: Database) -> None:
    await apply(empty, BEFORE)
    nothing = await plan(empty, BEFORE)
    assert as_text(nothing) == "No changes."
    assert as_mapping(nothing) == {"steps": [], "refusals": []}
    assert as_sql(nothing) == ""


async def test_the_text_has_a_line_for_each_step_and_a_block_for_each_refusal(empty: Database) -> None:
    await apply(empty, BEFORE)
    await insert(empty, BEFORE, "customer", {"name": "A", "grade": "a"}, {"name": "B", "grade": "b"})
    wanted = model(
        object_(
            "customer",
            {
                "name": field("text", required=True),
                "grade": field("choice", options="b", required=True, default="b"),
                "parent": reference("customer"),
            },
        )
    )
    found = [line for line in as_text(await plan(empty, wanted)).split("\n") if " index " not in line]
    assert [line for line in found if "check" not in line] == [
        "destructive     drop customer.size: 0 rows with a value",
        "needs backfill  change customer.grade: options -a; required",
        "",
        "refused         change customer.grade: options -a; required",
        "                1 row with an option that is gone (a)",
        "                fix: keep it with `active: false`, or name its successor with `renamed_from`, "
        "or change those rows first",
    ]


async def test_json_says_what_each_step_does(empty: Database) -> None:
    await apply(empty, BEFORE)
    await insert(empty, BEFORE, "customer", {"name": "A"})
    steps = json.loads(json.dumps(as_mapping(await plan(empty, AFTER))))["steps"]
    (motto,) = [each for each in steps if each["text"].startswith("add client.motto")]
    assert (motto["effect"], motto["rows"]) == ("needs backfill", 1)
    assert motto["operation"]["is"] == "AddColumn"
    assert motto["operation"]["column"]["name"] == "motto"


async def test_the_sql_does_what_apply_does(empty: Database) -> None:
    await apply(empty, BEFORE)
    await insert(
        empty, BEFORE, "customer", {"name": "A", "grade": "a", "size": 2}, {"name": "B", "parent": 1}
    )
    script = as_sql(await plan(empty, AFTER))
    await empty.with_connection(lambda connection: run(connection, script))
    by_hand = (
        await schema(empty),
        await select(empty, AFTER, "client", "name", "grade", "size", "motto", "parent"),
    )
    await empty.with_connection(drop_all)
    await apply(empty, BEFORE)
    await insert(
        empty, BEFORE, "customer", {"name": "A", "grade": "a", "size": 2}, {"name": "B", "parent": 1}
    )
    await apply(empty, AFTER)
    applied = (
        await schema(empty),
        await select(empty, AFTER, "client", "name", "grade", "size", "motto", "parent"),
    )
    assert by_hand == applied


def drop_all(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        run(connection, "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public")
        return
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all():
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
