"""What every type of field knows: its column, its input, its driver values, its JSON text and its order."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from sqlalchemy import ColumnElement
from sqlalchemy.types import TypeEngine

from salesmode.database.environment import Environment, getter
from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.sql import NULL_JSON
from salesmode.model.condition import Value
from salesmode.model.field import Field, Mask

EQUALITY: tuple[str, ...] = ("eq", "ne", "in", "notIn", "isNull")
ORDERED = (*EQUALITY, "lt", "lte", "gt", "gte", "between")
TEXTUAL = (*ORDERED, "contains", "startsWith", "endsWith", "icontains")
LISTED = ("has", "hasAny", "hasAll", "isEmpty")


class Invalid(Exception):
    """A value that is not right: `code` is a key of the messages, `values` fill it. A plugin's type says it
    in its own words by `Invalid("unfit", why=Label(…))`.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code, values)


class FieldType(ABC):
    """One type of field. Expressions given to it are columns of `column_type`, or anything of the same type.

    `scalar`: the GraphQL scalar, or `enum`, or `reference` (the record itself). `many`: a list of those.
    `selectable`: whether it can be read at all. `orderable`: whether rows can be ordered by it. `samples`:
    inputs that a type of a plugin takes, for whoever tries an app with made-up data.
    """

    name: ClassVar[str]
    scalar: ClassVar[str]
    operators: ClassVar[tuple[str, ...]]
    many: ClassVar[bool] = False
    selectable: ClassVar[bool] = True
    orderable: ClassVar[bool] = True
    samples: ClassVar[tuple[object, ...]] = ()

    @abstractmethod
    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column."""

    def bind_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        """The type of a bound value; it must not change the value, as NUMERIC(18, 2) would."""
        return self.column_type(field, dialect)

    @abstractmethod
    def parse(self, field: Field, value: object) -> Any:
        """The canonical value of an input (JSON, GraphQL, YAML, CSV), which is not None; raises Invalid."""

    def check(self, field: Field, value: Any) -> Iterable[Invalid]:
        """What the field itself says about a canonical value: length, range, pattern, option in use."""
        return ()

    def finder(self, value: Value) -> Callable[[Environment], object]:
        """How a condition's value is found in a request, as something that `encode` takes."""
        return getter(value)

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        """Canonical → what the driver wants."""
        return _as_it_is

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        """What the driver gives → canonical."""
        return value

    @abstractmethod
    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        """The JSON text; `null` for null, never SQL NULL."""

    def order(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
        """What ORDER BY and cursors compare."""
        return expression

    def order_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the order key when it is bound."""
        return self.bind_type(field, dialect)

    def order_json(self, field: Field, key: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        """The order key as it stands in a cursor: the JSON text."""
        return self.json(field, key, dialect)

    def order_encode(self, field: Field, dialect: Dialect) -> Encode:
        """From the key in a cursor to the driver's value; raises Invalid for what was never a key."""
        encode = self.encode(field, dialect)
        return lambda value: encode(self.parse(field, value))

    def mask(
        self,
        field: Field,
        expression: ColumnElement[Any],
        mask: Mask,
        dialect: Dialect,
    ) -> ColumnElement[str]:
        """The JSON text of what is shown instead of a value that may not be read; `null` for null."""
        return NULL_JSON


def _as_it_is(value: Any) -> object:
    return value
