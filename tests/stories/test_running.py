"""A story holds, or what does not hold is told at its line."""

import pytest

from salesmode.database.connect import connect
from salesmode.database.driver import Options
from salesmode.diagnostics import Collector
from salesmode.stories.running import Verdict, play
from salesmode.stories.telling import telling
from salesmode.tables import tables_of
from salesmode.testing import Running
from tests.stories.shop import SHOP, told

_LINES = SHOP.count("\n")


async def verdicts(database_url: str, story: str) -> list[Verdict]:
    made = told(story)
    stories = telling(made, Collector()).stories
    database = await connect(database_url, Options(durable=False))
    try:
        running = Running(tables_of(made.model, database.dialect), database)
        await running.make_tables()
        return [await play(each, running) for each in stories]
    finally:
        await database.close()


async def failures(database_url: str, story: str) -> list[tuple[int, str]]:
    """The line of the story, and what did not hold."""
    return [
        (each.span.line - _LINES, each.message)
        for verdict in await verdicts(database_url, story)
        for each in verdict.failures
    ]


RIGHT = """
kind: story
name: right
given:
  - {as: ann, create: customer, id: acme, values: {name: Acme, credit: 10.5, since: $today}}
  - {as: ann, create: customer, id: branch, values: {name: Branch, parent: acme}}
  - {clock: +2d}
when:
  - {as: ann, update: customer, id: acme, values: {grade: a}}
then:
  - {as: ann, read: customer, id: acme, values: {name: Acme, credit: "10.50", grade: a, since: $today - 2d}}
  - {as: ann, read: customer, id: branch, values: {parent: {name: Acme, grade: a}, owner: ann}}
  - {as: bob, count: customer, is: 0}
  - {as: ann, count: customer, where: {parent: acme, grade: {isNull: true}}, is: 1}
  - {as: ann, hidden: customer.secret_note}
  - as: ann
    graphql: "query($id: ID!) { customer(id: $id) { id credit branches { totalCount } } }"
    variables: {id: "@acme"}
    answer: {customer: {id: "@acme", credit: 10.5, branches: {totalCount: 1}}}
"""

REFUSED = """
kind: story
name: refused
given:
  - {as: ann, create: customer, id: acme, values: {name: Acme, credit: 1}}
when:
  - {as: ann, update: customer, id: acme, values: {grade: b}}
then:
  - {refused: VALIDATION_FAILED, problem: no_credit_for_b}
  - {as: ann, read: customer, id: acme, values: {grade: null}}
"""


async def test_a_story_that_holds_passes(database_url: str) -> None:
    assert await failures(database_url, RIGHT) == []


async def test_a_refusal_that_is_expected_holds(database_url: str) -> None:
    assert await failures(database_url, REFUSED) == []


LISTED = """
kind: story
name: listed
given:
  - {as: ann, create: customer, values: {name: Acme, wants: [tea, cake]}}
then:
  - {as: ann, count: customer, where: {wants: {has: tea}}, is: 1}
  - {as: ann, count: customer, where: {wants: {hasAll: [tea, cake]}}, is: 1}
"""


async def test_what_a_list_is_compared_with_is_one_of_its_items(database_url: str) -> None:
    assert await failures(database_url, LISTED) == []


async def test_each_story_begins_with_the_metadata_alone(database_url: str) -> None:
    again = RIGHT.replace("name: right", "name: again")
    assert await failures(database_url, f"{RIGHT}---{again}") == []


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("grade: a, since", "grade: b, since", 11, "read: grade is a, not b"),
        (
            "{parent: {name: Acme, grade: a}",
            "{parent: {name: Acme, grade: b}",
            12,
            "parent.grade is a, not b",
        ),
        ("as: bob, count: customer, is: 0", "as: bob, count: customer, is: 1", 13, "bob sees 0, not 1"),
        ("hidden: customer.secret_note", "hidden: customer.grade", 15, "ann can ask for customer.grade"),
        (
            "as: ann, read: customer, id: branch",
            "as: bob, read: customer, id: branch",
            12,
            "bob does not see it",
        ),
        ("totalCount: 1", "totalCount: 2", 16, "data.customer.branches.totalCount is 1, not 2"),
        ("since: $today - 2d", "since: $today", 11, "since is"),
        ("as: ann, update", "as: bob, update", 9, "NOT_FOUND"),
    ],
)
async def test_what_does_not_hold_is_told(
    database_url: str, right: str, wrong: str, line: int, message: str
) -> None:
    assert right in RIGHT
    ((found, said),) = await failures(database_url, RIGHT.replace(right, wrong))
    assert found == line
    assert message in said


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("grade: b", "grade: a", "it was not refused"),
        ("problem: no_credit_for_b", "problem: other", "the problems were no_credit_for_b"),
        ("refused: VALIDATION_FAILED", "refused: FORBIDDEN", "it was refused with VALIDATION_FAILED"),
    ],
)
async def test_another_refusal_than_expected_is_told(
    database_url: str, right: str, wrong: str, message: str
) -> None:
    said = [text for _, text in await failures(database_url, REFUSED.replace(right, wrong))]
    assert message in said[0]


async def test_a_record_of_the_story_goes_by_its_name_too(database_url: str) -> None:
    story = """
kind: story
name: owned_by_eve
given:
  - {as: admin, create: user, values: {name: eve, roles: [clerk]}}
when:
  - {as: admin, create: customer, values: {name: Acme, owner: eve}}
then:
  - {as: eve, count: customer, is: 1}
"""
    assert await failures(database_url, story) == []


async def test_only_the_last_step_may_be_refused(database_url: str) -> None:
    more = "\n  - {as: ann, update: customer, id: acme, values: {grade: b}}"
    story = REFUSED.replace("credit: 1}}", "credit: 1}}" + more)
    ((line, said),) = await failures(database_url, story)
    assert line == 6
    assert "update: it was refused with VALIDATION_FAILED" in said
