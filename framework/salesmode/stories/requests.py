"""A step of a story as the request that a client would send."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from salesmode.conditions.values import moment_of
from salesmode.database.environment import Environment, moment
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.stories.conditions import where_of
from salesmode.stories.story import Line
from salesmode.stories.values import Cast, for_api

RECORD = "@"  # in the variables of a request: `@NAME` is the id of the record of that name


@dataclass(frozen=True, slots=True)
class Request:
    """`made`: the story's name for the record that the request makes or finds."""

    text: str
    variables: Mapping[str, Any]
    made: str | None = None


@dataclass(frozen=True, slots=True)
class _Argument:
    """An argument of a mutation: its name, its type, its value."""

    name: str
    type: str
    value: Any


def request_of(line: Line, cast: Cast, environment: Environment) -> Request:
    """The request of any step but the clock's."""
    if line.kind == "graphql":
        return Request(line.data["graphql"], spelled_out(line.data.get("variables", {}), cast, environment))
    object_ = cast.model.objects[line.about]
    if line.kind == "find":
        return _finding(line, object_, cast, environment)
    arguments = [each for each in _arguments(line, object_, cast, environment) if each.value is not None]
    one = pascal(object_.name)
    name = {"promote": f"promote{one}Tag"}.get(line.kind, f"{line.kind}{one}")
    made = line.data.get("new") if line.kind == "promote" else None
    if line.kind == "create":
        made = line.data.get("id")
    return Request(_text(name, arguments), {each.name: each.value for each in arguments}, made)


def _finding(line: Line, object_: Object, cast: Cast, environment: Environment) -> Request:
    declared = f"$where: {pascal(object_.name)}Where"
    asked = f"{camel(object_.plural)}(where: $where, first: 1) {{ nodes {{ id }} }}"
    where = where_of(line.data["where"], object_, cast, environment)
    return Request(f"query({declared}) {{ done: {asked} }}", {"where": where}, line.data["id"])


def _text(name: str, arguments: list[_Argument]) -> str:
    declared = ", ".join(f"${each.name}: {each.type}" for each in arguments)
    given = ", ".join(f"{each.name}: ${each.name}" for each in arguments)
    return f"mutation({declared}) {{ done: {name}({given}) {{ id }} }}"


def _arguments(line: Line, object_: Object, cast: Cast, environment: Environment) -> list[_Argument]:
    data, one = line.data, pascal(object_.name)
    values = for_api(data["values"], object_, cast, environment) if "values" in data else None
    if line.kind == "create":
        return [_Argument("input", f"{one}Create!", values or {})]
    found = [_Argument("id", "ID!", cast.id(data["id"], object_.name))]
    match line.kind:
        case "update":
            found.append(_Argument("input", f"{one}Update!", values or {}))
        case "move":
            found += [_Argument("to", "String!", data.get("to")), _Argument("input", f"{one}Update", values)]
        case "tag" | "untag":
            found.append(_Argument("tag", f"{one}Tag!", data.get("name")))
            if line.kind == "tag":
                found += [
                    _Argument("state", "String", data.get("state")),
                    _Argument("input", "JSON", _tag_values(data, object_, cast, environment)),
                ]
        case "promote":
            found.append(_Argument("tag", f"{one}Tag!", data.get("name")))
            found.append(_promoted(line, cast, environment))
        case "grant" | "revoke":
            found += _grant(data, cast)
    return found


def _promoted(line: Line, cast: Cast, environment: Environment) -> _Argument:
    """The values are those of the record that the tag becomes."""
    tag = cast.model.tags[line.data["name"]]
    assert tag.promote_to is not None
    target = cast.model.objects[cast.model.pipelines[tag.promote_to.pipeline].object]
    values = line.data.get("values")
    given = None if values is None else for_api(values, target, cast, environment)
    return _Argument("input", f"{pascal(target.name)}Create", given)


def _tag_values(data: Mapping[str, Any], object_: Object, cast: Cast, environment: Environment) -> Any:
    fields = cast.model.tags[data["name"]].fields or {}
    own = replace(object_, fields=dict(fields), inverses={})
    return for_api(data["values"], own, cast, environment) if "values" in data else None


def _grant(data: Mapping[str, Any], cast: Cast) -> list[_Argument]:
    found = [_Argument("right", "Right!", data.get("right"))]
    found += [
        _Argument("share", "Decimal", _text_of(data, "share")),
        _Argument("until", "Date", data.get("until")),
    ]
    for name in ("user", "team"):
        if name in data:
            found.append(_Argument(name, "ID", cast.id(data[name], name)))
    return found


def _text_of(data: Mapping[str, Any], name: str) -> str | None:
    return str(data[name]) if name in data else None


def spelled_out(raw: Any, cast: Cast, environment: Environment) -> Any:
    """The same with the ids of records for `@NAME`, and days and moments for `$today`, `$now - 2h` …"""
    if isinstance(raw, dict):
        return {str(key): spelled_out(value, cast, environment) for key, value in raw.items()}
    if isinstance(raw, list):
        return [spelled_out(each, cast, environment) for each in raw]
    if isinstance(raw, str) and raw.startswith(RECORD):
        return cast.any(raw[1:]) or raw
    if isinstance(raw, str) and (told := moment_of(raw)) is not None:
        return moment(told, environment).isoformat()
    return raw
