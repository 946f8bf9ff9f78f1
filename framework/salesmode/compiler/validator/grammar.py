"""How keywords of JSON Schema are checked here: numbers may stand for text, each fault is one exact error."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from salesmode.compiler.located import text_of
from salesmode.compiler.validator.contributed import Schema

Errors = Iterator[ValidationError]

TEXT_MEANT = "text meant"
"""Not a fault: the validator of an error that says that a number stands where text is meant."""


class Fault(ValidationError):
    """A fault of one of the keywords below. `at_key`: it is the key that is wrong, not its value."""

    at_key = False


def _fault(keyword: str, value: object, instance: object, schema: Schema) -> Fault:
    return Fault(keyword, validator=keyword, validator_value=value, instance=instance, schema=schema)


def _is_text(_: object, instance: object) -> bool:
    """A plain number is text where text is meant (RULING 1): it is read as it was written."""
    return isinstance(instance, str) or _is_number(_, instance)


def _is_number(_: object, instance: object) -> bool:
    return isinstance(instance, int | Decimal) and not isinstance(instance, bool)


def _type(validator: Any, types: Any, instance: object, schema: Schema) -> Errors:
    wanted = [types] if isinstance(types, str) else types
    if not any(validator.is_type(instance, each) for each in wanted):
        yield _fault("type", wanted, instance, schema)
    elif "string" in wanted and _is_number(validator, instance) and not {"number", "integer"} & {*wanted}:
        yield _fault(TEXT_MEANT, wanted, instance, schema)


def _enum(_: Any, values: list[object], instance: object, schema: Schema) -> Errors:
    if not any(each == instance and isinstance(each, bool) == isinstance(instance, bool) for each in values):
        yield _fault("enum", values, instance, schema)


def _const(validator: Any, value: object, instance: object, schema: Schema) -> Errors:
    yield from _enum(validator, [value], instance, schema)


def _pattern(validator: Any, pattern: str, instance: object, schema: Schema) -> Errors:
    if validator.is_type(instance, "string") and not re.search(pattern, text_of(instance)):
        yield _fault("pattern", pattern, instance, schema)


def _min_length(validator: Any, least: int, instance: object, schema: Schema) -> Errors:
    if validator.is_type(instance, "string") and len(text_of(instance)) < least:
        yield _fault("minLength", least, instance, schema)


def _max_length(validator: Any, most: int, instance: object, schema: Schema) -> Errors:
    if validator.is_type(instance, "string") and len(text_of(instance)) > most:
        yield _fault("maxLength", most, instance, schema)


def _required(_: Any, names: list[str], instance: object, schema: Schema) -> Errors:
    if isinstance(instance, dict):
        yield from (_fault("required", name, instance, schema) for name in names if name not in instance)


def _properties(validator: Any, properties: Schema, instance: object, _: Schema) -> Errors:
    if isinstance(instance, dict):
        for name, inner in instance.items():
            if name in properties:
                yield from validator.descend(inner, properties[name], path=name)


def _additional(validator: Any, allowed: Any, instance: object, schema: Schema) -> Errors:
    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for name, inner in instance.items():
        if name in known or any(re.search(pattern, name) for pattern in patterns):
            continue
        if allowed is False:
            yield _at_key(_fault("additionalProperties", [*known], instance, schema), name)
        else:
            yield from validator.descend(inner, allowed, path=name)


def _property_names(validator: Any, names: Schema, instance: object, _: Schema) -> Errors:
    if isinstance(instance, dict):
        for name in instance:
            yield from (_at_key(error, name) for error in validator.descend(name, names))


def _at_key(error: Any, name: str) -> Any:
    error.path.appendleft(name)
    error.at_key = True
    return error


def _unique_items(_: Any, wanted: bool, instance: object, schema: Schema) -> Errors:
    if not isinstance(instance, list) or not wanted:
        return
    seen: set[str] = set()
    for index, item in enumerate(instance):
        size = len(seen)
        seen.add(repr(item))
        if len(seen) == size:
            fault = _fault("uniqueItems", True, item, schema)
            fault.path.appendleft(index)
            yield fault


def _dependent(validator: Any, dependencies: Schema, instance: object, schema: Schema) -> Errors:
    """A key that only some types of field have says so by an enumeration of `type`; of a type that there is
    not, the type alone is told.
    """
    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {}).get("type", {}).get("enum", ())
    for name, dependency in dependencies.items():
        if name not in instance:
            continue
        types = dependency.get("properties", {}).get("type", {}).get("enum")
        if types is None:
            yield from validator.descend(instance, dependency)
        elif instance.get("type") in known and instance["type"] not in types:
            yield _at_key(_fault("dependentSchemas", types, instance["type"], schema), name)


_TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "string": _is_text,
        "number": _is_number,
        "integer": lambda _, instance: isinstance(instance, int) and not isinstance(instance, bool),
    }
)

Grammar: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "type": _type,
        "enum": _enum,
        "const": _const,
        "pattern": _pattern,
        "minLength": _min_length,
        "maxLength": _max_length,
        "required": _required,
        "properties": _properties,
        "additionalProperties": _additional,
        "propertyNames": _property_names,
        "uniqueItems": _unique_items,
        "dependentSchemas": _dependent,
    },
    type_checker=_TYPES,
)
