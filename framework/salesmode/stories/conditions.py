"""A condition as it is written in metadata, spelled as a client's `where`."""

from collections.abc import Mapping
from typing import Any

from salesmode.conditions.tags import TAG_OPERATORS
from salesmode.database.environment import Environment
from salesmode.fieldtypes import field_type
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.stories.values import REFERENCES, Cast, as_json

JUNCTIONS = ("and", "or")
_AS_WRITTEN = ("isNull", "isEmpty", "contains", "startsWith", "endsWith", "icontains")


def where_of(raw: Mapping[str, Any], object_: Object, cast: Cast, environment: Environment) -> dict[str, Any]:
    """The GraphQL value of a condition on `object_`; names of the story's records become their ids."""
    return {_spelled(key): _condition(key, value, object_, cast, environment) for key, value in raw.items()}


def _spelled(key: str) -> str:
    return key if key in (*JUNCTIONS, "not") else camel(key)


def _condition(key: str, raw: Any, object_: Object, cast: Cast, environment: Environment) -> Any:
    if key in JUNCTIONS:
        return [where_of(each, object_, cast, environment) for each in raw]
    if key == "not":
        return where_of(raw, object_, cast, environment)
    if key in object_.inverses:
        target = cast.model.objects[object_.inverses[key].object]
        return {
            word: inner if word in TAG_OPERATORS else where_of(inner, target, cast, environment)
            for word, inner in raw.items()
        }
    described = object_.fields.get(key)
    if described is None:
        return raw
    compared = raw if isinstance(raw, dict) else {"in" if isinstance(raw, list) else "eq": raw}
    related = cast.model.objects[described.to] if described.to else None
    found: dict[str, Any] = {}
    for word, value in compared.items():
        if related is not None and (word in related.fields or word in related.inverses):
            found |= where_of({word: value}, related, cast, environment)
        elif word in _AS_WRITTEN:
            found[word] = value
        elif isinstance(value, list):
            found[word] = [_operand(described, each, object_, cast, environment) for each in value]
        else:
            found[word] = _operand(described, value, object_, cast, environment)
    return found


def _operand(described: Field, raw: Any, object_: Object, cast: Cast, environment: Environment) -> Any:
    """One value; what a list is compared with is one of its items."""
    if described.type in REFERENCES or not field_type(described.type).many:
        return as_json(described, raw, object_, cast, environment)
    (item,) = as_json(described, [raw], object_, cast, environment)
    return item
