"""One customer with opportunities of every granularity, several of each, in one view with totals; and the tag
that becomes a deal: stories of an app, played on both databases.
"""

from pathlib import Path

import pytest

from salesmode.compiler import compile_app
from salesmode.database.connect import connect
from salesmode.database.driver import Options
from salesmode.diagnostics import Collector
from salesmode.stories.running import play
from salesmode.stories.telling import telling
from salesmode.tables import tables_of
from salesmode.testing import Running

APP = compile_app(Path(__file__).parent / "opportunities")
STORIES = telling(APP, Collector()).stories


def test_there_are_stories() -> None:
    assert [each.name for each in STORIES] == [
        "everything_of_one_customer_is_one_list",
        "the_tag_becomes_a_deal_with_its_history",
    ]


@pytest.mark.parametrize("number", range(len(STORIES)))
async def test_a_story_of_all_granularities_holds(database_url: str, number: int) -> None:
    database = await connect(database_url, Options(durable=False))
    try:
        running = Running(tables_of(APP.model, database.dialect), database)
        await running.make_tables()
        verdict = await play(STORIES[number], running)
    finally:
        await database.close()
    assert verdict.failures == ()
