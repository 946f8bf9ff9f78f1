"""What one set of roles may do: the values that planner, schema and write path read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from salesmode.diagnostics import Span
from salesmode.model.condition import ALWAYS, NEVER, Condition, Value, either
from salesmode.model.field import Field, Mask
from salesmode.model.names import camel
from salesmode.model.object import Inverse, Object
from salesmode.model.opportunity import Line
from salesmode.model.pipeline import Products
from salesmode.model.published import Derived


@dataclass(frozen=True, slots=True)
class Reason:
    """Which role, and which lines of it, gave a right."""

    role: str
    span: Span


@dataclass(frozen=True, slots=True)
class Masking:
    """Where a value is shown through `mask`, by the right of the roles that name this mask."""

    where: Condition
    mask: Mask


@dataclass(frozen=True, slots=True)
class FieldPolicy:
    """One field that the set of roles may see on some row.

    Conditions run with the system's rights and assume a visible row. `clear`: where the value itself is
    readable (NEVER: only ever masked, so the field is absent from where, orderBy, groupBy and aggregates,
    RULING 18). `maskings`: where it is not clear, the first that holds shows it; elsewhere it is null.
    """

    field: Field
    clear: Condition
    maskings: tuple[Masking, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def masked(self) -> Condition:
        """Where, if it is not clear, it is shown through some mask."""
        return either(*(each.where for each in self.maskings))

    @property
    def comparable(self) -> bool:
        """Whether it may filter, order, group and aggregate."""
        return self.clear != NEVER


@dataclass(frozen=True, slots=True)
class WriteGrant:
    """One role's right to an operation: rows, forced values, the check on the new row, and fields by where
    writable.
    """

    role: str
    span: Span
    where: Condition = ALWAYS
    check: Condition = ALWAYS
    presets: Mapping[str, Value] = field(default_factory=dict)
    fields: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One role's right to let values out: to export rows, or to unmask `fields` of them (D26a).

    `per_day`: how many records one user may take in a day; None for as many as they like.
    """

    role: str
    span: Span
    where: Condition = ALWAYS
    fields: frozenset[str] = frozenset()
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class TagPolicy:
    """One tag that the set of roles may see on some visible row (`seen`), and where it may be set."""

    seen: Condition
    write: Condition
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class ObjectPolicy:
    """One object that the set of roles may read or write. What is absent from a mapping is not granted.

    `rows`: which rows are visible (NEVER where the roles may only create). `fields` has system fields too.
    `inverses`: to-many relations whose object is readable and whose reference field is comparable there.
    A field is writable on a row when one single grant has both the row and the field (RULING 15).
    `move` is `update`, narrowed by the pipelines that a role is limited to (RULINGS 16, 48). `tags` has those
    that may be seen on some row. `snapshot`: who says that its records may be put on record.
    """

    object: Object
    rows: Condition
    fields: Mapping[str, FieldPolicy]
    inverses: Mapping[str, Inverse]
    create: tuple[WriteGrant, ...] = ()
    update: tuple[WriteGrant, ...] = ()
    move: tuple[WriteGrant, ...] = ()
    delete: tuple[WriteGrant, ...] = ()
    transfer: tuple[WriteGrant, ...] = ()
    merge: tuple[WriteGrant, ...] = ()
    share: tuple[WriteGrant, ...] = ()
    export: tuple[Disclosure, ...] = ()
    unmask: tuple[Disclosure, ...] = ()
    snapshot: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()
    tags: Mapping[str, TagPolicy] = field(default_factory=dict)

    @cached_property
    def members(self) -> Mapping[str, FieldPolicy | Inverse]:
        """What may be selected, by the name clients use."""
        found: dict[str, FieldPolicy | Inverse] = {**self.fields, **self.inverses}
        return {camel(name): member for name, member in found.items()}

    @cached_property
    def comparable(self) -> Mapping[str, Field]:
        """What may filter, order, group and aggregate (RULING 18), by the name clients use."""
        found = ((name, each) for name, each in self.members.items() if isinstance(each, FieldPolicy))
        return {name: each.field for name, each in found if each.comparable}

    @cached_property
    def unmaskable(self) -> Mapping[str, Condition]:
        """Fields that are shown masked on some row and may be unmasked on some, and where, in their order."""
        found = {
            name: either(*(each.where for each in self.unmask if name in each.fields))
            for name, granted in self.fields.items()
            if granted.maskings
        }
        return {name: where for name, where in found.items() if where != NEVER}

    @cached_property
    def moves(self) -> Condition:
        """The rows that may be moved to another stage."""
        return either(*(each.where for each in self.move))

    def names(self, field: str) -> bool:
        """Whether an answer may name the field: it is readable on some row, or writable."""
        return field in self.fields or field in self.writable("create") or field in self.writable("update")

    def writable(self, operation: str) -> Mapping[str, Field]:
        """For `create` or `update`: the fields an input may have, by name, in the object's order."""
        grants: tuple[WriteGrant, ...] = getattr(self, operation)
        granted = {name for grant in grants for name, where in grant.fields.items() if where != NEVER}
        presets = set.intersection(*(set(grant.presets) for grant in grants)) if grants else set()
        return {name: self.object.fields[name] for name in self.object.fields if name in granted - presets}


@dataclass(frozen=True)
class Policy:
    """Everything one set of roles may do; equal sets of roles of one model share one Policy, and `key` names
    it.

    `objects` are composed one by one, when they are asked for. `readable` names those with a visible row, for
    whoever asks no more than that. `queries` has the model's root fields, `lines` the
    opportunities that its records have, and `products` what these are made of, granted or not.
    """

    key: str
    roles: frozenset[str]
    objects: Mapping[str, ObjectPolicy]
    readable: Collection[str]
    queries: Mapping[str, Derived] = field(repr=False)
    lines: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    products: Mapping[str, Products] = field(default_factory=dict)

    @property
    def roots(self) -> Iterator[ObjectPolicy]:
        """All readable objects, composed."""
        return (self.objects[name] for name in self.readable)

    def root(self, name: str) -> tuple[str, ObjectPolicy] | None:
        """A root field of a readable object by the name clients use: `list`, `point` or `aggregate` of it."""
        derived = self.queries.get(name)
        if derived is None or derived.object not in self.readable:
            return None
        return derived.kind, self.objects[derived.object]
