"""Types as plugins write them (`[ID!]!`), read and held against the types that there are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from salesmode.diagnostics import did_you_mean
from salesmode.hooks.api import InputType, OutputType
from salesmode.model.app import Model
from salesmode.model.published import SCALARS

_NAME = re.compile("[A-Za-z][A-Za-z0-9]*")

Direction = Literal["in", "out"]

ENUMS = frozenset({"ObjectName", "DateBucket"})
"""Enums of the engine itself; those of choices come with their fields."""


class BadType(Exception):
    """A type that cannot stand where it is written, and why."""


@dataclass(frozen=True)
class KnownTypes:
    """All that a plugin may name: the types of the app, and those of all its plugins."""

    model: Model
    added: Mapping[str, OutputType | InputType]

    @cached_property
    def records(self) -> frozenset[str]:
        """The types of records."""
        types = self.model.published.types.items()
        return frozenset(name for name, derived in types if derived.kind == "record")

    @cached_property
    def enums(self) -> frozenset[str]:
        """The enums of the app."""
        types = self.model.published.types.items()
        return ENUMS | {name for name, derived in types if derived.kind == "choice"}

    def checked(self, written: object, direction: Direction) -> str:
        """The type as the schema writes it. BadType for what is none, or goes the other way."""
        type_ = _read("".join(written.split())) if isinstance(written, str) else None
        if type_ is None:
            raise BadType(f"{written!r} is no type of GraphQL")
        name = type_.strip("[]!")
        if name not in self._possible(direction):
            raise BadType(self._why(name, direction))
        if type_ == f"{name}!" and name in self.records:  # what is hidden is left out of a list
            raise BadType(f"'{written}' cannot be: a record may be hidden from who asks; leave out its `!`")
        return type_

    def _possible(self, direction: Direction) -> frozenset[str]:
        form = InputType if direction == "in" else OutputType
        added = {name for name, each in self.added.items() if isinstance(each, form)}
        records = self.records if direction == "out" else frozenset[str]()
        return frozenset({*SCALARS, *self.enums, *records, *added})

    def _why(self, name: str, direction: Direction) -> str:
        if name in self.added or name in self.records:
            return f"'{name}' cannot be {'an argument' if direction == 'in' else 'an answer'}"
        near = did_you_mean(name, sorted(self._possible(direction)))
        return f"there is no type '{name}'" + (f" ({near})" if near else "")


def _read(text: str) -> str | None:
    """The type, if it is one."""
    if text.endswith("!"):
        inner = _read(text[:-1])
        return None if inner is None or inner.endswith("!") else f"{inner}!"
    if text.startswith("[") and text.endswith("]"):
        inner = _read(text[1:-1])
        return None if inner is None else f"[{inner}]"
    return text if _NAME.fullmatch(text) else None
