"""The hooks of the plugin; each hands on to the module that does it."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from salesmode.hookspecs import (
    Batch,
    Command,
    CommissionLine,
    Desk,
    Event,
    GraphFields,
    MetadataKind,
    Panel,
    TimedWork,
    Trigger,
    UnitOf,
    hookimpl,
)
from salesmode.model.app import Model
from salesmode_commission.affected import follow
from salesmode_commission.api import graph_fields_of
from salesmode_commission.asked import LINE, PLAN, RUN, plans_of
from salesmode_commission.commands import commands
from salesmode_commission.computing import compute_due, grade_due
from salesmode_commission.earnings import earned_lines
from salesmode_commission.plan_kind import build_plan
from salesmode_commission.runs import check_lines, check_runs

_PACKAGE = files("salesmode_commission")


@hookimpl
def metadata_layer() -> str:
    return str(_PACKAGE / "layer")


@hookimpl
def metadata_kinds() -> Sequence[MetadataKind]:
    schema: Mapping[str, Any] = json.loads((_PACKAGE / f"{PLAN}.schema.json").read_text(encoding="utf-8"))
    return (
        MetadataKind(
            name=PLAN, schema=schema, build=build_plan, lists=frozenset({"versions", "rules", "levels"})
        ),
    )


@hookimpl
def before_write(batch: Batch) -> UnitOf[None] | None:
    """The ledger is only appended, and a run that is locked stays as it is, whatever a role says."""
    if batch.changes and batch.object.name == LINE:
        return check_lines(batch)
    if batch.object.name == RUN:
        check_runs(batch.operation, batch.changes)
    return None


@hookimpl
def after_commit(events: Sequence[Event], desk: Desk) -> UnitOf[None]:
    return follow(events, desk)


@hookimpl
def commission_lines(desk: Desk, triggers: Sequence[Trigger]) -> UnitOf[Sequence[CommissionLine]]:
    return earned_lines(desk, triggers)


@hookimpl
def graph_fields(model: Model) -> GraphFields:
    return graph_fields_of(model)


@hookimpl
def jobs(model: Model) -> Sequence[TimedWork]:
    if not plans_of(model):
        return ()
    return (
        TimedWork(name="commission_levels", schedule="10 0 * * *", run=grade_due),
        TimedWork(name="commission_runs", schedule="30 0 * * *", run=compute_due),
    )


@hookimpl
def cli_commands() -> Sequence[Command]:
    return commands()


@hookimpl
def console_panels(model: Model) -> Sequence[Panel]:
    if not plans_of(model):
        return ()
    query = (
        "{ commissionRuns(first: 20, orderBy: [{period: DESC}])"
        " { nodes { plan period stage { label } total } } }"
    )
    columns = {"plan": "plan", "period": "period", "stage": "stage.label", "total": "total"}
    return (
        Panel(
            name="commission_runs",
            title="Commission",
            query=query,
            rows="commissionRuns.nodes",
            columns=columns,
        ),
    )
