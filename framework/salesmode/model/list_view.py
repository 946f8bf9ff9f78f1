"""A list view: a saved question about the records of one object."""

from dataclasses import dataclass

from salesmode.diagnostics import Span
from salesmode.model.condition import Condition
from salesmode.model.label import Label


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of a saved order: `field` at the end of a path of references."""

    path: tuple[str, ...]
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListView:
    """The records of `object` where `where` holds, in `order`, asked with the rights of whoever asks.

    `columns`: what clients show, each a field at the end of a path of references. `roles`: who is offered it
    (None: whoever may ask it).
    """

    name: str
    object: str
    label: Label
    span: Span
    where: Condition
    columns: tuple[tuple[str, ...], ...] = ()
    order: tuple[SortKey, ...] = ()
    roles: tuple[str, ...] | None = None
