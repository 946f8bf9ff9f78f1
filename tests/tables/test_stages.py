"""Stages in tables: rows from before any pipeline, and stages that go or get another name."""

from datetime import UTC, datetime
from typing import Any

from salesmode.compiler import compile_texts
from salesmode.database.driver import Database
from salesmode.model.app import Model
from salesmode.tables.describe import shape_of
from salesmode.tables.migrations import apply, as_text, plan, undo
from tests.tables.rows import insert, select

_PLAIN = """
kind: app
name: deals
---
kind: object
name: deal
fields: {name: {type: text, required: true}}
"""
_DIRECT = """
---
kind: pipeline
name: direct
object: deal
stages: [STAGES, {name: won, closes: won}, {name: lost, closes: lost}]
"""
_PARTNER = """
---
kind: pipeline
name: partner
object: deal
stages: [qualify, solution, {name: won, closes: won}, {name: lost, closes: lost}]
"""
_RENEWAL = """
---
kind: pipeline
name: renewal
object: deal
granularity: simple
"""


def _plain() -> Model:
    return compile_texts({"app.yaml": _PLAIN}).model


def _staged(stages: str = "qualify, solution", *more: str) -> Model:
    text = _PLAIN + _DIRECT.replace("STAGES", stages) + "".join(more)
    return compile_texts({"app.yaml": text}).model


def _row(pipeline: str, stage: str | None) -> dict[str, Any]:
    since = datetime(2026, 1, 31, 8, tzinfo=UTC)
    said = f"{pipeline} {stage}"
    return {"name": said, "pipeline": pipeline, "stage": stage, "status": "open", "stage_since": since}


async def _places(database: Database, wanted: Model, *fields: str) -> list[tuple[Any, ...]]:
    return await select(database, wanted, "deal", *(fields or ("pipeline", "stage")))


async def test_rows_from_before_are_where_the_first_pipeline_begins(empty: Database) -> None:
    await apply(empty, _plain())
    await insert(empty, _plain(), "deal", {"name": "old"})
    await apply(empty, _staged())
    fields = ("pipeline", "stage", "status", "closed_at")
    assert await _places(empty, _staged(), *fields) == [("direct", "qualify", "open", None)]
    ((since,),) = await _places(empty, _staged(), "stage_since")
    assert since is not None
    assert as_text(await plan(empty, _staged())) == "No changes."


async def test_rows_of_a_simple_pipeline_stay_without_a_stage(empty: Database) -> None:
    simple = compile_texts({"app.yaml": _PLAIN + _RENEWAL}).model
    await apply(empty, simple)
    row = {name: value for name, value in _row("renewal", None).items() if name != "stage"}
    await insert(empty, simple, "deal", row)
    await apply(empty, _staged("qualify", _RENEWAL))
    assert await _places(empty, _staged("qualify", _RENEWAL)) == [("renewal", None)]


async def test_a_stage_gets_another_name_in_its_own_pipeline(empty: Database) -> None:
    before = _staged("qualify, solution", _PARTNER)
    await apply(empty, before)
    await insert(empty, before, "deal", *(_row(each, "solution") for each in ("direct", "partner")))
    away = {"deal": 1, "pipeline": "direct", "stage": "solution", "status": "open"}
    stay = {**away, "direction": "start", "entered_at": datetime(2026, 1, 31, 8, tzinfo=UTC)}
    await insert(empty, before, "stage_change", stay)
    after = _staged("qualify, {name: design, renamed_from: solution}", _PARTNER)
    done = await apply(empty, after)
    assert done.refusals == ()
    assert await _places(empty, after) == [("direct", "design"), ("partner", "solution")]
    assert await select(empty, after, "stage_change", "stage", "from_stage") == [("design", None)]
    assert as_text(await plan(empty, after)) == "No changes."
    await undo(empty)
    assert await _places(empty, before) == [("direct", "solution"), ("partner", "solution")]


async def test_a_stage_that_rows_are_in_is_not_removed_though_another_pipeline_has_it(
    empty: Database,
) -> None:
    before = _staged("qualify, solution", _PARTNER)
    await apply(empty, before)
    await insert(empty, before, "deal", *(_row(each, "solution") for each in ("direct", "partner", "direct")))
    done = await apply(empty, _staged("qualify", _PARTNER))
    (refusal,) = done.refusals
    assert "2" in str(refusal)
    assert "direct.solution" in str(refusal)
    assert "replaced_by" in str(refusal)
    assert await _places(empty, before) == [
        ("direct", "solution"),
        ("partner", "solution"),
        ("direct", "solution"),
    ]


async def test_the_history_of_a_removed_stage_stands_in_nobodys_way(empty: Database) -> None:
    before = _staged("qualify, solution")
    await apply(empty, before)
    await insert(empty, before, "deal", _row("direct", "qualify"))
    away = {"deal": 1, "pipeline": "direct", "stage": "solution", "status": "open"}
    stay = {**away, "direction": "start", "entered_at": datetime(2026, 1, 31, 8, tzinfo=UTC)}
    await insert(empty, before, "stage_change", stay)
    after = _staged("qualify")
    assert (await apply(empty, after)).refusals == ()
    assert await select(empty, after, "stage_change", "stage") == [("solution",)]


async def test_rows_of_a_removed_stage_go_where_it_says(empty: Database) -> None:
    before = _staged("qualify, solution, offer", _PARTNER)
    await apply(empty, before)
    await insert(empty, before, "deal", *(_row(each, "solution") for each in ("direct", "partner")))
    after = _staged("qualify, offer, {name: solution, $remove: true, replaced_by: offer}", _PARTNER)
    assert (await apply(empty, after)).refusals == ()
    assert await _places(empty, after) == [("direct", "offer"), ("partner", "solution")]
    assert as_text(await plan(empty, after)) == "No changes."


async def test_the_stages_of_rows_are_indexed_by_pipeline(empty: Database) -> None:
    await apply(empty, _staged())
    indexes = {each.columns for each in shape_of(_staged(), empty.dialect).table("deals").indexes}
    assert {("pipeline", "stage"), ("status",)} <= indexes
    changes = shape_of(_staged(), empty.dialect).table("sm_stage_change").indexes
    assert ("deal_id", "entered_at") in {each.columns for each in changes}
