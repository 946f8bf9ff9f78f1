"""A pipeline: one type of opportunity (or of any object), and the way its records take from open to closed.

Every object with a pipeline has the fields named here; the engine alone writes them, by creating a record and
by moving it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from salesmode.diagnostics import Span
from salesmode.model.condition import ALWAYS, Condition, Value
from salesmode.model.label import Label
from salesmode.model.object import Validation

PIPELINE, STAGE, STATUS, STAGE_SINCE, CLOSED_AT = "pipeline", "stage", "status", "stage_since", "closed_at"
KEPT_FIELDS = (PIPELINE, STAGE, STATUS, STAGE_SINCE, CLOSED_AT)

STALE = "stale"
"""The field of an object some of whose stages say `stale_after`: whether the record lies there for longer."""

OPEN, WON, LOST = "open", "won", "lost"
STATUSES = (OPEN, WON, LOST)
DIRECTIONS = ("start", "forward", "back", "close", "reopen")
FORECASTS = ("pipeline", "best_case", "commit", "closed", "omitted")

STAGE_CHANGE, STAGE_CHANGES, STAGE_HISTORY = "stage_change", "stage_changes", "stage_history"
STAGE_CHANGE_TABLE = "sm_stage_change"

Granularity = Literal["staged", "simple"]


@dataclass(frozen=True, slots=True)
class Duration:
    """`amount` of `unit` (h d w mo y)."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """Fields that must be filled, for records where `when` holds (D30)."""

    fields: tuple[str, ...]
    when: Condition
    span: Span


@dataclass(frozen=True, slots=True)
class Gate:
    """What the new row must satisfy to pass; `guards` are what plugins ask."""

    required: tuple[Requirement, ...] = ()
    validations: tuple[Validation, ...] = ()
    guards: tuple[Validation, ...] = ()


@dataclass(frozen=True, slots=True)
class StageTask:
    """A task that is made when a record enters a stage; `assignee` names a user field of the record."""

    subject: str
    due: Duration | None = None
    assignee: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Creation:
    """A record that is made of one that enters a stage, if `when` holds of that one and its reference `into`,
    which gets the new record, is still empty (D1). `presets`: what the new one holds, `$row` being the old.
    """

    name: str
    object: str
    into: str
    presets: tuple[tuple[str, Value], ...]
    span: Span
    pipeline: str | None = None
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `probability` in per cent. `closes` is won, lost or None.

    `when`: the records for which the stage exists (D31). `roles`: who may move a record into it (None:
    whoever may update it). `next`: the stages that may follow, where they are said (RULING 36).
    """

    name: str
    label: Label
    span: Span
    probability: Decimal = Decimal(0)
    forecast: str = "pipeline"
    closes: str | None = None
    when: Condition = ALWAYS
    entry: Gate = Gate()
    exit: Gate = Gate()
    roles: tuple[str, ...] | None = None
    readonly: tuple[str, ...] = ()
    stale_after: Duration | None = None
    script: Label | None = None
    tasks: tuple[StageTask, ...] = ()
    creates: tuple[Creation, ...] = ()
    next: tuple[str, ...] | None = None
    skip: bool = False
    back: bool = False
    renamed_from: str | None = None

    @property
    def status(self) -> str:
        """The status of the records that are in it."""
        return self.closes or OPEN


@dataclass(frozen=True, slots=True)
class Products:
    """What records are made of (D33a): rows of `object` whose reference `link` leads to the record, each for
    a `product`, worth `amount`, so many (`quantity`), and due at `delivery`; None: nothing says so.
    """

    object: str
    link: str
    product: str
    amount: str | None = None
    quantity: str | None = None
    delivery: str | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline of `object`; a `simple` one has no stages and is open until it is won or lost.

    `customer`: the reference that ties a record to its customer. `amount` and `close_date`: the fields that
    say what a record is worth, and when it is expected to close (None: there is none). `fields`: those that
    apply to its records (None: all); what its stages require or lock and what every record needs is among
    them. `options`: the options that a field has here. `reopen`: the roles that may reopen a closed record
    (True: whoever may update it). `probability` and `forecast` count the open records of a simple pipeline.
    `least_closed`: how many closed records it takes for a rate of wins to say something.
    `products`: what its records are made of, the same for all pipelines of an object that say it.
    """

    name: str
    object: str
    label: Label
    span: Span
    granularity: Granularity
    customer: str | None = None
    fields: frozenset[str] | None = None
    options: Mapping[str, tuple[str, ...]] | None = None
    start: tuple[str, ...] = ()
    reopen: tuple[str, ...] | bool = False
    stages: tuple[Stage, ...] = ()
    probability: Decimal = Decimal(0)
    forecast: str = "pipeline"
    amount: str | None = None
    close_date: str | None = None
    least_closed: int = 30
    products: Products | None = None

    @property
    def staged(self) -> bool:
        return self.granularity == "staged"

    def stage(self, name: str) -> Stage:
        """The stage of that name; it exists, or the caller is at fault."""
        return next(each for each in self.stages if each.name == name)

    def position(self, name: str) -> int:
        """The place of a stage among the stages."""
        return next(at for at, each in enumerate(self.stages) if each.name == name)
