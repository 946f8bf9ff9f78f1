"""The stories that presets carry hold on both databases, can fail, and leave no line of the domain out."""

from collections.abc import Iterable

import pytest

from salesmode.cli.stories import told as of_app
from salesmode.database.connect import connect
from salesmode.database.driver import Options
from salesmode.diagnostics import Diagnostic
from salesmode.stories.running import play
from salesmode.stories.story import Story
from salesmode.tables import tables_of
from salesmode.testing import Running
from tests.presets import coverage
from tests.presets.compiled import MODES, PRESETS, compiled
from tests.presets.mutations import mutated
from tests.presets.stories import told


@pytest.mark.anyio
@pytest.mark.parametrize("preset", PRESETS)
async def test_every_story_holds(preset: str, database_url: str) -> None:
    assert await failures(preset, told()[preset].stories, database_url) == []


@pytest.mark.anyio
@pytest.mark.parametrize("preset", MODES)
async def test_the_stories_of_the_layers_below_hold_in_every_mode(preset: str, sqlite_url: str) -> None:
    """The trades differ in words and in what they add."""
    found = of_app(compiled(preset))
    assert found.left_out == ()
    assert await failures(preset, [each for each in found.stories if not each.own], sqlite_url) == []


async def failures(preset: str, stories: Iterable[Story], database_url: str) -> list[Diagnostic]:
    database = await connect(database_url, Options(durable=False))
    try:
        app = Running(tables_of(compiled(preset).model, database.dialect), database)
        await app.make_tables()
        verdicts = [await play(each, app) for each in stories]
    finally:
        await database.close()
    return [failure for each in verdicts for failure in each.failures]


def test_every_story_says_what_it_shows_and_what_proves_it() -> None:
    proving = {(preset, proof.story) for preset, of in told().items() for proof in of.proofs}
    silent = [
        story.name
        for preset, of in told().items()
        for story in of.stories
        if not story.covers or (preset, story.name) not in proving
    ]
    assert silent == []


def test_the_stories_of_a_trade_fail_without_what_they_prove() -> None:
    """Those of the other presets are many: `make mutations` tries all of them."""
    assert {each.fate for each in mutated("household_car")} == {"fails"}


def test_every_line_of_the_domain_is_shown() -> None:
    assert [*coverage.lines()] == [*dict.fromkeys(row.requirement for row in coverage.shown())]


def test_the_page_about_it_is_current() -> None:
    """`make reference` writes it."""
    assert coverage.page() == coverage.PAGE.read_text()
