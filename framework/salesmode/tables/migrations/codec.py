"""Shapes and steps as JSON and back: every value says what it `is`, and leaves out what is as usual."""

from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any


def as_json(value: Any) -> Any:
    """Plain lists, mappings, texts and numbers."""
    if isinstance(value, tuple):
        return [as_json(each) for each in value]
    if not is_dataclass(value):
        return value
    kept = {each.name: getattr(value, each.name) for each in fields(value)}
    usual = {each.name: each.default for each in fields(value) if each.default is not MISSING}
    changed = {name: as_json(each) for name, each in kept.items() if name not in usual or each != usual[name]}
    return {"is": type(value).__name__, **changed}


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
