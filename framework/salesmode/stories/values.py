"""A story's values: records by the story's own names, everything else as its field reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from salesmode.conditions.values import parse_value
from salesmode.database.environment import Environment
from salesmode.fieldtypes import field_type
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.records.history import json_text

REFERENCES = ("reference", "user", "multi_reference")


class Untold(Exception):
    """A name that the story gave to no record, and that no record has."""


@dataclass
class Cast:
    """The records of a story by what it calls them; `known`: those of metadata and story, by object
    and `name`.
    """

    model: Model
    ids: dict[str, str] = field(default_factory=dict)
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def id(self, name: str, object_name: str) -> str:
        """The id of that record; Untold where there is none."""
        found = self.ids.get(name) or self.known.get((object_name, name))
        if found is None:
            raise Untold(name)
        return found

    def any(self, name: str) -> str | None:
        """The id of the record of that name, whatever its object; None where none or several have it."""
        known = {id for (_, called), id in self.known.items() if called == name}
        return self.ids.get(name) or (known.pop() if len(known) == 1 else None)


def for_api(raw: Mapping[str, Any], object_: Object, cast: Cast, environment: Environment) -> dict[str, Any]:
    """The values of an input, in the API's spelling."""
    return {camel(name): _given(name, value, object_, cast, environment) for name, value in raw.items()}


def _given(name: str, raw: Any, object_: Object, cast: Cast, environment: Environment) -> Any:
    if name in object_.inverses:
        target = cast.model.objects[object_.inverses[name].object]
        return {"create": [for_api(each, target, cast, environment) for each in raw["create"]]}
    described = object_.fields.get(name)
    return raw if described is None or raw is None else as_json(described, raw, object_, cast, environment)


def as_json(described: Field, raw: Any, object_: Object, cast: Cast, environment: Environment) -> Any:
    """A value as clients write and read it."""
    if described.type in REFERENCES:
        assert described.to is not None
        many = isinstance(raw, list)
        ids = [cast.id(str(each), described.to) for each in (raw if many else [raw])]
        return ids if many else ids[0]
    value = parse_value(
        raw, described, object=object_, objects=cast.model.objects, report=lambda *_: None, row=None
    )
    assert value is not None, "values are checked when the story is read"
    text = json_text(described, field_type(described.type).finder(value)(environment))
    return None if text is None else orjson.loads(text)
