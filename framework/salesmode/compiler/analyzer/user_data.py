"""Records that come with the metadata (RULING 6)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.located import text_of
from salesmode.conditions.values import parse_value
from salesmode.model.app import UserData
from salesmode.model.condition import Literal
from salesmode.model.engine import WRITTEN_BY_ENGINE
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE
from salesmode.model.role import ADMIN, SYSTEM

_REFERENCES = ("reference", "user")


def user_data_of(
    reporters: Mapping[str, Reporter], objects: Mapping[str, Object], roles: Iterable[str]
) -> tuple[UserData, ...]:
    """Every document of records, in order. `roles`: those that users may have."""
    found = []
    for name, say in reporters.items():
        raw = say.document.data
        for key in ("object", "by", "records"):
            if key not in raw:
                say.missing(f"user data '{name}' has no '{key}'", key, hint=f"add `{key}:`")
        object_ = objects.get(raw.get("object", ""))
        if object_ is None:
            if "object" in raw:
                say.unknown("SM303", "object", raw["object"], objects, "object")
            continue
        if object_.name in WRITTEN_BY_ENGINE:
            what = WRITTEN_BY_ENGINE[object_.name]
            say.error_at_value("SM306", f"{what} written by the engine alone", "object")
            continue
        if object_.name == "user":
            _check_users(raw.get("records", ()), (*roles, ADMIN), say)
        found.append(_loaded(name, raw, object_, objects, say))
    return tuple(found)


def _check_users(records: Sequence[Mapping[str, Any]], roles: Sequence[str], say: Reporter) -> None:
    for at, record in enumerate(records):
        if record.get("name") == SYSTEM:
            say.error_at_value("SM306", f"the name '{SYSTEM}' is the engine's own", "records", at, "name")
        given = record.get("roles")
        for place, role in enumerate(given if isinstance(given, list) else ()):
            if role not in roles:
                say.unknown("SM304", "role", str(role), roles, "records", at, "roles", place)


def _loaded(
    name: str, raw: Mapping[str, Any], object_: Object, objects: Mapping[str, Object], say: Reporter
) -> UserData:
    by = tuple(raw.get("by", ()))
    for at, each in enumerate(by):
        if each not in object_.fields:
            say.unknown("SM302", "field", each, object_.fields, "by", at)
    if by and all(each in object_.fields for each in by) and not _unique(by, object_):
        hint = f"add `unique: [[{', '.join(by)}]]` to '{object_.name}'"
        say.error("SM801", "records are found by fields that are unique together", "by", hint=hint)
    records = []
    for at, record in enumerate(raw.get("records", [])):
        for each in by:
            if each not in record:
                say.error("SM801", f"this record has no '{each}', by which it would be found", "records", at)
        values = {
            key: _value(object_.fields.get(key), key, value, object_, objects, say, at)
            for key, value in record.items()
        }
        records.append(values)
    return UserData(name, object_.name, by, tuple(records), say.span())


def _unique(by: tuple[str, ...], object_: Object) -> bool:
    alone = len(by) == 1 and object_.fields[by[0]].unique
    return alone or any({*each.fields} == {*by} for each in object_.unique)


def _value(
    field: Field | None,
    key: str,
    raw: Any,
    object_: Object,
    objects: Mapping[str, Object],
    say: Reporter,
    at: int,
) -> Any:
    path = ("records", at, key)
    if field is None or field.system or field.computed:
        say.unknown("SM302", "field", key, object_.fields, *path)
        return None
    if field.kept and key not in (PIPELINE, STAGE):
        hint = f"a record says where it begins by its '{PIPELINE}' and '{STAGE}'"
        say.error("SM605", f"'{key}' is written by the engine alone", *path, hint=hint)
        return None
    if raw is None:
        return None
    if field.type in _REFERENCES:
        return text_of(raw)
    if field.type == "multi_reference":
        return tuple(text_of(each) for each in raw)
    report = say.below(*path)
    parsed = parse_value(raw, field, object=object_, objects=objects, report=report)
    return parsed.value if isinstance(parsed, Literal) else parsed
