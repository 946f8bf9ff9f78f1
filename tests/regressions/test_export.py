"""An export is one more way out: it needs a right of its own, shows what a selection shows, and is logged."""

from dataclasses import replace

import pytest

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope
from salesmode.diagnostics import Refusal
from salesmode.exchange.columns import exportable
from salesmode.exchange.export import exported
from salesmode.exchange.faults import BadFile
from tests.regressions.conftest import Crm
from tests.support.small_api import SYSTEM

pytestmark = pytest.mark.anyio


async def carried(crm: Crm, role: str, *fields: str, **where: object) -> list[dict[str, object]]:
    """What Ann carries off with a role."""
    api = crm.api
    scope = PolicyScope(api.tables, policy_of(api.tables.model, {role}))
    environment = replace(SYSTEM, user=api.people["ann"])
    columns = exportable(scope, "client", fields)
    rows = exported(api.database, scope, "client", columns, environment, where=where or None)
    return [dict(zip([each.header for each in columns], row, strict=True)) async for row in rows]


async def test_who_reads_does_not_carry_off(crm: Crm) -> None:
    with pytest.raises(Refusal, match="FORBIDDEN"):
        await carried(crm, "rep")


async def test_hidden_rows_and_values_do_not_go_out(crm: Crm) -> None:
    rows = {row["name"]: row for row in await carried(crm, "mover")}
    assert rows.keys() == {"Mine", "Shared"}
    assert (rows["Mine"]["note"], rows["Shared"]["note"]) == ("mmm", None)
    assert (rows["Shared"]["wechat"], rows["Shared"]["budget"]) == ("••••5678", None)
    assert not rows["Mine"].keys() & {"email", "code", "tax"}
    await crm.disturb()
    assert {row["name"]: row for row in await carried(crm, "mover")} == rows


async def test_a_hidden_field_is_no_column_and_no_filter(crm: Crm) -> None:
    with pytest.raises(BadFile, match="column 'email': there is no such field"):
        await carried(crm, "mover", "name", "email")
    with pytest.raises(Refusal, match="BAD_REQUEST"):
        await carried(crm, "mover", "name", email={"startsWith": "s"})
    assert await carried(crm, "mover", "name", budget={"lt": "3"}) == []


async def test_each_export_leaves_an_entry(crm: Crm) -> None:
    await carried(crm, "mover", "name")
    log = "{ accessLogs { nodes { createdBy { name } operation object fields records } } }"
    entry = {"createdBy": {"name": "ann"}, "operation": "export", "object": "client", "fields": ["name"]}
    assert await crm.api.data("root", log) == {"accessLogs": {"nodes": [entry | {"records": 2}]}}
