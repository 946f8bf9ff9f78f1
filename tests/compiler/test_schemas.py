"""The published schemas: each is one, describes all that it names, and knows exactly the types there are."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from salesmode.fieldtypes import FIELD_TYPES
from salesmode.resources import schemas_dir

COMPUTED = {"formula", "rollup"}
SCHEMAS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in schemas_dir().glob("*.json")}


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every property that a schema names, with its own schema."""
    if isinstance(schema, dict):
        for key, inner in schema.items():
            if key == "properties" and not path.endswith(("/dependentSchemas", "/then")):
                yield from ((f"{path}/{name}", each) for name, each in inner.items())
            if key not in {"dependentSchemas", "enum", "const"}:
                yield from properties(inner, f"{path}/{key}")
    if isinstance(schema, list):
        for each in schema:
            yield from properties(each, path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"] == name


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_described(name: str) -> None:
    assert [path for path, each in properties(SCHEMAS[name]) if not each.get("description")] == []


@pytest.mark.parametrize("name", [name for name in SCHEMAS if "kind" in SCHEMAS[name].get("properties", {})])
def test_a_kind_is_named_like_its_file(name: str) -> None:
    assert SCHEMAS[name]["properties"]["kind"]["const"] == name.removesuffix(".schema.json")


def test_the_types_of_fields_are_those_of_the_engine() -> None:
    """All but the id, which every record has, and the stage, which comes with a pipeline; what is computed
    has the type of its result.
    """
    engine = {"id", "stage"}
    types = {*SCHEMAS["field.schema.json"]["properties"]["type"]["enum"]}
    assert types - COMPUTED == {*FIELD_TYPES} - engine
    assert types > COMPUTED


def test_keys_apply_to_types_that_there_are() -> None:
    applies = SCHEMAS["field.schema.json"]["dependentSchemas"]
    for key, each in applies.items():
        assert key in SCHEMAS["field.schema.json"]["properties"]
        assert {*each["properties"]["type"]["enum"]} <= {*FIELD_TYPES, *COMPUTED}
