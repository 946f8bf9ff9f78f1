"""Whether a plugin's JSON Schema is one, and refers only to what is there."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, SchemaError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from salesmode.plugins.asking import shown
from salesmode.resources import schemas_dir

_SUFFIX = ".schema.json"
_COMMON = f"common{_SUFFIX}"
_OWN = "plugin"


def schema_names() -> tuple[str, ...]:
    """The names of the engine's own schemas, most of them kinds."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in schemas_dir().glob(f"*{_SUFFIX}")))


def schema_fault(schema: object) -> str | None:
    """What is wrong with it, if anything."""
    if not isinstance(schema, Mapping) or not isinstance(schema.get("properties", {}), Mapping):
        return f"a JSON Schema of a mapping is expected, not {shown(schema)}"
    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        where = "/".join(map(str, error.absolute_path))
        return f"it is no JSON Schema: {error.message}" + (f" (at {where})" if where else "")
    return _dangling(dict(schema))


def _dangling(schema: dict[str, Any]) -> str | None:
    """A reference that leads nowhere, or to anything but itself and what is common to all kinds."""
    registry: Registry[Any] = Registry().with_resources([(_COMMON, _common()), (_OWN, _resource(schema))])
    resolver = registry.resolver(_OWN)
    for reference in _references(schema):
        try:
            resolver.lookup(reference)
        except Unresolvable:
            return f"'{reference}' leads nowhere; it may refer to itself and to {_COMMON}#/$defs/…"
    return None


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _references(each)


@cache
def _common() -> Resource[Any]:
    return _resource(json.loads((schemas_dir() / _COMMON).read_text(encoding="utf-8")))


def _resource(schema: dict[str, Any]) -> Resource[Any]:
    return DRAFT202012.create_resource(schema)
