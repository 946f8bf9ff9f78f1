"""Names and paths as columns of one statement, as the scope of a desk reads them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from salesmode.access.policy import Policy
from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.statement import Dialect
from salesmode.diagnostics import Message, Refusal
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.sql import NULL_JSON
from salesmode.model.condition import Condition
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.queries.joins import Joins
from salesmode.queries.references import REFERENCES
from salesmode.records.subject import Subject, WriteScope


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows of one object, and what is read of them."""

    subject: Subject
    scope: WriteScope
    source: Source
    joins: Joins

    def field(self, path: str) -> Field:
        """What stands at the end of the path. ValueError where there is nothing that can be read."""
        object_, model = self.source.object, self.subject.tables.model
        *through, name = path.split(".")
        for step in through:
            found = object_.fields.get(step)
            if found is None or found.type not in REFERENCES:
                raise ValueError(f"'{object_.name}' has no reference '{step}'")
            object_ = model.target(found)
        field = object_.fields.get(name)
        if field is None or not field_type(field.type).selectable:
            raise ValueError(f"'{object_.name}' has no field '{name}' that can be read")
        return field

    def value(self, path: str) -> ColumnElement[Any] | None:
        """Null where it may not be read; None where it may be read nowhere."""
        *through, name = path.split(".")
        if not self._granted(tuple(through), name):
            return None
        return self.scope.readable(self.joins.reach(tuple(through)), name).value

    def shown(self, name: str) -> ColumnElement[str]:
        """The JSON text that an answer has of the field, and `null` where it is hidden."""
        self.field(name)
        return self.scope.shown(self.source, name) if self._granted((), name) else NULL_JSON

    def _granted(self, through: tuple[str, ...], name: str) -> bool:
        policy, object_ = self.subject.policy, self.source.object
        for step in through:
            if not _names(policy, object_.name, step):
                return False
            object_ = self.subject.tables.model.target(object_.fields[step])
        return _names(policy, object_.name, name)

    def named(self, path: str) -> ColumnElement[Any]:
        """BAD_REQUEST where the caller may not name it."""
        found = self.value(path)
        if found is None:
            raise unknown(path)
        return found

    def order(self, keys: tuple[str, ...]) -> list[ColumnElement[Any]]:
        """`-amount` falls; nulls are last, and the id breaks ties."""
        return [self._key(each) for each in (*keys, "id")]

    def _key(self, key: str) -> ColumnElement[Any]:
        path = key.removeprefix("-")
        field = self.field(path)
        kind = field_type(field.type)
        if not kind.orderable:
            raise ValueError(f"rows cannot be ordered by '{path}'")
        found = kind.order(field, self.named(path), self.subject.dialect)
        return (found.desc() if key.startswith("-") else found.asc()).nulls_last()

    def where(self, condition: Condition) -> ColumnElement[bool]:
        """Which rows: those of the scope that satisfy the condition."""
        try:
            return and_(self.scope.rows(self.source), compile_condition(condition, self.source, self.scope))
        except KeyError as error:
            raise unknown(str(error.args[0])) from error

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """From the rows, and from what paths have led to so far."""
        rows: Select[Any] = select(*columns)
        return rows.select_from(self.joins.table)


def columns_of(subject: Subject, *, deleted: bool = False) -> Columns:
    """`deleted`: of rows that were deleted too, which is the system's to see."""
    scope = SystemScope(subject.tables, deleted=True) if deleted else subject.scope
    source = scope.source(subject.object.name)
    return Columns(subject, scope, source, Joins(source, scope))


def unknown(name: str) -> Refusal:
    return Refusal("BAD_REQUEST", Message("unknown_name", {"name": camel(name)}))


def decoded(field: Field, raw: Any, dialect: Dialect) -> Any:
    return None if raw is None else field_type(field.type).decode(field, raw, dialect)


def _names(policy: Policy | None, object_name: str, field: str) -> bool:
    if policy is None:
        return True
    granted = policy.objects.get(object_name)
    return granted is not None and field in granted.fields
