"""What plugins add is proved like the engine's own: no hidden cell comes out by it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import true

import salesmode.queries.holes
from salesmode.hookspecs import ApiField, GraphFields, InputType, OutputType, RecordField, Target
from salesmode.model.app import Model
from tests.proving.apps import CLERK, SHOP, made
from tests.proving.place import proved
from tests.support.plugged import adding, plugged

pytestmark = pytest.mark.anyio

CHANNELS = ("plugin fields", "plugin answers", "plugin targets")
APP: Mapping[str, Any] = {**SHOP[0], "plugins": ["extra"]}


def boxed(_: Any, records: Any) -> Any:
    return [{"count": 1, "deals": [each["id"]]} for each in records]


def one(_: Any, records: Any) -> Any:
    return [1 for _ in records]


def every(desk: Any, _: Any) -> Any:
    return [each["id"] for each in (yield from desk.read("deal", ["name"]))]


def boxes(desk: Any, _: Any) -> Any:
    return [{"deals": (yield from every(desk, {})), "box": None, "count": 1}]


def same(_: Any, arguments: Any) -> Any:
    return arguments["id"]


GIVEN = GraphFields(
    queries=[
        ApiField(name="every", answer="[Deal]", run=every),
        ApiField(name="boxes", answer="[Box!]!", run=boxes, arguments={"order": "Order!"}),
        ApiField(name="same", answer="Deal", run=same, target=Target(object="deal")),
        ApiField(name="counted", answer="Int", run=lambda *_: 7),
    ],
    mutations=[
        ApiField(
            name="touch",
            answer="Deal",
            run=same,
            arguments={"day": "Date!", "days": "[Date!]!"},
            target=Target(object="deal", right="update"),
        )
    ],
    fields=[
        RecordField(object="deal", name="boxed", answer="Box", needs=["amount"], resolve=boxed),
        RecordField(object="deal", name="margin", answer="Int", needs=["cost"], resolve=one),
    ],
    types=[
        OutputType(name="Box", fields={"deals": "[Deal]!", "box": "Box", "count": "Int"}),
        InputType(name="Order", fields={"size": "Int!", "grade": "DealGrade"}),
    ],
)


@pytest.fixture
def model() -> Iterator[Model]:
    with plugged(extra=adding(GIVEN)):
        yield made(APP, *SHOP[1:], CLERK)


async def leaking(url: str, model: Model) -> set[str]:
    verdicts = [await proved(url, model, "clerk", seed=seed, channels=CHANNELS) for seed in (1, 2)]
    assert sum(each.probes.total() for each in verdicts) > 20
    return {leak.channel for each in verdicts for leak in each.leaks}


async def test_nothing_leaks(database_url: str, model: Model) -> None:
    assert await leaking(database_url, model) == set()


async def test_a_field_that_is_asked_about_hidden_cells_is_found(
    sqlite_url: str, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salesmode.queries.holes, "and_", lambda *_: true())
    assert await leaking(sqlite_url, model) == {"plugin fields"}


async def test_an_answer_about_a_hidden_record_is_found(
    sqlite_url: str, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(_: Any, __: str, ids: Any, *___: Any, **____: Any) -> Any:
        yield from ()
        return tuple(ids)

    monkeypatch.setattr("salesmode.graph.asking.aim", blind)
    monkeypatch.setattr(
        "salesmode.access.scope.PolicyScope.rows", lambda self, source: self.system.rows(source)
    )
    assert await leaking(sqlite_url, model) >= {"plugin answers", "plugin targets"}
