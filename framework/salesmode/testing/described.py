"""Which parts of a JSON Schema do not say what they mean."""

from collections.abc import Iterator, Mapping
from typing import Any

_MAPS = ("properties", "patternProperties", "$defs")
_ONE = ("items", "additionalProperties")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")


def undescribed(schema: Mapping[str, Any], path: str = "the schema") -> Iterator[str]:
    """The paths of properties, definitions and items without a description, from the outside in."""
    for keyword in _MAPS:
        for name, inner in schema.get(keyword, {}).items():
            yield from _part(inner, f"{path}.{name}")
    for keyword in _ONE:
        if isinstance(schema.get(keyword), Mapping):
            yield from _part(schema[keyword], f"{path}.{keyword}")
    for keyword in _SEVERAL:
        for at, inner in enumerate(schema.get(keyword, ())):
            yield from undescribed(inner, f"{path}.{keyword}.{at}")


def _part(schema: Any, path: str) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        return
    if "description" not in schema and "$ref" not in schema and "const" not in schema:
        yield path
    yield from undescribed(schema, path)
