"""Shapes and steps as JSON and back: every value says what it `is`, and leaves out what is as usual."""

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any


def as_json(value: Any) -> Any:
    """Plain lists, mappings, texts and numbers."""
    if isinstance(value, tuple):
        return [as_json(each) for each in value]
    if not is_dataclass(value):
        return value
    class_: Any = type(value)
    kept = ((name, getattr(value, name), usual) for name, usual in _members(class_))
    changed = {name: as_json(each) for name, each, usual in kept if usual is MISSING or each != usual}
    return {"is": class_.__name__, **changed}


@cache
def _members(class_: Any) -> Sequence[tuple[str, Any]]:
    """Names with what is usual."""
    return [(each.name, each.default) for each in fields(class_)]


class Decoder:
    """Reads back what `as_json` made of these classes."""

    def __init__(self, classes: Iterable[type]) -> None:
        self._classes = {each.__name__: each for each in classes}

    def __call__(self, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(map(self, value))
        if not isinstance(value, dict):
            return value
        rest = {name: self(each) for name, each in value.items() if name != "is"}
        return self._classes[value["is"]](**rest)
