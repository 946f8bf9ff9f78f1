"""Stories of the layers below an app: with which records they begin, and when the app does without them."""

from pathlib import Path

import pytest

from salesmode.compiler import Compiled, compile_app
from salesmode.database.connect import connect
from salesmode.database.driver import Options
from salesmode.diagnostics import Collector
from salesmode.stories.running import Verdict, play
from salesmode.stories.telling import Telling, telling
from salesmode.tables import tables_of
from salesmode.testing import Running
from tests.stories.shop import SHOP

ALONE = """
kind: story
name: there_are_two
proves: [customer.validations.no_credit_for_b]
when:
  - {as: ann, create: customer, id: acme, values: {name: Acme, grade: b, credit: 1}}
then:
  - {refused: VALIDATION_FAILED}
  - {as: ann, count: user, where: {name: {in: [ann, bob]}}, is: 2}
  - {as: ann, count: user, where: {name: {ne: admin}}, is: 2}
"""
APP = """
kind: app
name: mine
extends: ./shop
---
"""
SELLERS = """
kind: user_data
name: sellers
object: user
by: [name]
records: [{name: eve, active: true, roles: [clerk]}]
---
"""
OWN = """
kind: story
name: mine_knows_eve
when: [{as: eve, create: customer, id: x, values: {name: X, owner: ann}}]
then: [{as: ann, count: user, where: {name: {ne: admin}}, is: 3}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop with a story, below an app that is still to be written."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.yaml").write_text(SHOP + ALONE, encoding="utf-8")
    return tmp_path


def above(folder: Path, text: str) -> Compiled:
    (folder / "app.yaml").write_text(APP + text, encoding="utf-8")
    return compile_app(folder)


def heard(made: Compiled) -> Telling:
    collector = Collector()
    found = telling(made, collector)
    assert not collector.failed, collector.diagnostics
    return found


async def verdicts(made: Compiled, database_url: str) -> list[Verdict]:
    database = await connect(database_url, Options(durable=False))
    try:
        running = Running(tables_of(made.model, database.dialect), database)
        await running.make_tables()
        return [await play(each, running) for each in heard(made).stories]
    finally:
        await database.close()


async def test_a_story_begins_with_the_records_of_its_layer_and_those_below(
    folder: Path, database_url: str
) -> None:
    found = await verdicts(above(folder, SELLERS + OWN), database_url)
    assert [(each.story.name, each.failures) for each in found] == [
        ("there_are_two", ()),
        ("mine_knows_eve", ()),
    ]


def test_records_of_a_layer_below_are_as_the_app_has_them(folder: Path) -> None:
    made = above(folder, "kind: user_data\nname: people\nrecords: {$add: [{name: eve, active: true}]}\n")
    (story,) = heard(made).stories
    assert [row["name"] for each in story.data for row in each.records] == ["ann", "bob", "eve"]


def test_a_story_that_the_app_tells_anew_is_the_app_s(folder: Path) -> None:
    text = "kind: story\nname: there_are_two\nthen: [{as: eve, count: user, is: 4}]\n"
    (story,) = heard(above(folder, SELLERS + text)).stories
    assert (story.layer, story.own, len(story.then)) == ("mine", True, 1)
    assert [each.name for each in story.data] == ["people", "sellers"]


WITHOUT = """
kind: object
name: customer
validations: [{name: no_credit_for_b, $remove: true}]
"""


def test_a_story_below_about_what_the_app_took_out_is_left_out(folder: Path) -> None:
    found = heard(above(folder, WITHOUT))
    (left,) = found.left_out
    assert (found.stories, found.proofs) == ((), ())
    assert (left.name, left.layer) == ("there_are_two", "shop")
    (why,) = left.why
    assert (why.code, why.message) == (
        "SM833",
        "'customer.validations.no_credit_for_b': 'no_credit_for_b' is removed",
    )
    assert [str(each) for each in why.related] == [f"{folder}/app.yaml:9:15"]


def test_a_story_below_that_writes_what_the_app_took_out_is_left_out(folder: Path) -> None:
    text = WITHOUT + "fields: {credit: {$remove: true}}\n"
    (left,) = heard(above(folder, text)).left_out
    assert {each.code for each in left.why} == {"SM302", "SM833"}


def test_a_story_of_the_app_about_what_is_not_there_is_wrong(folder: Path) -> None:
    collector = Collector()
    telling(above(folder, OWN.replace("then:", "proves: [customer.nme]\nthen:") + "---" + SELLERS), collector)
    assert [each.code for each in collector.diagnostics] == ["SM833"]


async def test_a_story_below_that_fails_says_where_the_app_says_otherwise_and_what_to_do(
    folder: Path, sqlite_url: str
) -> None:
    changed = "kind: object\nname: customer\nvalidations: [{name: no_credit_for_b, when: {grade: a}}]\n"
    (verdict,) = await verdicts(above(folder, changed), sqlite_url)
    *_, last = verdict.failures
    assert last.hint is not None
    assert "{kind: story, name: there_are_two, $remove: true}" in last.hint
    assert [str(each) for each in last.related] == [f"{folder}/app.yaml:8:16"]


async def test_a_story_fails_where_its_records_cannot_be_loaded_alone(folder: Path, sqlite_url: str) -> None:
    people = "kind: user_data\nname: people\nrecords: [{name: ann, manager: eve}]\n"
    manager = "kind: object\nname: user\nfields: {boss: {type: user}}\n---\n"
    made = above(folder, manager + SELLERS + people.replace("manager", "boss"))
    (verdict,) = await verdicts(made, sqlite_url)
    assert [each.code for each in verdict.failures] == ["SM802"]
