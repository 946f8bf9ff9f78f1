"""The schema of one app's own documents: names of its objects, fields, groups, roles and option sets are
offered where they are meant, and a name that is none of them is marked.

It knows what was there when it was made: names that are declared later are known to the next one.
"""

from collections.abc import Iterable, Iterator, Mapping

from salesmode.cli.schema_bundle import (
    Schema,
    bundle,
    case,
    kinds_of,
    published_schemas,
    referring,
    settings_name,
    settings_schemas,
)
from salesmode.compiler.compiled import Compiled
from salesmode.model.object import Object
from salesmode.plugins import plugins_of

_OWN = "objects"
_COMMON = "#/$defs/common/$defs/"
_ROLE = "#/$defs/role/$defs/"
_CONDITION = f"{_COMMON}condition"
_STEERING = ("$remove", "$replace")
_PARTS = ("grant", "right", "field")
_ANYWHERE = ("tags", "grants", "stage", "status", "pipeline")
"""Names in conditions that the engine brings along, where an object has them."""


def editor_schema(app: Compiled) -> Schema:
    """For yaml-language-server and any other checker of JSON Schema."""
    plugins = plugins_of(app.model.app.plugins)
    schemas = {name: dict(schema) for name, schema in published_schemas(plugins).items()}
    objects = app.model.objects
    _name_what_is_there(schemas, app)
    own = {name: _parts(each, schemas) for name, each in objects.items()}
    schemas[_OWN] = {"description": "What can be said of each object.", "$defs": own}
    kinds, settings = kinds_of(schemas), settings_schemas(plugins)
    return bundle(
        {**schemas, **settings}, kinds, [*_cases(objects.values()), *map(_settings, plugins.brought.settings)]
    )


def _settings(plugin: str) -> Schema:
    values = {"$ref": f"#/$defs/{settings_name(plugin)}"}
    return {"if": case("kind", "settings", name=plugin), "then": {"properties": {"values": values}}}


def _name_what_is_there(schemas: Mapping[str, Schema], app: Compiled) -> None:
    objects = list(app.model.objects)
    sets = sorted(each.name for each in app.layered.documents if each.kind == "option_set")
    field = schemas["field"]["properties"]
    field["to"] = _among(field["to"], objects)
    field["options"]["properties"]["from"] = _among(field["options"]["properties"]["from"], sets)
    records = schemas["user_data"]["properties"]
    records["object"] = _among(records["object"], objects)
    role = schemas["role"]["properties"]
    role["inherits"] = _names(role["inherits"], [*app.model.roles, "admin"])
    role["objects"] = {
        "description": role["objects"]["description"],
        "type": "object",
        "properties": {name: {"$ref": f"{_part(name, 'grant')}"} for name in objects}
        | {each: {"$ref": f"{_COMMON}{each[1:]}"} for each in _STEERING},
        "additionalProperties": False,
    }


def _among(described: Schema, names: Iterable[str]) -> Schema:
    return {"description": described["description"], "type": "string", "enum": list(names)}


def _names(described: Schema, names: Iterable[str]) -> Schema:
    """A list of some of the names, or what is added to the list of the layer below."""
    some = {"type": "array", "uniqueItems": True, "items": {"enum": list(names)}}
    added = {"type": "object", "additionalProperties": False, "properties": {"$add": some}}
    return {"description": described["description"], "anyOf": [some, added]}


def _part(name: str, part: str) -> str:
    return f"#/$defs/{_OWN}/$defs/{name}/$defs/{part}"


def _parts(described: Object, schemas: Mapping[str, Schema]) -> Schema:
    """Grants and conditions as they are about one object."""
    local = {f"{_ROLE}{each}": _part(described.name, each) for each in _PARTS}
    local[_CONDITION] = _part(described.name, "condition")
    parts = referring(
        {each: schemas["role"]["$defs"][each] for each in _PARTS}, lambda each: local.get(each, each)
    )
    _name_fields(parts["grant"]["properties"], described)
    return {"$defs": {**parts, "condition": _condition(described)}}


def _name_fields(grant: Schema, described: Object) -> None:
    fields, right = grant["fields"], {"$ref": _part(described.name, "field")}
    groups = {**fields["properties"]["groups"], "additionalProperties": False}
    groups["properties"] = dict.fromkeys(described.groups or {}, right)
    own = {name: right for name, each in described.fields.items() if not each.system}
    fields["properties"] = {**fields["properties"], "groups": groups, **own}
    fields["additionalProperties"] = False


def _condition(described: Object) -> Schema:
    itself = {"$ref": _part(described.name, "condition")}
    several = {"type": "array", "items": itself}
    names = [*described.fields, *described.inverses, *_ANYWHERE]
    return {
        "description": f"A condition about a record of {described.name}.",
        "type": "object",
        "properties": {
            "and": several,
            "or": several,
            "not": itself,
            **{name: {"description": f"{described.name}.{name}"} for name in names},
        },
        "additionalProperties": False,
    }


def _cases(objects: Iterable[Object]) -> Iterator[Schema]:
    """What an object's own document and its records say of its fields."""
    for each in objects:
        yield {"if": case("kind", "object", name=each.name), "then": _document(each)}
        yield {"if": case("kind", "user_data", object=each.name), "then": _records(each)}


def _document(described: Object) -> Schema:
    condition = {"$ref": _part(described.name, "condition")}
    fields = {"items": {"enum": list(described.fields)}}
    rules = {"items": {"properties": {"when": condition, "must": condition}}}
    groups = {"additionalProperties": fields}
    return {
        "properties": {
            "groups": groups,
            "unique": {"items": {**fields, "properties": {"fields": fields}}},
            "indexes": {"items": fields},
            "validations": rules,
        }
    }


def _records(described: Object) -> Schema:
    names = [name for name, each in described.fields.items() if not each.system]
    record = {"propertyNames": {"enum": names}}
    records = {"items": record, "properties": {"$add": {"items": record}}}
    return {"properties": {"by": {"items": {"enum": names}}, "records": records}}
