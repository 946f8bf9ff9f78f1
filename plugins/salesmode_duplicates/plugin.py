"""The hooks of the plugin; each hands on to the module that does it."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from salesmode.hookspecs import (
    Batch,
    Claim,
    Command,
    Desk,
    Fault,
    GraphFields,
    MatchKey,
    MetadataKind,
    Panel,
    Record,
    Ruling,
    TimedWork,
    UnitOf,
    hookimpl,
)
from salesmode.model.app import Model
from salesmode_duplicates.api import graph_fields_of
from salesmode_duplicates.asked import match_rules
from salesmode_duplicates.backfill import fill_in
from salesmode_duplicates.commands import commands
from salesmode_duplicates.match_kind import KIND as MATCH, build_match_rule
from salesmode_duplicates.panels import panels
from salesmode_duplicates.ruling_kind import KIND as RULING, build_ruling_rule
from salesmode_duplicates.rulings import adjudicated
from salesmode_duplicates.search import own_keys
from salesmode_duplicates.writing import follow, refuse_duplicates

_PACKAGE = files("salesmode_duplicates")


@hookimpl
def metadata_layer() -> str:
    return str(_PACKAGE / "layer")


@hookimpl
def metadata_kinds() -> Sequence[MetadataKind]:
    return (
        MetadataKind(name=MATCH, schema=_schema(MATCH), build=build_match_rule, lists=frozenset({"compare"})),
        MetadataKind(
            name=RULING, schema=_schema(RULING), build=build_ruling_rule, lists=frozenset({"clauses"})
        ),
    )


def _schema(kind: str) -> Mapping[str, Any]:
    text = (_PACKAGE / f"{kind}.schema.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@hookimpl
def match_keys(desk: Desk, object: str, records: Sequence[Record]) -> Sequence[MatchKey]:
    return own_keys(desk, object, records)


@hookimpl
def validate_record(batch: Batch) -> UnitOf[Sequence[Fault]]:
    return refuse_duplicates(batch)


@hookimpl
def after_write(batch: Batch) -> UnitOf[None]:
    return follow(batch)


@hookimpl
def adjudicate(desk: Desk, object: str, record: str, claims: Sequence[Claim]) -> Ruling | None:
    return adjudicated(desk, object, record, claims)


@hookimpl
def graph_fields(model: Model) -> GraphFields:
    return graph_fields_of(model)


@hookimpl
def jobs(model: Model) -> Sequence[TimedWork]:
    if not match_rules(model):
        return ()
    return (TimedWork(name="duplicates_fill_in", schedule="*/5 * * * *", run=fill_in),)


@hookimpl
def cli_commands() -> Sequence[Command]:
    return commands()


@hookimpl
def console_panels(model: Model) -> Sequence[Panel]:
    return panels(model)
