"""An object: a table, its fields and its rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesmode.diagnostics import Span
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.field import Field
from salesmode.model.label import Label


@dataclass(frozen=True, slots=True)
class Inverse:
    """A to-many: the rows of `object` whose reference `field` points here. `tags`: those that such a row may
    be, where the relation is to tags.
    """

    name: str
    label: Label
    object: str
    field: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unique:
    """Fields whose values together occur once among living rows, nulls distinct (RULING 28); `fold` ignores
    case.
    """

    name: str
    fields: tuple[str, ...]
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Validation:
    """Where `when` holds, `must` has to hold for each written row."""

    name: str
    when: Condition
    must: Condition
    message: Label
    span: Span


@dataclass(frozen=True, slots=True)
class Object:
    """One object. `fields` has the system fields first, then the declared ones in order.

    `title` is a template over field names (`"{name}"`), or `"{id}"` where nothing better is known (RULING
    46). `stored_as` names the table where it is not the plural (the engine's own objects). `current`: which
    of the rows that are not deleted count at all.
    """

    name: str
    plural: str
    label: Label
    plural_label: Label
    span: Span
    title: str
    fields: Mapping[str, Field]
    inverses: Mapping[str, Inverse]
    help: Label | None = None
    owned: bool = False
    activities: bool = False
    groups: Mapping[str, tuple[str, ...]] | None = None
    unique: tuple[Unique, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    validations: tuple[Validation, ...] = ()
    renamed_from: str | None = None
    stored_as: str | None = None
    current: Condition = ALWAYS

    @property
    def table(self) -> str:
        return self.stored_as or self.plural
