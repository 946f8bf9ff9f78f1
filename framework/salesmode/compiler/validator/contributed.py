"""The schemas of plugins' kinds: whole, as a merged document must be, and as one layer may say a part of
it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from salesmode.hooks.kinds import MetadataKind

Schema = dict[str, Any]
_COMMON = "common.schema.json#/$defs/"
_MAPS = frozenset({"properties", "patternProperties", "$defs"})
_ONE = frozenset({"items", "additionalProperties", "unevaluatedProperties"})
_ONLY_WHOLE = frozenset(
    {"required", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "minItems"}
    | {"dependentSchemas", "minProperties", "contains", "prefixItems", "unevaluatedItems"}
)
"""What can be missing in one layer because another says it."""

_STEERING: Schema = {
    f"${word}": {"$ref": f"{_COMMON}{word}", "description": meaning}
    for word, meaning in (
        ("remove", "Removes it from the layers below."),
        ("replace", "Replaces what the layers below say, instead of merging with it."),
        ("after", "Places it behind the one of that name; `null` places it first."),
    )
}


def layer_schemas(kinds: Iterable[MetadataKind]) -> Mapping[str, Schema]:
    """By kind the schema of a document of one layer."""
    return {
        kind.name: {**_relaxed(_document(kind), kind.lists), "required": ["kind", "name"]} for kind in kinds
    }


def whole_schemas(kinds: Iterable[MetadataKind]) -> Mapping[str, Schema]:
    """By kind the schema of a document of all layers together."""
    return {kind.name: _document(kind) for kind in kinds}


def with_types(field: Schema, types: Mapping[str, str | None]) -> Schema:
    """The schema of a field with further types, each of which takes the keys of the one it derives from."""
    if not types:
        return field
    properties, keys = field["properties"], field["dependentSchemas"]
    type_ = properties["type"]
    return {
        **field,
        "properties": {**properties, "type": {**type_, "enum": [*type_["enum"], *types]}},
        "dependentSchemas": {key: _of_types(of, types) for key, of in keys.items()},
    }


def _of_types(key: Schema, types: Mapping[str, str | None]) -> Schema:
    """The types that have a key, with those derived from them."""
    known = key["properties"]["type"]["enum"]
    more = [name for name, base in types.items() if base in known]
    return {"properties": {"type": {"enum": [*known, *more]}}}


def settings_schema(values: Mapping[str, Any]) -> Schema:
    """The schema of a document of settings, whose values are as a plugin says; references are to its own
    schema, so that is the root.
    """
    return {"type": "object", "additionalProperties": False, **values}


def _document(kind: MetadataKind) -> Schema:
    """The schema that the plugin gives, with what every document has."""
    name = kind.name.replace("_", " ")
    own = {key: each for key, each in kind.schema.items() if key not in ("properties", "required")}
    return {
        "title": kind.name,
        "description": f"A {name}.",
        "type": "object",
        "additionalProperties": False,
        **own,
        "required": ["kind", "name", *kind.schema.get("required", ())],
        "properties": {
            "kind": {"const": kind.name, "description": f"Says that this document describes a {name}."},
            "name": {"$ref": f"{_COMMON}name", "description": f"The name of the {name}."},
            "description": {
                "$ref": f"{_COMMON}description",
                "description": "For maintainers; never sent to clients.",
            },
            **kind.schema.get("properties", {}),
        },
    }


def _relaxed(node: Any, lists: frozenset[str], key: str = "") -> Any:
    """What a layer may say there: nothing is required, and the words that steer merging are known."""
    if not isinstance(node, dict):
        return node
    found = {name: _inside(name, each, lists) for name, each in node.items() if name not in _ONLY_WHOLE}
    if "name" in node.get("required", ()):
        found["required"] = ["name"]  # it says which item of the layers below is meant
    if _of_mappings(found):
        return {**found, "properties": {**found.get("properties", {}), **_STEERING}}
    if found.get("type") == "array" and key not in lists:
        return {**found, **_adding(found)}
    return found


def _of_mappings(schema: Schema) -> bool:
    """Whether what it describes may be a mapping with keys of its own."""
    types = schema.get("type", "object" if "properties" in schema else None)
    return types == "object" or (isinstance(types, list) and "object" in types and "properties" in schema)


def _inside(keyword: str, value: Any, lists: frozenset[str]) -> Any:
    if keyword in _MAPS and isinstance(value, dict):
        return {name: _relaxed(each, lists, name) for name, each in value.items()}
    return _relaxed(value, lists) if keyword in _ONE else value


def _adding(described: Schema) -> Schema:
    """A list without names is said whole, or what is added to it."""
    added = {"description": "What is added to the list of the layers below.", "type": "array"}
    items = {"items": described["items"]} if "items" in described else {}
    return {
        "type": ["array", "object"],
        "properties": {"$add": {**added, **items}},
        "minProperties": 1,
        "additionalProperties": False,
    }
