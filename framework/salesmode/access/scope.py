"""The one resolver from a name to a column. Nothing else in the engine turns a field's name into SQL that
clients see.

`SystemScope` reads everything; conditions written in metadata run in it (RULING 9). `PolicyScope` reads what
one policy grants: rows by its row right, fields by its field rights, and it has nothing to answer for a name
outside the policy.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, case

from salesmode.access.policy import FieldPolicy, Policy
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Readable, Source
from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER
from salesmode.tables import Tables


@dataclass(frozen=True)
class SystemScope:
    """All living rows, all columns."""

    tables: Tables

    @property
    def dialect(self) -> Dialect:
        return self.tables.dialect

    @property
    def model(self) -> Model:
        return self.tables.model

    def source(self, object_name: str) -> Source:
        return Source(self.model.objects[object_name], self.tables.table(object_name).alias())

    def rows(self, source: Source) -> ColumnElement[bool]:
        return source.table.c.deleted_at.is_(None)

    def whole(self, object_name: str) -> bool:
        return True

    def readable(self, source: Source, field: str) -> Readable:
        column = source.table.c[source.object.fields[field].column]
        return Readable(column, column)


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

    def whole(self, object_name: str) -> bool:
        return self.policy.objects[object_name].rows == ALWAYS

    def readable(self, source: Source, field: str) -> Readable:
        """What filters, orders and groups: null where the clear value may not be read (RULING 18)."""
        granted = self._granted(source, field)
        raw = self.system.readable(source, field).raw
        if granted.clear == ALWAYS:
            return Readable(raw, raw)
        guard = compile_condition(granted.clear, source, self.system)
        return Readable(case((guard, raw)), raw, guard)

    def shown(self, source: Source, field: str) -> ColumnElement[str]:
        """What is selected: the JSON text of the value, of its mask, or `null`."""
        granted = self._granted(source, field)
        described = granted.field
        raw = self.system.readable(source, field).raw
        clear = field_type(described.type).json(described, raw, self.dialect)
        if granted.clear == ALWAYS:
            return clear
        hidden = self._hidden(source, granted, raw)
        return hidden if granted.clear == NEVER else self._choice(source, granted, clear, hidden)

    def _choice(
        self, source: Source, granted: FieldPolicy, clear: ColumnElement[str], hidden: ColumnElement[str]
    ) -> ColumnElement[str]:
        return case((compile_condition(granted.clear, source, self.system), clear), else_=hidden)

    def _hidden(self, source: Source, granted: FieldPolicy, raw: ColumnElement[Any]) -> ColumnElement[str]:
        if granted.masked == NEVER:
            return text_literal("null")
        masked = field_type(granted.field.type).mask(granted.field, raw, granted.mask, self.dialect)
        if granted.masked == ALWAYS:
            return masked
        return case(
            (compile_condition(granted.masked, source, self.system), masked), else_=text_literal("null")
        )

    def _granted(self, source: Source, field: str) -> FieldPolicy:
        return self.policy.objects[source.object.name].fields[field]
