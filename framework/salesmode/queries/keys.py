"""The keys of an order as SQL: what is compared, what a cursor holds, and what lies beyond it. Nulls are last
both ways.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, false, literal_column
from sqlalchemy.types import TypeEngine

from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Source
from salesmode.database.environment import Environment, getter
from salesmode.database.statement import Dialect, Encode, slot_from
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.base import Invalid
from salesmode.model.field import Field
from salesmode.queries import nodes
from salesmode.queries.cursor import decoded, fingerprint, foreign
from salesmode.queries.joins import Joins
from salesmode.queries.pick import Leaf


@dataclass(frozen=True)
class Key:
    """One key of an order, on the source of the page."""

    label: str
    field: Field
    expression: ColumnElement[Any]
    nullable: bool
    descending: bool
    dialect: Dialect
    fingerprint: str

    @property
    def selected(self) -> ColumnElement[Any]:
        """The expression where it is selected already; what is computed is named there and not written
        again.
        """
        return self.expression if self.field.computed is None else literal_column(self.label)

    def ordered(self, expression: ColumnElement[Any], *, reverse: bool = False) -> ColumnElement[Any]:
        """`expression` in this key's direction; `reverse` reads the order from its end, nulls first."""
        descending = self.descending != reverse
        directed = expression.desc() if descending else expression.asc()
        if not self.nullable:
            return directed
        return directed.nulls_first() if reverse else directed.nulls_last()

    def json(self, expression: ColumnElement[Any]) -> ColumnElement[str]:
        """The key as it stands in a cursor."""
        return field_type(self.field.type).order_json(self.field, expression, self.dialect)

    def bound(self, leaf: Leaf, at: int, nulls: tuple[bool, ...]) -> ColumnElement[Any]:
        """The cursor's key number `at` as a bound value; a cursor of another order is refused when it is
        bound.
        """
        find_text = getter(leaf)
        encode = field_type(self.field.type).order_encode(self.field, self.dialect)
        wanted = self.fingerprint

        def find(environment: Environment) -> object:
            parts = decoded(find_text(environment))
            given = tuple(part is None for part in parts[1:])
            if parts[0] != wanted or given != (*nulls, False):
                raise foreign()
            return _encoded(encode, parts[at + 1])

        return slot_from(find, self._type, lambda found: found)

    def beyond(self, bound: ColumnElement[Any], *, null: bool, backward: bool) -> ColumnElement[bool]:
        """Strictly after the bound in the direction of reading."""
        if null:
            return self.expression.is_not(None) if backward else false()
        descending = self.descending != backward
        further = self.expression < bound if descending else self.expression > bound
        return further | self.expression.is_(None) if self.nullable and not backward else further

    def equal(self, bound: ColumnElement[Any], *, null: bool) -> ColumnElement[bool]:
        return self.expression.is_(None) if null else self.expression == bound

    @property
    def _type(self) -> TypeEngine[Any]:
        return field_type(self.field.type).order_type(self.field, self.dialect)


def _encoded(encode: Encode, part: object) -> object:
    if part is None:
        return None
    try:
        return encode(part)
    except (Invalid, TypeError, ValueError, ArithmeticError) as wrong:
        raise foreign() from wrong


def keys_of(rows: nodes.Rows, source: Source, scope: PolicyScope) -> tuple[tuple[Key, ...], FromClause]:
    """The keys of a connection's order, and its source joined to whatever they read through references."""
    name = fingerprint(rows.object.name + "".join(map(_spelled, rows.order)))
    joins = Joins(source, scope)
    keys = tuple(
        _key(f"sm_k{at}", wanted, joins.reach(wanted.path), scope, name)
        for at, wanted in enumerate(rows.order)
    )
    return keys, joins.table


def _spelled(key: nodes.OrderKey) -> str:
    return f"/{'.'.join(key.path)}:{key.field}:{key.descending}"


def _key(label: str, wanted: nodes.OrderKey, source: Source, scope: PolicyScope, name: str) -> Key:
    field = source.object.fields[wanted.field]
    readable = scope.readable(source, wanted.field)
    expression = field_type(field.type).order(field, readable.value, scope.dialect)
    nullable = field.nullable or bool(wanted.path) or readable.guard is not None
    return Key(label, field, expression, nullable, wanted.descending, scope.dialect, name)
