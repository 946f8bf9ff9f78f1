"""The hooks of the plugin; each hands on to the module that does it."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from salesmode.hookspecs import Batch, Desk, Fault, MatchKey, MetadataKind, Record, UnitOf, hookimpl
from salesmode_duplicates.asked import MATCH, RULING
from salesmode_duplicates.match_kind import build_match_rule
from salesmode_duplicates.ruling_kind import build_ruling_rule
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
