"""The order of stages: every rule of RULING 36 that looks at no record, told from hand-made pipelines."""

from dataclasses import replace
from typing import Any

import pytest

from salesmode.diagnostics import Span
from salesmode.model.condition import NEVER, Compare, Condition, Literal, negated
from salesmode.model.pipeline import Pipeline, Stage
from salesmode.pipelines.places import kept_values, places, starts
from salesmode.pipelines.steps import direction, leaves_forward, order_barriers
from tests.support.models import label

SPAN = Span("deal.yaml", 1, 1)
CUSTOMISED = Compare("customised", "eq", Literal(True))


def stage(name: str, **keys: Any) -> Stage:
    return Stage(name, label(name), SPAN, **keys)


def deal(*stages: Stage, **keys: Any) -> Pipeline:
    given = stages or tuple(
        stage(each) if each not in ("won", "lost") else stage(each, closes=each)
        for each in ("qualify", "solution", "proposal", "won", "lost")
    )
    return Pipeline(
        "deal", "opportunity", label("Deal"), SPAN, "staged", start=("qualify",), stages=given, **keys
    )


def changed(pipeline: Pipeline, **keys: dict[str, Any]) -> Pipeline:
    """The pipeline with other keys of some stages."""
    return replace(pipeline, stages=tuple(replace(s, **keys.get(s.name, {})) for s in pipeline.stages))


def found(
    pipeline: Pipeline, source: str | None, target: str, roles: frozenset[str] | None = None
) -> dict[str, Condition]:
    """The codes of what is in the way, each with where the way is free."""
    by_name = {each.name: each for each in places(pipeline)}
    start = None if source is None else by_name[source]
    return {each.code: each.free for each in order_barriers(pipeline, start, by_name[target], roles)}


@pytest.mark.parametrize(
    ("source", "target", "way"),
    [
        (None, "qualify", "start"),
        ("qualify", "solution", "forward"),
        ("proposal", "qualify", "back"),
        ("qualify", "lost", "close"),
        ("proposal", "won", "close"),
        ("lost", "qualify", "reopen"),
        ("lost", "won", "close"),
    ],
)
def test_a_passage_has_a_direction(source: str | None, target: str, way: str) -> None:
    pipeline = deal()
    start = None if source is None else pipeline.stage(source)
    assert direction(pipeline, start, pipeline.stage(target)) == way


@pytest.mark.parametrize(
    ("source", "target"), [("qualify", "solution"), ("proposal", "won"), ("qualify", "lost")]
)
def test_the_following_stage_and_the_lost_ones_are_free(source: str, target: str) -> None:
    assert found(deal(), source, target) == {}


def test_stages_between_are_not_skipped() -> None:
    assert found(deal(), "qualify", "proposal") == {"skip": NEVER}
    assert found(deal(), "qualify", "won") == {"skip": NEVER}
    free = changed(deal(), solution={"skip": True})
    assert found(free, "qualify", "proposal") == {}
    assert found(free, "qualify", "won") == {"skip": NEVER}


def test_each_skipped_stage_is_told_of() -> None:
    pipeline = deal()
    barriers = order_barriers(pipeline, pipeline.stage("qualify"), pipeline.stage("won"), None)
    assert [each.message.text("en") for each in barriers] == [
        "The stage 'solution' cannot be skipped.",
        "The stage 'proposal' cannot be skipped.",
    ]


def test_a_branch_that_does_not_exist_is_not_skipped() -> None:
    branched = changed(deal(), solution={"when": CUSTOMISED})
    assert found(branched, "qualify", "proposal") == {"skip": negated(CUSTOMISED)}
    assert found(branched, "qualify", "solution") == {"branch": CUSTOMISED}


def test_a_closed_stage_between_is_not_skipped() -> None:
    pipeline = deal(
        stage("qualify"), stage("small", closes="won"), stage("proposal"), stage("won", closes="won")
    )
    assert found(pipeline, "qualify", "proposal") == {}
    assert found(pipeline, "proposal", "won") == {}
    assert found(pipeline, "proposal", "small") == {}


def test_going_back_is_allowed_by_the_stage_that_is_left() -> None:
    assert found(deal(), "proposal", "qualify") == {"back": NEVER}
    assert found(changed(deal(), proposal={"back": True}), "proposal", "qualify") == {}
    assert found(changed(deal(), qualify={"back": True}), "proposal", "qualify") == {"back": NEVER}


def test_back_leads_to_stages_that_exist() -> None:
    branched = changed(deal(), solution={"when": CUSTOMISED}, proposal={"back": True})
    assert found(branched, "proposal", "solution") == {"branch": CUSTOMISED}


def test_an_explicit_next_beats_skip_and_back() -> None:
    pipeline = changed(deal(), proposal={"next": ("qualify",)}, qualify={"next": ("proposal",)})
    assert found(pipeline, "qualify", "proposal") == {}
    assert found(pipeline, "proposal", "qualify") == {}
    assert found(pipeline, "qualify", "solution") == {"next": NEVER}
    assert found(pipeline, "proposal", "lost") == {"next": NEVER}
    back = changed(deal(), proposal={"next": ("won",), "back": True})
    assert found(back, "proposal", "qualify") == {"next": NEVER}


def test_where_a_record_is_it_cannot_go() -> None:
    assert found(deal(), "qualify", "qualify") == {"next": NEVER}


def test_what_is_closed_is_reopened_by_those_who_may() -> None:
    assert found(deal(), "lost", "qualify") == {"closed": NEVER}
    assert found(deal(reopen=True), "lost", "qualify", frozenset()) == {}
    assert found(deal(reopen=("manager",)), "lost", "proposal", frozenset({"sales"})) == {"role": NEVER}
    assert found(deal(reopen=("manager",)), "lost", "proposal", frozenset({"manager", "sales"})) == {}
    assert found(deal(reopen=("manager",)), "lost", "proposal", None) == {}


def test_from_one_closed_stage_to_another_leads_only_an_explicit_next() -> None:
    assert found(deal(reopen=True), "won", "lost") == {"closed": NEVER}
    assert found(changed(deal(), won={"next": ("lost",)}), "won", "lost") == {}


def test_a_stage_is_entered_by_its_roles() -> None:
    pipeline = changed(deal(), solution={"roles": ("engineer", "manager")})
    assert found(pipeline, "qualify", "solution", frozenset({"sales"})) == {"role": NEVER}
    assert found(pipeline, "qualify", "solution", frozenset({"sales", "engineer"})) == {}
    assert found(pipeline, "qualify", "solution", None) == {}
    assert found(changed(deal(), qualify={"roles": ("manager",)}), None, "qualify", frozenset({"sales"})) == {
        "role": NEVER
    }


def test_the_exit_gate_is_for_the_way_forward() -> None:
    pipeline = deal()
    ways = {
        (source, target): leaves_forward(pipeline, pipeline.stage(source), pipeline.stage(target))
        for source, target in (
            ("qualify", "solution"),
            ("proposal", "won"),
            ("proposal", "lost"),
            ("proposal", "qualify"),
            ("won", "qualify"),
        )
    }
    assert [way for way, asked in ways.items() if asked] == [("qualify", "solution"), ("proposal", "won")]


def simple(**keys: Any) -> Pipeline:
    return Pipeline("renewal", "opportunity", label("Renewal"), SPAN, "simple", **keys)


def test_a_simple_pipeline_is_open_until_it_is_closed() -> None:
    assert [each.name for each in places(simple())] == ["open", "won", "lost"]
    assert starts(simple()) == ("open",)
    assert found(simple(), "open", "won") == {}
    assert found(simple(), "open", "lost") == {}
    assert found(simple(), "won", "lost") == {"closed": NEVER}
    assert found(simple(), "lost", "open") == {"closed": NEVER}
    assert found(simple(reopen=True), "lost", "open") == {}


def test_what_a_row_holds_in_its_place() -> None:
    now: Any = object()
    assert kept_values(deal(), "solution", now) == {
        "pipeline": "deal",
        "stage": "solution",
        "status": "open",
        "stage_since": now,
        "closed_at": None,
    }
    assert kept_values(simple(), "won", now) == {
        "pipeline": "renewal",
        "stage": None,
        "status": "won",
        "stage_since": now,
        "closed_at": now,
    }
