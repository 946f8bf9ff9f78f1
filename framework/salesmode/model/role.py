"""A role: what it grants, with groups and defaults already spelled out field by field by the analyzer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from salesmode.diagnostics import Span
from salesmode.model.condition import ALWAYS, NEVER, Condition, Value
from salesmode.model.field import Mask
from salesmode.model.label import Label

ADMIN, SYSTEM = "admin", "system"
"""The roles of the engine: users may hold the first, and nobody is the second (RULING 48)."""


@dataclass(frozen=True, slots=True)
class Right:
    """An operation on rows: granted `where` it holds; `presets` are set by force; the new row must pass
    `check`.

    `where` is about the old row on update and delete, and about the new row on create (RULING 10).
    `fields`: those that may be unmasked. `per_day`: how many records one user may export or unmask in a day.
    """

    where: Condition
    span: Span
    presets: Mapping[str, Value] | None = None
    check: Condition = ALWAYS
    fields: frozenset[str] = frozenset()
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class FieldGrant:
    """What a role grants on one field, on the rows that it grants.

    `clear`: where the value is readable. `masked`: elsewhere it is shown through `mask` instead of null.
    `write`: where it may be written (the old row; on create the new one).
    """

    span: Span
    clear: Condition = NEVER
    masked: bool = False
    mask: Mask | None = None
    write: Condition = NEVER


@dataclass(frozen=True, slots=True)
class ObjectGrant:
    """What a role grants on one object. A right that is None is not granted.

    `fields` holds an entry for each field that the role grants in any way; what is absent is none.
    `denied` names fields that an explicit `deny` takes from everyone who holds the role (RULING 15).
    `add_on`: only field rights, on the rows that the user's other roles grant (RULING 48). `pipelines`: those
    whose records the role may create and move (None: all). `tags`: `none`, `read` or `write` for those that
    are named; the others are seen where the record is, and set where it may be changed.
    """

    object: str
    span: Span
    fields: Mapping[str, FieldGrant]
    read: Right | None = None
    create: Right | None = None
    update: Right | None = None
    delete: Right | None = None
    transfer: Right | None = None
    merge: Right | None = None
    export: Right | None = None
    share: Right | None = None
    unmask: Right | None = None
    snapshot: Right | None = None
    add_on: bool = False
    denied: frozenset[str] = frozenset()
    pipelines: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Role:
    """One role; `inherits` equals also holding those (RULING 15)."""

    name: str
    label: Label
    span: Span
    inherits: tuple[str, ...]
    objects: Mapping[str, ObjectGrant]
