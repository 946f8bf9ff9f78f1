"""Conditions as plugins give them: nodes, or mappings as in YAML whose values are canonical."""

from collections.abc import Mapping

from salesmode.conditions.parse import parse_condition
from salesmode.hooks.desk import Where
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.object import Object


def condition_of(where: Where | None, object_: Object, model: Model) -> Condition:
    """ValueError with everything that is wrong in a mapping."""
    if where is None:
        return ALWAYS
    if not isinstance(where, Mapping):
        return where
    wrong: list[str] = []
    found = parse_condition(
        _plain(where),
        object=object_,
        objects=model.objects,
        report=lambda path, _code, message, hint: wrong.append(_told(path, message, hint)),
    )
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def _plain(value: object) -> object:
    """As YAML would have it; a text that begins with a dollar is a text."""
    match value:
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case str() if value.startswith("$"):
            return f"${value}"
        case _:
            return value


def _told(path: tuple[str | int, ...], message: str, hint: str | None) -> str:
    where = ".".join(map(str, path))
    return f"{where}: {message}" + (f" ({hint})" if hint else "")
