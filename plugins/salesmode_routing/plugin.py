"""The hooks of the plugin; each hands on to the module that does it."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from salesmode.hookspecs import (
    Batch,
    Command,
    Decision,
    Desk,
    GraphFields,
    MetadataKind,
    Panel,
    TimedWork,
    UnitOf,
    hookimpl,
)
from salesmode.model.app import Model
from salesmode_routing.api import graph_fields_of
from salesmode_routing.assigning import ask_rules
from salesmode_routing.brought import fields_of_pools, fields_of_rules
from salesmode_routing.following import follow, keep_track
from salesmode_routing.panels import panels
from salesmode_routing.pools import build_pool
from salesmode_routing.reading import POOL
from salesmode_routing.recycling import begin, call_in, take_back
from salesmode_routing.rules import KIND, build_rule
from salesmode_routing.shell import commands
from salesmode_routing.sweeping import sweep
from salesmode_routing.touch import look_after

_PACKAGE = files("salesmode_routing")


@hookimpl
def metadata_layer() -> str:
    return str(_PACKAGE / "layer")


@hookimpl
def metadata_kinds() -> Sequence[MetadataKind]:
    return (
        MetadataKind(
            name=KIND,
            schema=_schema(KIND),
            build=build_rule,
            lists=frozenset({"candidates", "score"}),
            fields=fields_of_rules,
        ),
        MetadataKind(
            name=POOL,
            schema=_schema(POOL),
            build=build_pool,
            lists=frozenset({"recycle"}),
            fields=fields_of_pools,
        ),
    )


@hookimpl
def settings_schema() -> Mapping[str, Any]:
    return _schema("settings")


@hookimpl
def before_write(batch: Batch) -> None:
    keep_track(batch)


@hookimpl
def after_write(batch: Batch) -> UnitOf[None]:
    return follow(batch)


@hookimpl
def route(desk: Desk, object: str, ids: Sequence[str]) -> UnitOf[Sequence[Decision]]:
    return ask_rules(desk, object, ids)


@hookimpl
def graph_fields(model: Model) -> GraphFields:
    return graph_fields_of(model)


@hookimpl
def jobs(model: Model) -> Sequence[TimedWork]:  # noqa: ARG001 -- they look at the model of the Desk
    return (
        TimedWork(name="routing_time_limits", schedule="*/5 * * * *", run=sweep(look_after)),
        TimedWork(name="pool_begin", schedule="5 * * * *", run=sweep(begin)),
        TimedWork(name="pool_take_back", schedule="10 * * * *", run=sweep(take_back)),
        TimedWork(name="pool_call_in", schedule="20 * * * *", run=sweep(call_in)),
    )


@hookimpl
def cli_commands() -> Sequence[Command]:
    return commands()


@hookimpl
def console_panels(model: Model) -> Sequence[Panel]:
    return tuple(panels(model))


def _schema(kind: str) -> Mapping[str, Any]:
    text = (_PACKAGE / f"{kind}.schema.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found
