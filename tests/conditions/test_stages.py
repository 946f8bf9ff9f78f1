"""`before after atLeast`: where a record stands, counted within its own pipeline."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from salesmode.access.scope import SystemScope
from salesmode.compiler import compile_texts
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.parse import parse_condition
from salesmode.model.condition import Condition, negated
from salesmode.tables import tables_of
from tests.conditions.world import Engine, environment, holding
from tests.tables.rows import insert

MODEL = compile_texts(
    {
        "app.yaml": """
kind: app
name: deals
---
kind: object
name: deal
fields: {name: {type: text}}
---
kind: pipeline
name: direct
object: deal
stages: [qualify, offer, {name: lost, closes: lost}, contract, {name: won, closes: won}]
---
kind: pipeline
name: partner
object: deal
stages: [offer, qualify, sign, {name: won, closes: won}, {name: gone, closes: lost}]
---
kind: pipeline
name: renewal
object: deal
granularity: simple
"""
    }
).model
PLACES = (
    ("direct", "qualify"),
    ("direct", "offer"),
    ("direct", "contract"),
    ("direct", "won"),
    ("direct", "lost"),
    ("partner", "offer"),
    ("partner", "qualify"),
    ("partner", "sign"),
    ("partner", "won"),
    ("partner", "gone"),
    ("renewal", None),
)
D, P = "direct", "partner"
EXPECTED = {
    ("before", "qualify"): {(P, "offer")},
    ("before", "offer"): {(D, "qualify")},
    ("before", "contract"): {(D, "qualify"), (D, "offer")},
    ("before", "sign"): {(P, "offer"), (P, "qualify")},
    ("before", "won"): {(D, "qualify"), (D, "offer"), (D, "contract")}
    | {(P, "offer"), (P, "qualify"), (P, "sign")},
    ("before", "lost"): set(),
    ("after", "qualify"): {(D, "offer"), (D, "contract"), (D, "won"), (P, "sign"), (P, "won")},
    ("after", "offer"): {(D, "contract"), (D, "won"), (P, "qualify"), (P, "sign"), (P, "won")},
    ("after", "won"): set(),
    ("after", "gone"): set(),
    ("atLeast", "contract"): {(D, "contract"), (D, "won")},
    ("atLeast", "qualify"): {(D, "qualify"), (D, "offer"), (D, "contract"), (D, "won")}
    | {(P, "qualify"), (P, "sign"), (P, "won")},
    ("atLeast", "won"): {(D, "won"), (P, "won")},
    ("atLeast", "lost"): {(D, "lost")},
    ("atLeast", "gone"): {(P, "gone")},
}


@pytest.fixture(scope="module")
def deals(module_database_url: str) -> Iterator[Engine]:
    """A deal at every place of every pipeline."""
    since = datetime(2026, 1, 31, 8, tzinfo=UTC)
    rows = [
        {
            "name": f"{pipeline}.{stage}",
            "pipeline": pipeline,
            "stage": stage,
            "status": "open",
            "stage_since": since,
        }
        for pipeline, stage in PLACES
    ]
    with holding(module_database_url, MODEL) as found:
        found.runner.run(insert(found.database, MODEL, "deal", *rows))
        yield found


def _where(raw: object) -> Condition:
    def report(*problem: object) -> None:
        raise AssertionError(problem)

    return parse_condition(raw, object=MODEL.objects["deal"], objects=MODEL.objects, report=report)


def _found(engine: Engine, condition: Condition) -> set[tuple[str, str | None]]:
    scope = SystemScope(tables_of(MODEL, engine.dialect))
    ids = engine.ids_where(
        scope, "deal", lambda source: compile_condition(condition, source, scope), environment({}, {})
    )
    return {PLACES[int(each[-12:]) - 1] for each in ids}


@pytest.mark.parametrize(("op", "stage"), EXPECTED)
def test_a_place_counts_within_the_rows_own_pipeline(deals: Engine, op: str, stage: str) -> None:
    assert _found(deals, _where({"stage": {op: stage}})) == EXPECTED[op, stage]


@pytest.mark.parametrize(("op", "stage"), EXPECTED)
def test_the_complement_is_every_other_row(deals: Engine, op: str, stage: str) -> None:
    assert _found(deals, negated(_where({"stage": {op: stage}}))) == {*PLACES} - EXPECTED[op, stage]


def test_a_stage_without_a_place_is_compared_by_name(deals: Engine) -> None:
    assert _found(deals, _where({"stage": "won"})) == {(D, "won"), (P, "won")}
    assert _found(deals, _where({"stage": {"isNull": True}})) == {("renewal", None)}
    assert _found(deals, _where({"stage": [], "pipeline": "direct"})) == set()
