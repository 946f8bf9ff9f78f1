"""What a `commission_plan` says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from salesmode.model.computed import Formula
from salesmode.model.condition import Condition
from salesmode.model.label import Label

PARTS = ("base", "process", "order", "performance")
"""The parts of pay (D57)."""

Period = Literal["week", "month", "quarter"]
Kind = Literal["rate", "amount", "each", "scale"]


@dataclass(frozen=True, slots=True)
class Step:
    """From `start` on: `rate` in per cent, or a fixed `amount`, or a `factor`."""

    start: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """Steps by rising start. `cumulative`: each slice of the base at its own rate; `slab`: the whole at the
    rate that it reaches.
    """

    steps: tuple[Step, ...]
    cumulative: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """One of: `rate` of the base in per cent, a fixed `amount`, `each` per unit of the base, a `scale` of
    rates.
    `by_level`: the rate, the amount or the amount for each, by level, where it depends on that.
    """

    kind: Kind
    value: Decimal = Decimal(0)
    by_level: Mapping[str, Decimal] = field(default_factory=dict)
    scale: Scale | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of something a person did in a period: records counted, or a field summed up."""

    object: str
    where: Condition
    date: str
    user: str
    sum: str | None = None


@dataclass(frozen=True, slots=True)
class Accelerator:
    """The pay times a factor, by the attainment of the quota of `target` in per cent."""

    target: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RecordRule:
    """Records of `object` earn, where `when` holds of them, on the day in the field `on`, by their `base`.

    `split`: paths to the records whose ruling or credit grants say who shares (`""`: the record itself), the
    first that has any; `to`: the path to who gets what nobody shares. `follows`: references to the record, by
    the object whose writes may change what is earned.
    """

    name: str
    part: str
    pay: Pay
    object: str
    when: Condition
    on: str
    base: Formula
    to: str
    split: tuple[str, ...] = ()
    follows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """People earn by what they did in a period; without a measure simply for being there."""

    name: str
    part: str
    pay: Pay
    per: Period
    measure: Measure | None = None
    accelerate: Accelerator | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The rules from that day on, until the next version."""

    name: str
    start: date
    records: tuple[RecordRule, ...]
    periods: tuple[PeriodRule, ...]


@dataclass(frozen=True, slots=True)
class Grading:
    """Levels by rising start of a measure, looked at again each `per`."""

    measure: Measure
    per: Period
    levels: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`who`: the users that it is for. `versions` by rising start. `per`: how long a run is."""

    name: str
    label: Label
    who: Condition
    versions: tuple[Version, ...]
    per: Period = "month"
    grading: Grading | None = None

    def version(self, day: date) -> Version | None:
        """The version of that day."""
        return next((each for each in reversed(self.versions) if each.start <= day), None)
