"""The one resolver from a name to a column. Nothing else in the engine turns a field's name into SQL that
clients see.

`SystemScope` reads everything; conditions written in metadata run in it (RULING 9). `PolicyScope` reads what
one policy grants: rows by its row right, fields by its field rights, and it has nothing to answer for a name
outside the policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from sqlalchemy import ColumnElement, and_, case, true

from salesmode.access.policy import FieldPolicy, Policy
from salesmode.conditions.columns import where_it_applies
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.computed import computed_value
from salesmode.conditions.place import some
from salesmode.conditions.scope import Readable, Source
from salesmode.conditions.use import use_of
from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.lists import ListType
from salesmode.fieldtypes.masks import with_record
from salesmode.fieldtypes.sql import NULL_JSON
from salesmode.fieldtypes.text import TextType
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, Condition
from salesmode.model.field import Field, Mask
from salesmode.tables import Tables


@dataclass(frozen=True)
class SystemScope:
    """All living rows, all columns. `deleted`: those too that were deleted."""

    tables: Tables
    deleted: bool = False

    @property
    def dialect(self) -> Dialect:
        return self.tables.dialect

    @property
    def model(self) -> Model:
        return self.tables.model

    def source(self, object_name: str) -> Source:
        return Source(self.model.objects[object_name], use_of(self.tables.table(object_name)))

    def rows(self, source: Source) -> ColumnElement[bool]:
        living = true() if self.deleted else source.table.c.deleted_at.is_(None)
        current = source.object.current
        return living if current == ALWAYS else and_(living, compile_condition(current, source, self))

    def readable(self, source: Source, field: str) -> Readable:
        described = source.object.fields[field]
        if described.stored:
            return where_it_applies(described, source)
        value = computed_value(described, source, self)
        return Readable(value, value)

    def cell(self, source: Source, field: str) -> Readable:
        return self.readable(source, field)

    def shown(self, source: Source, field: str) -> ColumnElement[str]:
        """The JSON text of the value."""
        described = source.object.fields[field]
        return field_type(described.type).json(described, self.readable(source, field).value, self.dialect)


@dataclass(frozen=True)
class PolicyScope:
    """The rows and fields of one policy."""

    tables: Tables
    policy: Policy

    @cached_property
    def system(self) -> SystemScope:
        """The scope in which this policy's own conditions are evaluated."""
        return SystemScope(self.tables)

    @property
    def dialect(self) -> Dialect:
        return self.tables.dialect

    @property
    def model(self) -> Model:
        return self.tables.model

    def source(self, object_name: str) -> Source:
        """A fresh alias; an object outside the policy is a KeyError, whoever asks."""
        return self.system.source(self.policy.objects[object_name].object.name)

    def rows(self, source: Source) -> ColumnElement[bool]:
        right = self.policy.objects[source.object.name].rows
        living = self.system.rows(source)
        return living if right == ALWAYS else and_(living, compile_condition(right, source, self.system))

    def ever(self, source: Source) -> ColumnElement[bool]:
        """Which rows it sees, or would see if they were not deleted: what is left of a record is told to
        whoever might have read it.
        """
        right = self.policy.objects[source.object.name].rows
        return true() if right == ALWAYS else compile_condition(right, source, self.system)

    def readable(self, source: Source, field: str) -> Readable:
        """What filters, orders and groups: null where the clear value may not be read (RULING 18), and where
        it leads to a hidden row (RULING 9).
        """
        granted = self._granted(source, field)
        return self._where_clear(self._without_hidden(source, granted), source, granted)

    def cell(self, source: Source, field: str) -> Readable:
        """The field by its own right alone, for whoever follows it and asks `rows` of where it leads."""
        return self._where_clear(self.system.readable(source, field), source, self._granted(source, field))

    def shown(self, source: Source, field: str) -> ColumnElement[str]:
        """What is selected: the JSON text of the value, of its mask, or `null`."""
        granted = self._granted(source, field)
        value = self._without_hidden(source, granted).value
        clear = field_type(granted.field.type).json(granted.field, value, self.dialect)
        if granted.clear == ALWAYS:
            return clear
        shown = [] if granted.clear == NEVER else [(granted.clear, clear)]
        shown += [(each.where, self._masked(source, granted.field, each.mask)) for each in granted.maskings]
        return self._first(source, shown)

    def _first(
        self, source: Source, shown: Sequence[tuple[Condition, ColumnElement[str]]]
    ) -> ColumnElement[str]:
        """The text of the first condition that holds, or `null`."""
        last = NULL_JSON
        if shown and shown[-1][0] == ALWAYS:
            *shown, (_, last) = shown
        branches = [(compile_condition(where, source, self.system), text) for where, text in shown]
        return case(*branches, else_=last) if branches else last

    def _masked(self, source: Source, field: Field, mask: Mask) -> ColumnElement[str]:
        type_, value = field_type(field.type), self.system.readable(source, field.name).value
        if isinstance(type_, TextType) or field.open_options:
            value = with_record(value, source.table.c.id, mask)
        return type_.mask(field, value, mask, self.dialect)

    def _where_clear(self, found: Readable, source: Source, granted: FieldPolicy) -> Readable:
        if granted.clear == ALWAYS:
            return found
        clear = compile_condition(granted.clear, source, self.system)
        guard = clear if found.guard is None else and_(clear, found.guard)
        return Readable(case((guard, found.raw)), found.raw, guard)

    def _without_hidden(self, source: Source, granted: FieldPolicy) -> Readable:
        """The field whatever its own right; what refers to rows that do not exist for this policy is taken
        out. Where all living rows do, nothing is left to take out but of lists and of who wrote the row: a
        deletion cuts off every other reference.
        """
        field, found = granted.field, self.system.readable(source, granted.field.name)
        if field.to is None:
            return found
        type_ = field_type(field.type)
        cut_off = not type_.many and not field.system
        if cut_off and self.policy.objects[field.to].rows == ALWAYS:
            return found
        if isinstance(type_, ListType):
            kept = type_.kept(found.value, partial(self._has, field.to), self.dialect)
            return Readable(kept, kept)
        guard = self._has(field.to, found.raw)
        guard = guard if found.guard is None else and_(found.guard, guard)
        return Readable(case((guard, found.raw)), found.raw, guard)

    def _has(self, object_name: str, id: ColumnElement[Any]) -> ColumnElement[bool]:
        target = self.source(object_name)
        return some(target.table, target.table.c.id == id, self.rows(target))

    def _granted(self, source: Source, field: str) -> FieldPolicy:
        return self.policy.objects[source.object.name].fields[field]
