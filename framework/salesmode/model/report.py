"""A report: measures of the records of one object, by dimensions (D14)."""

from dataclasses import dataclass

from salesmode.diagnostics import Span
from salesmode.model.condition import Condition
from salesmode.model.label import Label
from salesmode.model.names import camel


@dataclass(frozen=True, slots=True)
class ReportMeasure:
    """`count`, or `sum avg min max countDistinct` of a field."""

    function: str
    field: str | None = None

    @property
    def column(self) -> str:
        """Its name in a row: `sum` of `open_amount` is `sumOpenAmount`."""
        return camel(f"{self.function}_{self.field}") if self.field else self.function


@dataclass(frozen=True, slots=True)
class Dimension:
    """`field` at the end of a path of references, in buckets `by` HOUR … YEAR."""

    path: tuple[str, ...]
    field: str
    by: str | None = None

    @property
    def column(self) -> str:
        """Its name in a row, as a path of fields."""
        return ".".join(camel(each) for each in (*self.path, self.field))


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """One key of the order: the dimension or the measure at that place."""

    of: str
    at: int
    descending: bool


@dataclass(frozen=True, slots=True)
class Period:
    """The records of one `unit` (MONTH …) by a date of theirs, beside those of the unit before."""

    field: str
    unit: str


def previous(column: str) -> str:
    """What a measure of the period before is called in a row."""
    return f"previous{column[0].upper()}{column[1:]}"


REACHED = ("target", "attainment", "gap")
"""The columns of a report that is held against a target."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report, asked with the rights of whoever asks. `roles`: who is offered it (None: whoever may ask
    it). `limit`: how many rows at most (None: all, if they are not too many). `target`: whose quotas stand
    beside what that target measures, which is one of the measures.
    """

    name: str
    object: str
    label: Label
    span: Span
    where: Condition
    measures: tuple[ReportMeasure, ...]
    dimensions: tuple[Dimension, ...] = ()
    order: tuple[ReportOrder, ...] = ()
    limit: int | None = None
    roles: tuple[str, ...] | None = None
    period: Period | None = None
    target: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names in a row, in their order."""
        measured = tuple(each.column for each in self.measures)
        before = tuple(map(previous, measured)) if self.period else ()
        reached = REACHED if self.target else ()
        return (*(each.column for each in self.dimensions), *measured, *before, *reached)
