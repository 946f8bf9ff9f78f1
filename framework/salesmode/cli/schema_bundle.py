"""The published JSON Schemas as one document that refers to nothing outside itself."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from salesmode.compiler.validator import published
from salesmode.plugins import Plugins

Schema = dict[str, Any]

_VARIABLE: Schema = {
    "type": "object",
    "required": ["env"],
    "additionalProperties": False,
    "properties": {"env": {"description": "A variable of the environment that holds it.", "type": "string"}},
}

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SUFFIX = ".schema.json"


def published_schemas(plugins: Plugins) -> Mapping[str, Schema]:
    """Every published schema by name, those of the plugins' kinds too; references are local to a bundle."""
    return {name: _local(schema, name) for name, schema in published(plugins).items()}


def settings_schemas(plugins: Plugins) -> Mapping[str, Schema]:
    """By a name in the bundle the schema of each plugin's settings, as a layer may say a part of them; a
    value may be in the environment.
    """
    own = {name: _local(dict(each), settings_name(name)) for name, each in plugins.brought.settings.items()}
    return {settings_name(name): _from_environment(each) for name, each in own.items()}


def settings_name(plugin: str) -> str:
    """The name of the schema of a plugin's settings."""
    return f"settings_of_{plugin}"


def _from_environment(settings: Schema) -> Schema:
    values = {
        name: {"description": each.get("description", ""), "anyOf": [_VARIABLE, each]}
        for name, each in settings.get("properties", {}).items()
    }
    rest = {key: each for key, each in settings.items() if key != "required"}
    return {"type": "object", "additionalProperties": False, **rest, "properties": values}


def kinds_of(schemas: Mapping[str, Schema]) -> tuple[str, ...]:
    """The names of those that describe documents; the others are only referred to."""
    return tuple(name for name, schema in schemas.items() if "kind" in schema.get("properties", {}))


def bundle(schemas: Mapping[str, Schema], kinds: Iterable[str], further: Iterable[Schema] = ()) -> Schema:
    """A schema of a document of any of those kinds, told apart by `kind`."""
    names = list(kinds)
    cases = [{"if": case("kind", name), "then": {"$ref": f"#/$defs/{name}"}} for name in names]
    return {
        "$schema": DIALECT,
        "title": "Salesmode metadata",
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"description": "What the document describes.", "enum": names}},
        "allOf": [*cases, *further],
        "$defs": dict(schemas),
    }


def case(key: str, value: str, **more: str) -> Schema:
    """Matches a document where those keys have those values."""
    wanted = {key: value, **more}
    return {"properties": {name: {"const": each} for name, each in wanted.items()}, "required": list(wanted)}


def _local(schema: Schema, name: str) -> Schema:
    def local(reference: str) -> str:
        file, _, pointer = reference.partition("#")
        return f"#/$defs/{file.removesuffix(_SUFFIX) or name}{pointer}"

    found = referring(schema, local)
    return {key: _with_numbers(each) for key, each in found.items() if key not in ("$schema", "$id")}


def _with_numbers(node: Any) -> Any:
    """Where free text is meant, YAML's numbers are text (RULING 1)."""
    if isinstance(node, list):
        return [_with_numbers(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _with_numbers(each) for key, each in node.items()}
    types = [node["type"]] if isinstance(node.get("type"), str) else node.get("type")
    if isinstance(types, list) and "string" in types and not node.keys() & {"pattern", "enum"}:
        found["type"] = [*types, *({"number"} - {*types})]
    return found


def referring(node: Any, change: Callable[[str], str]) -> Any:
    """A copy in which every reference is changed."""
    if isinstance(node, list):
        return [referring(each, change) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: change(each) if key == "$ref" and isinstance(each, str) else referring(each, change)
        for key, each in node.items()
    }
