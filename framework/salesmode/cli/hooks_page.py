"""The page of the reference about hooks: what `hookspecs` says, and the values that hooks take and give."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from salesmode import hookspecs
from salesmode.model.condition import Condition, Value
from salesmode.plugins import HOOKS

_MODULES = re.compile(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")
_LABELLED = re.compile(r"^([A-Za-z]+): ", re.MULTILINE)
_INTRO = """\
# Hooks

This page is made from `salesmode/hookspecs.py` by `make reference`. How to write a plugin: `docs/plugins.md`.

"""


_ALIASES = {
    "Generator[Errand, Any, ": "UnitOf[",
    " | ".join(each.__name__ for each in get_args(Condition)): "Condition",
    "Condition | Mapping[str, Any]": "Where",
    " | ".join(each.__name__ for each in get_args(Value)): "Value",
}


def hooks_page() -> str:
    """The whole page."""
    return _INTRO + "\n".join([_doc(hookspecs), "", "## Hooks", "", *_hooks(), "## Values", "", *_values()])


def _hooks() -> Iterator[str]:
    for name in HOOKS:
        function = getattr(hookspecs, name)
        yield from (f"### {name}", "", *_code(_signature(name, function)), "", _doc(function), "")


def _values() -> Iterator[str]:
    """Classes in the order of their names; aliases and what others define are said where they are used."""
    for name in sorted(hookspecs.__all__):
        value = getattr(hookspecs, name)
        if inspect.isclass(value) and value.__module__.startswith("salesmode."):
            yield from (f"### {name}", "", _doc(value), "", *_members(value), "")


def _members(value: type) -> Iterator[str]:
    if is_dataclass(value):
        yield from _code(*(_field(each, get_type_hints(value)) for each in fields(value)))
    for name, member in vars(value).items():
        function = member.fget if isinstance(member, property) else member
        if not name.startswith("_") and inspect.isfunction(function):
            shown = (
                f"{name}: {_annotation(function)}"
                if isinstance(member, property)
                else _signature(name, function)
            )
            yield from ("", *_code(shown), "", *([_doc(function)] if function.__doc__ else []))


def _field(field: Field[Any], hints: dict[str, Any]) -> str:
    absent = field.default is MISSING and field.default_factory is MISSING
    plain = isinstance(field.default, str | int | float | None)
    default = "" if absent else f" = {field.default!r}" if plain else " = …"
    return f"{field.name}: {_short(hints[field.name])}{default}"


def _signature(name: str, function: Any) -> str:
    signature = inspect.signature(function)
    taken = [each for each in signature.parameters.values() if each.name != "self"]
    return f"{name}{_short(signature.replace(parameters=taken))}"


def _annotation(function: Any) -> str:
    return _short(inspect.signature(function).return_annotation)


def _short(annotation: object) -> str:
    """A type without the names of modules."""
    text = (
        annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)
    )
    text = _MODULES.sub("", text).replace("'", "").replace("NoneType", "None")
    for long, name in _ALIASES.items():
        text = text.replace(long, name)
    return text


def _code(*lines: str) -> list[str]:
    return ["```python", *lines, "```"] if lines else []


def _doc(value: Any) -> str:
    return _LABELLED.sub(r"- **\1**: ", inspect.getdoc(value) or "")
