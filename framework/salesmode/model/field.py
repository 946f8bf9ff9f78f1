"""A field of an object."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from salesmode.diagnostics import Span
from salesmode.model.assignment import Assignment
from salesmode.model.computed import Computed, Rollup
from salesmode.model.condition import ALWAYS, NEVER, Condition, Value
from salesmode.model.label import Label


@dataclass(frozen=True, slots=True)
class Mask:
    """How a hidden value is shown: `full last4 first1 email phone partial hash equal_hash bucket`, with
    numbers.
    """

    name: str = "full"
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice (RULING 45). `value` is the text of import and export."""

    name: str
    label: Label
    value: str
    active: bool = True
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Field:
    """One field, system fields included (`system=True`: id, created_at, created_by, updated_at, updated_by,
    version).

    `column` is the database's name (`customer_id` for a reference). `required` is ALWAYS, NEVER or its
    `when`. `default` is None or a value, variables included. `scale` is set on exact numbers (money: the
    currency's). `to` names the target of reference, multi_reference and user. `where` limits a reference's
    choice (RULING 47). `assignment`: rules that choose what a reference refers to. `kept`: the engine alone
    writes it, by creating and moving records. `pipelines`: those in which it applies (None: all, or there are
    none). `computed`: what gives its value, which nobody writes; its type is that of the result.
    """

    name: str
    type: str
    column: str
    label: Label
    span: Span
    help: Label | None = None
    system: bool = False
    required: Condition = NEVER
    default: Value | None = None
    unique: bool = False
    index: bool = False
    searchable: bool = False
    readonly: bool = False
    history: bool = True
    mask: Mask = Mask()
    max_length: int | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    pattern: str | None = None
    scale: int = 0
    options: tuple[Option, ...] = ()
    open_options: bool = False
    to: str | None = None
    on_delete: str = "set_null"
    tree: bool = False
    where: Condition = ALWAYS
    assignment: Assignment | None = None
    format: str | None = None  # auto_number: its parts; phone: the region of national numbers
    when: Condition = ALWAYS
    renamed_from: str | None = None
    renamed_options: Mapping[str, str] | None = None
    computed: Computed | None = None
    kept: bool = False
    pipelines: tuple[str, ...] | None = None

    @property
    def stored(self) -> bool:
        """Whether it has a column: what is computed has one only where the engine keeps its value."""
        return self.computed is None or (isinstance(self.computed, Rollup) and self.computed.stored)

    @property
    def nullable(self) -> bool:
        """Whether the column may be empty: only an unconditional `required` forbids it."""
        return self.required != ALWAYS
