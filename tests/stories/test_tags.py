"""Stories that set, remove and promote tags: an app of its own, played on both databases."""

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

APP = Path(__file__).parent / "referral"


async def test_the_stories_of_an_app_with_tags_hold(database_url: str) -> None:
    made = compile_app(APP)
    stories = telling(made, Collector()).stories
    database = await connect(database_url, Options(durable=False))
    try:
        running = Running(tables_of(made.model, database.dialect), database)
        await running.make_tables()
        verdicts = [await play(each, running) for each in stories]
    finally:
        await database.close()
    assert len(verdicts) == 6
    assert [each.failures for each in verdicts if not each.passed] == []


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("{tag: household, id: li, name: referal}", "SM612 unknown tag 'referal'"),
        ("{tag: household, id: li, name: referral, state: lost}", "SM606 unknown state 'lost'"),
        ("{tag: household, id: li, name: referral, values: {person: x}}", "SM302 unknown field 'person'"),
        (
            "{tag: household, id: li, name: referral, values: {met: soon}}",
            "SM704 'soon' is no value of 'met'",
        ),
        ("{promote: household, id: li, name: forgotten}", "SM612 the tag 'forgotten' becomes no record"),
        ("{promote: household, id: li, name: referral, values: {met: $today}}", "SM302 unknown field 'met'"),
    ],
)
def test_what_is_wrong_with_a_step_about_a_tag_is_told(tmp_path: Path, step: str, problem: str) -> None:
    lines = [
        "kind: story",
        "name: wrong",
        "given:",
        "  - {create: household, id: li, values: {name: x}}",
        f"  - {step}",
        "then: [{as: ann, count: household, is: 1}]",
    ]
    (tmp_path / "app.yaml").write_text((APP / "app.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "story.yaml").write_text("\n".join(lines), encoding="utf-8")
    made, collector = compile_app(tmp_path), Collector()
    telling(made, collector)
    assert [f"{each.code} {each.message}"[: len(problem)] for each in collector.diagnostics] == [problem]
