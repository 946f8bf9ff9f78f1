"""A job: what is done to records at certain times, once to each record that is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from salesmode.diagnostics import Span
from salesmode.model.condition import Condition, Value
from salesmode.model.label import Label

OCCASIONS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class SetValues:
    """The records get these values; with `to`, they move to that stage with them."""

    values: Mapping[str, Value]
    to: str | None = None


@dataclass(frozen=True, slots=True)
class SetTag:
    """The records get the tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class RemoveTag:
    """The records lose the tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class CreateFor:
    """A record of `object` is made for each; a `RowValue` is a field of the record that it is made for."""

    object: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """What all records hold is put on record, once a day at most; nothing is done to them."""


Action: TypeAlias = SetValues | SetTag | RemoveTag | CreateFor | TakeSnapshot


@dataclass(frozen=True, slots=True)
class Occasion:
    """What makes a record due again that was handled: another value of `field`, or another period `within`.

    Neither of them: nothing does.
    """

    field: str | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """At the times of `schedule` (cron, the app's time zone), `action` on the records of `object` that are
    `due`. `once`: each record once on each occasion, which is remembered; None where whoever was handled is
    no longer due by itself.
    """

    name: str
    object: str
    label: Label
    span: Span
    schedule: str
    due: Condition
    action: Action
    once: Occasion | None = None
