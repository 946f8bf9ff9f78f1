"""What must hold at the end of a story, asked of the API by the user who looks."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from salesmode.database.environment import Environment
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.stories.conditions import where_of
from salesmode.stories.requests import spelled_out
from salesmode.stories.story import Line
from salesmode.stories.values import REFERENCES, Cast, as_json

Answer = Mapping[str, Any]


class Ask(Protocol):
    """Asks the API as a user, in a language of the app; the first one unless said."""

    async def __call__(
        self, user: str, text: str, variables: Mapping[str, Any], *, locale: str | None = None
    ) -> Answer: ...


_STAGE = "stage"
_TAGS = "tags"


async def unmet(line: Line, ask: Ask, cast: Cast, environment: Environment) -> str | None:
    """What is otherwise than the line says; None where it holds. (`refused` is about the last step.)"""
    match line.kind:
        case "read":
            return await _read(line, ask, cast, environment)
        case "hidden":
            return await _hidden(line, ask)
        case "count":
            return await _count(line, ask, cast, environment)
        case _:
            return await _answered(line, ask, cast, environment)


def not_refused(line: Line, answer: Answer) -> str | None:
    """What is otherwise where a refusal is expected."""
    errors = answer.get("errors", [])
    if not errors:
        return f"it was not refused; {line.data['refused']} was expected"
    codes = [each["extensions"]["code"] for each in errors]
    if line.data["refused"] not in codes:
        return f"it was refused with {', '.join(codes)}: {errors[0]['message']}"
    problems = [each for error in errors for each in error["extensions"].get("problems", ())]
    wanted = line.data.get("problem")
    if wanted is None or any(wanted in (each["code"], each.get("name"), _last(each)) for each in problems):
        return None
    return f"the problems were {', '.join(_said(each) for each in problems) or 'none'}"


def _last(problem: Mapping[str, Any]) -> Any:
    return problem["path"][-1] if problem.get("path") else None


def _said(problem: Mapping[str, Any]) -> str:
    path = ".".join(str(each) for each in problem.get("path") or ())
    return f"{problem['code']} at {path} ({problem['message']})"


def refusal(answer: Answer) -> str | None:
    """Why a request was refused, in a line; None where it was not."""
    errors = answer.get("errors")
    if not errors:
        return None
    first = errors[0]
    problems = "; ".join(_said(each) for each in first["extensions"].get("problems", ()))
    return f"{first['extensions']['code']}: {first['message']}" + (f" {problems}" if problems else "")


async def _read(line: Line, ask: Ask, cast: Cast, environment: Environment) -> str | None:
    object_ = cast.model.objects[line.about]
    wanted = line.data.get("values", {})
    selected = _selected(wanted, object_, cast)
    text = f"query($id: ID!) {{ seen: {camel(object_.name)}(id: $id) {{ id {selected} }} }}"
    answer = await ask(line.data["as"], text, {"id": cast.id(line.data["id"], object_.name)})
    if answer.get("errors"):
        return f"reading it was refused with {refusal(answer)}"
    row = answer["data"]["seen"]
    if row is None:
        return f"{line.data['as']} does not see it"
    return "; ".join(_differences(wanted, row, object_, cast, environment)) or None


def _selected(wanted: Mapping[str, Any], object_: Object, cast: Cast) -> str:
    return " ".join(_leaf(name, value, object_, cast) for name, value in wanted.items())


def _leaf(name: str, value: Any, object_: Object, cast: Cast) -> str:
    if name == _TAGS:
        return "tags { name state }"
    described = object_.fields[name]
    if described.type == _STAGE:
        return f"{camel(name)} {{ name }}"
    if described.type in REFERENCES and isinstance(value, dict):
        target = cast.model.objects[str(described.to)]
        return f"{camel(name)} {{ id {_selected(value, target, cast)} }}"
    return f"{camel(name)} {{ id }}" if described.type in REFERENCES else camel(name)


def _differences(
    wanted: Mapping[str, Any],
    row: Mapping[str, Any],
    object_: Object,
    cast: Cast,
    environment: Environment,
) -> list[str]:
    found: list[str] = []
    for name, value in wanted.items():
        seen = row[camel(name)]
        if isinstance(value, dict) and isinstance(seen, dict):
            target = cast.model.objects[str(object_.fields[name].to)]
            found += [f"{name}.{each}" for each in _differences(value, seen, target, cast, environment)]
        elif name == _TAGS:
            found += _tag_differences(value, seen)
        elif not _same(expected := _expected(name, value, object_, cast, environment), _plain(seen)):
            found.append(f"{name} is {_shown(_plain(seen))}, not {_shown(expected)}")
    return found


def _tag_differences(wanted: Any, seen: Any) -> list[str]:
    """By name, or by name and state."""
    states = {each["name"]: each["state"] for each in seen}
    pairs = wanted.items() if isinstance(wanted, dict) else ((name, states.get(name)) for name in wanted)
    expected = dict(pairs)
    return [] if expected == states else [f"tags are {_shown(states)}, not {_shown(expected)}"]


def _expected(name: str, value: Any, object_: Object, cast: Cast, environment: Environment) -> Any:
    return None if value is None else as_json(object_.fields[name], value, object_, cast, environment)


def _plain(seen: Any) -> Any:
    """A record as its id, a stage as its name."""
    if isinstance(seen, list):
        return [_plain(each) for each in seen]
    return seen.get("id", seen.get("name")) if isinstance(seen, dict) else seen


def _same(expected: Any, seen: Any) -> bool:
    if isinstance(expected, list) and isinstance(seen, list):
        return sorted(map(str, expected)) == sorted(map(str, seen))
    return bool(expected == seen)


def _shown(value: Any) -> str:
    return "empty" if value is None else str(value)


async def _hidden(line: Line, ask: Ask) -> str | None:
    """The user's own schema does not have it."""
    object_name, _, field = line.data["hidden"].partition(".")
    text = "query($type: String!) { __type(name: $type) { fields { name } } }"
    answer = await ask(line.data["as"], text, {"type": pascal(object_name)})
    if answer.get("errors"):
        return f"asking was refused with {refusal(answer)}"
    type_ = answer["data"]["__type"]
    names = {each["name"] for each in type_["fields"]} if type_ else set()
    return f"{line.data['as']} can ask for {line.data['hidden']}" if camel(field) in names else None


async def _count(line: Line, ask: Ask, cast: Cast, environment: Environment) -> str | None:
    object_ = cast.model.objects[line.about]
    where = where_of(line.data.get("where", {}), object_, cast, environment)
    declared = f"$where: {pascal(object_.name)}Where"
    text = f"query({declared}) {{ seen: {camel(object_.plural)}(where: $where) {{ totalCount }} }}"
    answer = await ask(line.data["as"], text, {"where": where})
    if answer.get("errors"):
        return f"counting was refused with {refusal(answer)}"
    total = answer["data"]["seen"]["totalCount"]
    return None if total == line.data["is"] else f"{line.data['as']} sees {total}, not {line.data['is']}"


async def _answered(line: Line, ask: Ask, cast: Cast, environment: Environment) -> str | None:
    """The answer has at least what is written."""
    variables = spelled_out(line.data.get("variables", {}), cast, environment)
    answer = await ask(line.data["as"], line.data["graphql"], variables, locale=line.data.get("language"))
    if answer.get("errors"):
        return f"the request was refused with {refusal(answer)}"
    return _missing(spelled_out(line.data["answer"], cast, environment), answer["data"], "data")


def _missing(wanted: Any, seen: Any, place: str) -> str | None:
    """Mappings may have more keys; lists are as long as written; numbers are compared as numbers.

    A mapping where a list was answered: it has such an item.
    """
    if isinstance(wanted, dict) and isinstance(seen, dict):
        parts = (_missing(value, seen.get(name), f"{place}.{name}") for name, value in wanted.items())
        return next((each for each in parts if each), None)
    if isinstance(wanted, dict) and isinstance(seen, list):
        return _no_such_item(wanted, seen, place)
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        pairs = enumerate(zip(wanted, seen, strict=True))
        return next((each for at, pair in pairs if (each := _missing(*pair, f"{place}[{at}]"))), None)
    if (
        isinstance(wanted, Decimal | int)
        and not isinstance(wanted, bool)
        and isinstance(seen, str | int | float)
    ):
        equal = _number(seen) == wanted
    else:
        equal = wanted == seen
    return None if equal else f"{place} is {_shown(seen)}, not {_shown(wanted)}"


def _no_such_item(wanted: Mapping[str, Any], items: Sequence[Any], place: str) -> str | None:
    missing = [_missing(wanted, item, f"{place}[{at}]") for at, item in enumerate(items)]
    return None if None in missing else f"{place} has no item with {_shown(dict(wanted))}"


def _number(seen: str | float) -> Decimal | None:
    try:
        return Decimal(str(seen))
    except ArithmeticError:
        return None
