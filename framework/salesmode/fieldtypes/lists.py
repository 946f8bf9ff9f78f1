"""What the types of lists have in common: PostgreSQL stores an array, SQLite the JSON text."""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import orjson
from sqlalchemy import JSON, ColumnElement, TableValuedAlias, Text, case, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import LISTED, FieldType, Invalid
from salesmode.fieldtypes.sql import as_text, or_null, text_literal
from salesmode.model.field import Field


class Elements(NamedTuple):
    """The elements of one list as rows: their values, and where they stand."""

    rows: TableValuedAlias
    value: ColumnElement[Any]
    place: ColumnElement[Any]


def elements_of(expression: ColumnElement[Any], dialect: Dialect) -> Elements:
    """The elements of a stored list; a list that is null has none."""
    if dialect == "postgresql":
        rows = func.unnest(expression).table_valued("value", with_ordinality="place").render_derived()
        return Elements(rows, rows.c.value, rows.c.place)
    rows = func.json_each(expression).table_valued("value", "key")
    return Elements(rows, rows.c.value, rows.c.key)


class ListType(FieldType):
    """Distinct values of the type `element`, in the order given. A list that is null has no elements."""

    operators = LISTED
    many = True
    orderable = False
    element: ClassVar[FieldType]

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(self.element.bind_type(field, dialect)) if dialect == "postgresql" else Text()

    def parse(self, field: Field, value: object) -> Any:
        if not isinstance(value, list | tuple):
            raise Invalid("not_a_list")
        return tuple(dict.fromkeys(self.element.parse(field, each) for each in value))

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        return list if dialect == "postgresql" else lambda value: orjson.dumps(value).decode()

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return tuple(value if dialect == "postgresql" else orjson.loads(value))

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return or_null(as_text(func.array_to_json(expression)) if dialect == "postgresql" else expression)

    def from_json(self, field: Field, text: ColumnElement[str], dialect: Dialect) -> ColumnElement[Any]:
        """A list as it would be stored, of its JSON text; null for null."""
        if dialect == "sqlite":
            return text
        rows = func.json_array_elements_text(cast(text, JSON())).column_valued("value")
        elements = select(rows).correlate_except(rows.table).scalar_subquery()
        return case((text.is_not(None), cast(func.array(elements), self.column_type(field, dialect))))

    def kept(
        self,
        expression: ColumnElement[Any],
        keep: Callable[[ColumnElement[Any]], ColumnElement[bool]],
        dialect: Dialect,
    ) -> ColumnElement[Any]:
        """The list with only those elements that `keep` holds of, in their order; null stays null."""
        rows, value, place = elements_of(expression, dialect)
        if dialect == "postgresql":
            found = select(func.array_agg(aggregate_order_by(value, place.asc())))
            empty: ColumnElement[Any] = cast(array([]), expression.type)
        else:
            found = select(func.json_group_array(value, type_=Text()))
            empty = text_literal("[]")
        gathered = found.where(keep(value)).correlate_except(rows).scalar_subquery()
        whole = func.coalesce(gathered, empty, type_=expression.type)
        return case((expression.is_not(None), whole))
