"""Who may not see a tag learns nothing of it: not from lists, filters, counts, history, nor by setting it."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import salesmode.access.compose
from salesmode.compiler import compile_texts
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Condition
from salesmode.proving.matrix import prove
from salesmode.queries.history import _Entries
from salesmode.tables import tables_of
from tests.proving.place import place, proved
from tests.support.household import HOUSEHOLDS

pytestmark = pytest.mark.anyio

CHANNELS = (
    "tags",
    "opportunities",
    "where tags",
    "set tags",
    "promote",
    "history",
    "select",
    "where equality",
)
SOME_ROWS = """
---
kind: role
name: half
objects:
  household: {read: {where: {children: {gte: 2}}}, fields: {name: read}, tags: {rich: none}}
---
kind: role
name: other_half
inherits: [half]
objects:
  household: {read: {where: {agent: $user.id}}, update: true, fields: {name: write}, tags: {referral: none}}
"""


def model(name: str = "homes") -> Model:
    """What is composed for a model is kept for others of the same version, so a mutant has one of its own."""
    return compile_texts({"app.yaml": f"kind: app\nname: {name}\n---\n{HOUSEHOLDS}\n{SOME_ROWS}"}).model


@pytest.mark.parametrize("role", ["rep", "partner", "other_half"])
async def test_no_role_learns_of_a_tag_that_it_may_not_see(database_url: str, role: str) -> None:
    verdict = await proved(database_url, model(), role, seed=2, channels=CHANNELS)
    assert verdict.leaks == []
    assert verdict.probes["household"] > 20


async def leaking(url: str, made: Model, role: str, channel: str) -> bool:
    async with place(url, made) as database:
        tables = tables_of(made, database.dialect)
        proofs = [await prove(tables, database, role, seed, channels={channel}) for seed in range(4)]
    return any(each.leaks for each in proofs)


def every_tag(*_: Any) -> bool:
    return True


def everywhere(*_: Any) -> Condition:
    return ALWAYS


def without_asking(self: Any, told: Any) -> Any:
    return self.source.table.c.id.is_not(None)


GATES: Mapping[str, tuple[Any, str, Callable[..., Any], str, str]] = {
    "which tags a role sees": (salesmode.access.compose, "reads_tag", every_tag, "rep", "where tags"),
    "where a role sets them": (salesmode.access.compose, "written_where", everywhere, "rep", "set tags"),
    "what history tells of": (_Entries, "_guard", without_asking, "other_half", "history"),
}


@pytest.mark.parametrize("gate", GATES)
async def test_a_gate_that_is_open_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, gate: str
) -> None:
    where, name, opened, role, channel = GATES[gate]
    monkeypatch.setattr(salesmode.access.compose, "_policies", OrderedDict())
    monkeypatch.setattr(where, name, opened)
    assert await leaking(sqlite_url, model("opened"), role, channel)
