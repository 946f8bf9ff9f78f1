"""An app without one part of its metadata, as a layer on top would remove it."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from salesmode.compiler.layering import Layered
from salesmode.compiler.located import Document, Path, Tables, part
from salesmode.compiler.provenance import Named, named
from salesmode.compiler.validator import Schemas, check_shapes
from salesmode.diagnostics import Collector

_OF_NOTHING: Mapping[str, Mapping[str, Any]] = {
    "formula": {"expression": "null"},
    "rollup": {"where": {"id": []}},
}
"""A computed field stays, so that what uses it compiles; it is computed of nothing: no value, no record."""


def taken_out(layered: Layered, path: str, schemas: Schemas, collector: Collector) -> Layered:
    """The merged documents without what `path` names. Raises UnknownPath.

    Whoever needs the part tells of it later; here it is told where the grammar asks for it.
    """
    found = named(layered.documents, path)
    rest = check_shapes([_without(found)], schemas, collector) if found.path else ()
    changed = ((each,) if each is not found.document else rest for each in layered.documents)
    return replace(layered, documents=tuple(chain.from_iterable(changed)))


def _without(found: Named) -> Document:
    nothing = _OF_NOTHING.get(_computed(found))
    tables = Tables()
    left_out = frozenset() if nothing else frozenset({found.path})
    data = tables.take(found.document, (), (), left_out)
    if nothing:
        part(data, found.path).update(nothing)
    return replace(found.document, data=data, keys=tables.keys, values=tables.values)


def _computed(found: Named) -> str:
    """The type of the field that the path leads to, or nothing."""
    of_field = found.document.kind == "object" and _is_field(found.path)
    return str(found.value.get("type")) if of_field else ""


def _is_field(path: Path) -> bool:
    return len(path) == 2 and path[0] == "fields"
