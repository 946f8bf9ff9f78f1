"""A webhook: committed changes of an object's records, told to another system over HTTP."""

from dataclasses import dataclass

from salesmode.diagnostics import Span
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.label import Label

OPERATIONS = ("created", "updated", "deleted", "restored", "moved", "tagged", "untagged")
"""What may have become of a record, as events call it."""


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """A text that the environment of the process holds under that name."""

    name: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """Changes of records of `object` for which `where` holds after the change, by one of `operations`.

    `fields`: paths, all that is told of a record. An update that wrote none of `watched` is not told.
    """

    name: str
    object: str
    label: Label
    span: Span
    url: str | FromEnvironment
    secret: FromEnvironment
    fields: tuple[str, ...]
    watched: frozenset[str]
    where: Condition = ALWAYS
    operations: frozenset[str] = frozenset(OPERATIONS)
