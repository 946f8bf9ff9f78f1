"""What people did with the records is done by the engine, as they would have done it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from salesmode.compiler import Compiled, compile_texts
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.demo.description import describe
from salesmode.demo.doing import carry_out
from salesmode.demo.generation import generate
from salesmode.demo.loading import load
from salesmode.diagnostics import MetadataError
from salesmode.tables import Tables, tables_of
from salesmode.testing import Clock, Running
from tests.stories.shop import SHOP

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)

DEMO = """
kind: demo
name: people
object: user
key: name
rows:
  - {name: admin, roles: [admin], active: true}
  - {name: carl, roles: [clerk], active: true}
---
kind: demo
name: shops
object: customer
key: code
parts: [code]
records: {s: 4}
rows:
  - {code: acme, name: {zh: 顶峰, en: Acme}, grade: a, owner: carl}
  - {code: bond, name: Bond, owner: carl}
fields:
  name: {template: "Shop {n}"}
  created_at: {moment: {from: $now - 90d, to: $now - 80d}}
steps:
"""


def described(steps: str) -> Compiled:
    people = SHOP.index("kind: user_data")
    shop = SHOP[:people].replace("locales: [en]", "locales: [zh, en]")
    return compile_texts({"shop.yaml": shop + DEMO.lstrip() + steps})


def problems(steps: str) -> list[str]:
    app = described(steps)
    with pytest.raises(MetadataError) as caught:
        describe(app.layered.documents, app.model, app.sources)
    return [f"{each.code} {each.message}" for each in caught.value.diagnostics]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await connect(database_url)
    try:
        yield database
    finally:
        await database.close()


async def done(database: Database, steps: str) -> Running:
    """The app after these steps."""
    app = described(steps)
    tables = tables_of(app.model, database.dialect)
    await database.with_connection(tables.create)
    demo = describe(app.layered.documents, app.model, app.sources)
    records = list(generate(demo, app.model, size="s", seed=1, now=NOW, locale="en"))
    await load(database, tables, records, told=lambda _records, _done: None)
    await carry_out(demo, records, database, tables, clock=Clock(NOW), locale="en")
    return Running(tables, database, Clock(NOW))


async def shops(running: Running, fields: str, where: str = "{}") -> list[object]:
    text = f"{{ customers(where: {where}, orderBy: [{{name: ASC}}]) {{ nodes {{ {fields} }} }} }}"
    answer = await running.ask("admin", text)
    found: list[object] = answer["data"]["customers"]["nodes"]
    return found


async def test_a_step_is_done_by_who_acts_at_its_moment(database: Database) -> None:
    running = await done(
        database, "  - {at: $now - 35d, do: [{as: carl, update: customer, id: acme, values: {grade: b}}]}\n"
    )
    assert await shops(running, "name grade version updatedBy { name } updatedAt", "{grade: {eq: b}}") == [
        {
            "name": "Acme",
            "grade": "b",
            "version": 2,
            "updatedBy": {"name": "carl"},
            "updatedAt": "2026-05-11T04:00:00Z",
        }
    ]


async def test_drawn_records_are_found_the_oldest_first(database: Database) -> None:
    running = await done(
        database,
        """
  - do:
      - {find: customer, where: {owner: {isNull: true}}, id: found}
      - {update: customer, id: found, values: {name: Found, owner: carl, parent: bond}}
""",
    )
    oldest = (await shops(running, "name createdAt"))[1:]
    found = await shops(running, "createdAt owner { name } parent { name }", '{name: {eq: "Found"}}')
    assert found == [
        {"createdAt": found[0]["createdAt"], "owner": {"name": "carl"}, "parent": {"name": "Bond"}}  # type: ignore[index]
    ]
    others = await shops(running, "createdAt", '{name: {startsWith: "Shop"}}')
    assert found[0]["createdAt"] < others[0]["createdAt"], oldest  # type: ignore[index]


async def test_steps_of_several_moments_are_all_done_at_each(database: Database) -> None:
    running = await done(
        database,
        """
  - at: [$month_start - 2mo, $month_start - 1mo]
    do:
      - {create: customer, id: new, values: {name: New, since: $month_start - 1mo}}
      - {update: customer, id: new, values: {grade: b}}
""",
    )
    found = await shops(running, "since grade createdAt", '{name: {eq: "New"}}')
    assert sorted(str(each) for each in found) == [
        "{'since': '2026-03-01', 'grade': 'b', 'createdAt': '2026-04-01T00:00:00Z'}",
        "{'since': '2026-04-01', 'grade': 'b', 'createdAt': '2026-05-01T00:00:00Z'}",
    ]


async def test_a_request_names_records_and_days(database: Database) -> None:
    running = await done(
        database,
        """
  - at: $now - 2d
    do:
      - as: carl
        graphql: "mutation ($id: ID!, $is: Date) { updateCustomer(id: $id, input: {since: $is}) { id } }"
        variables: {id: "@bond", is: $today - 1d}
""",
    )
    assert await shops(running, "name since", "{since: {isNull: false}}") == [
        {"name": "Bond", "since": "2026-06-12"}
    ]


async def test_a_step_has_its_texts_in_the_language_of_the_demo(database: Database) -> None:
    running = await done(
        database,
        """
  - do:
      - {update: customer, id: bond, values: {name: {zh: 老街, en: Old Street}}}
      - graphql: "mutation ($id: ID!, $x: String) { updateCustomer(id: $id, input: {secretNote: $x}) { id } }"
        variables: {id: "@bond", x: {zh: 备注, en: A note}}
""",
    )
    found = await shops(running, "name secretNote", "{secretNote: {isNull: false}}")
    assert found == [{"name": "Old Street", "secretNote": "A note"}]


async def counted(database: Database, tables: Tables) -> list[int]:
    running = Running(tables, database, Clock(NOW))
    return [len(await running.names(tables.model.objects[name])) for name in ("user", "customer")]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            "{as: carl, update: customer, id: acme, values: {grade: b, credit: 5}}",
            "update: VALIDATION_FAILED: ",
        ),
        ("{find: customer, where: {name: Nobody}, id: x}", "find: there is no record 'x'"),
    ],
)
async def test_what_is_refused_is_told_at_its_place_and_nothing_stays(
    database: Database, step: str, message: str
) -> None:
    with pytest.raises(MetadataError) as caught:
        await done(
            database, f"  - do:\n      - {{create: customer, values: {{name: One}}}}\n      - {step}\n"
        )
    (problem,) = caught.value.diagnostics
    assert problem.code == "SM829"
    assert problem.message.startswith(message)
    assert caught.value.sources["shop.yaml"].splitlines()[problem.span.line - 1].strip() == f"- {step}"
    assert await counted(database, tables_of(described("  []\n").model, database.dialect)) == [0, 0]


def test_names_and_moments_are_checked_before_anything_is_done() -> None:
    found = problems(
        """
  - at: [$now - 3d, yesterday]
    do:
      - {as: carl, update: customer, id: acne, values: {grade: a}}
      - {find: customer, id: x}
      - {update: customer, id: x, values: {grde: a, owner: bob}}
"""
    )
    assert found == [
        "SM828 'yesterday' is no moment; write `$now - 35d` or `$month_start - 1mo`",
        "SM832 no customer is called 'acne' here",
        "SM204 'find' needs 'where'",
        "SM302 unknown field 'grde'",
        "SM832 no user is called 'bob' here",
    ]


async def test_tags_that_rules_keep_are_there_from_the_beginning(database: Database) -> None:
    running = await done(
        database,
        """
  - {at: $now - 5d, do: [{create: customer, id: new, values: {name: New}}]}
---
kind: tag
name: fresh
object: customer
auto: {where: {or: [{grade: a}, {created_at: {gte: "$now - 7d"}}]}}
""",
    )
    assert await shops(running, "name", "{tags: {has: fresh}}") == [{"name": "Acme"}, {"name": "New"}]
