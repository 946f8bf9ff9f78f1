"""The proof can fail: each step of the engine that keeps something in is taken out alone, and found."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import ColumnElement, true

import salesmode.access.asked
import salesmode.exchange.export
import salesmode.queries.history
import salesmode.records.altering
import salesmode.records.disclosure
import salesmode.records.judging
import salesmode.server.callers
from salesmode.access.compose import policy_of
from salesmode.access.policy import FieldPolicy, Policy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Readable, Source
from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS
from salesmode.proving.matrix import prove
from salesmode.records.rights import Verdict
from salesmode.tables import tables_of
from tests.proving.apps import CLERK, SAVED, SHOP, TAKER, made
from tests.proving.place import place, proved

pytestmark = pytest.mark.anyio

SEEDS = (9, 1, 4)
MODEL = made(*SHOP, *SAVED, CLERK, TAKER)


def every_row(self: PolicyScope, source: Source) -> Any:
    return self.system.rows(source)


def every_value(self: PolicyScope, source: Source, field: str) -> Readable:
    found = self.system.readable(source, field)
    return Readable(found.value, found.raw, true())


def every_text(self: PolicyScope, source: Source, field: str) -> Any:
    described = source.object.fields[field]
    return field_type(described.type).json(described, every_value(self, source, field).value, self.dialect)


def every_reference(self: PolicyScope, source: Source, granted: FieldPolicy) -> Readable:
    return self.system.readable(source, granted.field.name)


OPEN: Mapping[str, Callable[..., Any]] = {
    "rows": every_row,
    "readable": every_value,
    "cell": every_value,
    "shown": every_text,
    "_without_hidden": every_reference,
}
READ = {"select", "edges", "point", "node", "nested", "nested list"}
COMPARED = {"where equality", "where order", "where null", "where not", "order", "cursor", "group", "measure"}
WHOLE: Mapping[str, set[str]] = {
    "rows": {*READ, "where through", "where many", "search", "history", "subscription"},
    "readable": {*COMPARED, "where through", "page measure", "subscription"},
    "shown": {"select", "edges", "point", "node", "nested list", "subscription"},
    "_without_hidden": {"where equality", "where null"},
}


@pytest.mark.parametrize("gate", WHOLE)
async def test_a_gate_of_reading_that_is_open_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, gate: str
) -> None:
    monkeypatch.setattr(PolicyScope, gate, OPEN[gate])
    assert await leaking(sqlite_url, through=WHOLE[gate]) == WHOLE[gate]


# The step that asks: what it does, which gate it asks, where in the engine, and where it comes out.
STEPS: Mapping[str, tuple[str, str, set[str]]] = {
    "the rows of a list, and of a to-many": ("rows", "queries.paging", {"select", "edges", "nested list"}),
    "the row of a point, a node and a reference": ("rows", "queries.render", {"point", "node", "nested"}),
    "the records of a list": ("rows", "queries.render._listed", {"select", "edges", "point", "node"}),
    "the rows that are searched": ("rows", "queries.search", {"search"}),
    "the rows behind a condition": ("rows", "conditions.compile", {"where through", "where many"}),
    "the rows behind an order and a group": ("rows", "queries.joins", {"order through", "group through"}),
    "the rows that a subscriber hears of": ("rows", "queries.changes", {"subscription"}),
    "a value that is selected": ("shown", "queries.render", {"select", "edges", "point", "node"}),
    "a value that looks different now": ("shown", "queries.changes", {"subscription"}),
    "a value in a condition": (
        *("readable", "conditions.place"),
        {"where equality", "where order", "where null", "where not", "where through"},
    ),
    "a key of an order and of a cursor": ("readable", "queries.keys", {"order", "cursor"}),
    "a group and a measure": (
        "readable",
        "queries.aggregate",
        {"group", "measure", "page measure", "report"},
    ),
    "the rows of a work queue": ("rows", "queries.queue", {"work queue"}),
    "the quotas and the records of a target": ("rows", "queries.attainment", {"attainment"}),
    "the values of a target": ("readable", "queries.attainment", {"attainment"}),
    "a field in the history": ("cell", "queries.history", {"history"}),
    "a reference that is followed": ("_without_hidden", "access.scope", {"where equality", "where null"}),
}


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_that_does_not_ask_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    gate, room, channels = STEPS[step]
    monkeypatch.setattr(PolicyScope, gate, asked_by(f"salesmode.{room}", gate))
    assert await leaking(sqlite_url, through=channels) == channels


def asked_by(room: str, gate: str) -> Callable[..., Any]:
    """The gate, open to whoever asks from that module, or from that function of one."""
    closed = getattr(PolicyScope, gate)

    def method(self: PolicyScope, *arguments: Any) -> Any:
        asker = sys._getframe(1)
        module = asker.f_globals["__name__"]
        there = room in (module, f"{module}.{asker.f_code.co_name}")
        return (OPEN[gate] if there else closed)(self, *arguments)

    return method


async def test_a_history_that_tells_what_was_hidden_on_a_merged_record_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salesmode.queries.history._Entries, "_of_part", lambda *_: true())
    assert await leaking(sqlite_url, through={"history"}) == {"history"}


async def test_a_masked_field_that_may_be_compared_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FieldPolicy, "comparable", property(lambda _: True))
    through = {"where equality", "order", "group", "introspection", "unknown name"}
    assert await leaking(sqlite_url, role="taker", through=through) == through


async def test_a_mask_that_shows_everything_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unmasked(self: PolicyScope, source: Source, field: Any, _mask: Any) -> ColumnElement[str]:
        return field_type(field.type).json(field, self.system.readable(source, field.name).raw, self.dialect)

    monkeypatch.setattr(PolicyScope, "_masked", unmasked)
    through = {"select", "edges", "point", "node"}
    assert await leaking(sqlite_url, role="taker", through=through) == through


async def test_rows_that_may_not_be_exported_are_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salesmode.exchange.export, "exporting", lambda policy, _: policy)
    assert await leaking(sqlite_url, role="taker", through={"export"}) == {"export"}


async def test_an_export_without_the_right_is_found(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (right,) = policy_of(MODEL, {"taker"}).objects["deal"].export
    everybody = (replace(right, where=ALWAYS),)
    closed = salesmode.exchange.export.exported

    def exported(database: Any, scope: PolicyScope, name: str, *arguments: Any, **more: Any) -> Any:
        granted = replace(scope.policy.objects[name], export=everybody)
        policy = Policy("open", scope.policy.roles, {**scope.policy.objects, name: granted})
        return closed(database, PolicyScope(scope.tables, policy), name, *arguments, **more)

    monkeypatch.setattr("salesmode.proving.asking.exported", exported)
    assert await leaking(sqlite_url, through={"export"}) == {"export"}


async def test_a_file_whose_hidden_cells_are_full_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PolicyScope, "shown", every_text)
    assert await leaking(sqlite_url, role="taker", through={"export"}) == {"export"}


async def test_unmasking_that_does_not_ask_for_the_right_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salesmode.records.disclosure, "shown_or", lambda _granted, _field: ALWAYS)
    assert await leaking(sqlite_url, role="taker", through={"unmask"}) == {"unmask"}


async def test_rights_to_write_that_are_not_asked_for_are_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (salesmode.records.judging, salesmode.records.altering):
        monkeypatch.setattr(room, "verdict", lambda *_, **__: Verdict(True, (), True))
    assert await leaking(sqlite_url, through={"update"}) == {"update"}


async def test_the_rights_of_another_role_are_found_by_name(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        salesmode.server.callers, "policy_of", lambda model, _roles: policy_of(model, {"admin"})
    )
    through = {"unknown name", "introspection", "metadata", "create", "explanation"}
    assert await leaking(sqlite_url, through=through) == through


SAVED_ONES = {"list view", "work queue"}


async def test_a_saved_question_that_is_offered_to_everybody_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salesmode.access.asked, "may_ask", lambda *_: True)
    assert await leaking(sqlite_url, role="taker", through=SAVED_ONES) == SAVED_ONES


async def test_a_leak_says_who_asked_what_and_where_the_role_speaks(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PolicyScope, "shown", every_text)
    leaks = (await proved(sqlite_url, MODEL, "clerk", channels={"select"})).leaks
    leak = next(each for each in leaks if each.channel == "select" and each.field == "amount")
    assert (leak.role, leak.object) == ("clerk", "deal")
    assert leak.grant.startswith("app.yaml:")
    assert leak.request == "query { p0: deals(first: 100) { nodes { id amount } } }"
    assert leak.answer != leak.others


async def leaking(url: str, *, through: set[str], role: str = "clerk") -> set[str]:
    """The channels, of these, through which something comes out in one of a few pairs of worlds."""
    found: set[str] = set()
    async with place(url, MODEL) as database:
        tables = tables_of(MODEL, database.dialect)
        for seed in SEEDS:
            verdict = await prove(tables, database, role, seed, channels=through - found)
            found |= {leak.channel for leak in verdict.leaks}
            if found == through:
                break
    return found
