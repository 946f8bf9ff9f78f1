"""The proof can fail: each gate of the engine that is left open is found, by the channels it guards."""

from collections.abc import Callable
from typing import Any

import pytest

import salesmode.records.altering
import salesmode.records.judging
import salesmode.server.callers
from salesmode.access.compose import policy_of
from salesmode.access.policy import FieldPolicy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Readable, Source
from salesmode.fieldtypes import field_type
from salesmode.records.rights import Verdict
from tests.proving.apps import shop
from tests.proving.place import proved

pytestmark = pytest.mark.anyio


def every_row(self: PolicyScope, source: Source) -> Any:
    return self.system.rows(source)


def every_value(self: PolicyScope, source: Source, field: str) -> Readable:
    return self.system.readable(source, field)


def every_text(self: PolicyScope, source: Source, field: str) -> Any:
    described = source.object.fields[field]
    return field_type(described.type).json(described, every_value(self, source, field).value, self.dialect)


def every_reference(self: PolicyScope, source: Source, granted: FieldPolicy) -> Readable:
    return self.system.readable(source, granted.field.name)


READ = {"select", "edges", "point", "node", "nested", "nested list"}
COMPARED = {"where equality", "where order", "where null", "where not", "order", "cursor", "group", "measure"}
SCOPES: list[tuple[str, Callable[..., Any], set[str]]] = [
    ("rows", every_row, {*READ, "where through", "where many", "search", "history"}),
    ("readable", every_value, {*COMPARED, "where through", "page measure"}),
    ("shown", every_text, {"select", "edges", "point", "node", "nested list"}),
    ("_without_hidden", every_reference, {"where equality", "where null"}),
]


@pytest.mark.parametrize(("gate", "opened", "channels"), SCOPES, ids=[each[0] for each in SCOPES])
async def test_a_gate_of_reading_that_is_open_is_found(
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    gate: str,
    opened: Callable[..., Any],
    channels: set[str],
) -> None:
    monkeypatch.setattr(PolicyScope, gate, opened)
    assert channels - await leaking(sqlite_url, seed=2 if gate == "_without_hidden" else 1) == set()


async def test_rights_to_write_that_are_not_asked_for_are_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (salesmode.records.judging, salesmode.records.altering):
        monkeypatch.setattr(room, "verdict", lambda *_, **__: Verdict(True, (), True))
    assert await leaking(sqlite_url) == {"update"}


async def test_the_rights_of_another_role_are_found_by_name(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        salesmode.server.callers, "policy_of", lambda model, _roles: policy_of(model, {"admin"})
    )
    assert {"unknown name", "introspection", "metadata", "create"} <= await leaking(sqlite_url)


async def test_a_leak_says_who_asked_what_and_where_the_role_speaks(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PolicyScope, "shown", every_text)
    leaks = (await proved(sqlite_url, shop(), "clerk")).leaks
    leak = next(each for each in leaks if each.channel == "select" and each.field == "amount")
    assert (leak.role, leak.object) == ("clerk", "deal")
    assert leak.grant.startswith("app.yaml:")
    assert leak.request == "query { p0: deals(first: 100) { nodes { id amount } } }"
    assert leak.answer != leak.others


async def leaking(url: str, *, seed: int = 1) -> set[str]:
    """The channels through which something comes out."""
    return {leak.channel for leak in (await proved(url, shop(), "clerk", seed=seed)).leaks}
