"""Typed nodes become SQL: one expression for one row, null wherever a part of it is null and nothing says
else.

Comparisons, `and`, `or`, `not` are true or false and never null, as in conditions (RULING 8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from salesmode.conditions.formulas import calendar
from salesmode.conditions.formulas.exact import Arithmetic, Exact
from salesmode.conditions.formulas.exact_postgresql import PostgresArithmetic, extreme
from salesmode.conditions.formulas.exact_sqlite import SqliteArithmetic
from salesmode.conditions.scope import Scope, Source
from salesmode.database.environment import getter
from salesmode.database.statement import Dialect, slot_from
from salesmode.diagnostics import Span
from salesmode.fieldtypes import field_type, sql
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.computed import Call, Constant, Expression, Read
from salesmode.model.condition import Moment
from salesmode.model.field import Field
from salesmode.model.label import Label

_ARITHMETIC: Mapping[Dialect, Arithmetic] = {
    "sqlite": SqliteArithmetic(),
    "postgresql": PostgresArithmetic(),
}
_COMPARISONS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TYPES: Mapping[str, TypeEngine[Any]] = {
    "text": Text(),
    "boolean": Boolean(),
    "date": Date(),
    "datetime": TIMESTAMP(timezone=True),
}
_INTEGER_BOUNDS = {"length": 1 << 31, "days_between": 10_000_000, "year": 10_000, "month": 100, "day": 100}


def compile_expression(
    expression: Expression, field: Field, source: Source, scope: Scope
) -> ColumnElement[Any]:
    """The value of a formula of the type of `field` on a row of `source`."""
    compiler = _Compiler(source, scope)
    if expression.kind in ("number", "null") and field_type(field.type).scalar in _NUMBERS:
        return compiler.arithmetic.fitted(compiler.number(expression), field)
    found = compiler.plain(expression, field.type)
    return _collated(found, scope.dialect) if field.type == "text" else found


_NUMBERS = ("Int", "BigInt", "Decimal")


@dataclass(frozen=True)
class _Compiler:
    source: Source
    scope: Scope

    @property
    def dialect(self) -> Dialect:
        return self.scope.dialect

    @property
    def _timezone(self) -> str:
        return self.scope.model.app.timezone

    @property
    def arithmetic(self) -> Arithmetic:
        return _ARITHMETIC[self.dialect]

    def number(self, node: Expression) -> Exact:
        """A node that is a number, or null in the place of one."""
        match node:
            case Constant(value, _, scale):
                return self.arithmetic.written(value, scale)
            case Read(path, name, _, scale):
                return self.arithmetic.read(self._read(path, name), scale, self._field(path, name).type)
            case Call(function, arguments, _, scale):
                return self._number(function, arguments, scale)

    def _number(self, function: str, arguments: Sequence[Expression], scale: int) -> Exact:
        if function in _INTEGER_BOUNDS:
            return self.arithmetic.whole(self._counted(function, arguments), _INTEGER_BOUNDS[function])
        if function in ("if", "case", "coalesce"):
            return self._chosen_number(function, arguments, scale)
        parts = [self.number(each) for each in arguments]
        match function:
            case "*":
                return self.arithmetic.product(parts, scale)
            case "/":
                return self.arithmetic.quotient(parts[0], parts[1], scale)
            case "round":
                return self.arithmetic.rounded(parts[0], scale)
            case "abs":
                return self.arithmetic.absolute(parts[0])
            case "min" | "max":
                return self.arithmetic.extreme(function, parts, scale)
            case _:
                return self.arithmetic.total(function.removeprefix("sum"), parts, scale)

    def _chosen_number(self, function: str, arguments: Sequence[Expression], scale: int) -> Exact:
        parts = [
            None if _asks(function, at, len(arguments)) else self.arithmetic.aligned(self.number(each), scale)
            for at, each in enumerate(arguments)
        ]
        found = self._chosen(function, arguments, [None if each is None else each.sql for each in parts])
        return Exact(found, scale, max(each.bound for each in parts if each is not None))

    def _chosen(
        self, function: str, arguments: Sequence[Expression], values: Sequence[ColumnElement[Any] | None]
    ) -> ColumnElement[Any]:
        """`if`, `case` or `coalesce`; `values` has None where a condition stands."""
        given = [each for each in values if each is not None]
        if function == "coalesce":
            return func.coalesce(*given, type_=given[0].type)
        conditions = [self.condition(arguments[at]) for at, each in enumerate(values) if each is None]
        branches = list(zip(conditions, given, strict=False))
        last = given[len(conditions)] if len(given) > len(conditions) else None
        return case(*branches, else_=last) if last is not None else case(*branches)

    def _counted(self, function: str, arguments: Sequence[Expression]) -> ColumnElement[Any]:
        match function:
            case "length":
                return sql.length(self.plain(arguments[0], "text"))
            case "days_between":
                first, last = (self.plain(each, "date") for each in arguments)
                return calendar.days_between(first, last, self.dialect)
            case _:
                return calendar.part(function, self.plain(arguments[0], "date"), self.dialect)

    def condition(self, node: Expression) -> ColumnElement[bool]:
        """A node that is asked for: null counts as false, as WHEN, WHERE and COALESCE below take it."""
        return self.plain(node, "boolean")

    def _settled(self, node: Expression) -> ColumnElement[bool]:
        """The same as true or false."""
        found = self.condition(node)
        return found if isinstance(node, Call) and node.function in _TWO_VALUED else self._or_false(found)

    def _or_false(self, found: ColumnElement[bool]) -> ColumnElement[bool]:
        return func.coalesce(found, self._boolean(value=False), type_=found.type)

    def _boolean(self, *, value: bool) -> ColumnElement[Any]:
        if self.dialect == "sqlite":
            return integer_literal(int(value))
        return true() if value else false()

    def plain(self, node: Expression, kind: str) -> ColumnElement[Any]:
        """A node that is no number; `kind` is what null stands for."""
        match node:
            case Constant(value):
                return self._constant(value, kind)
            case Read(path, name):
                return self._read(path, name)
            case Call("if" | "case" | "coalesce" as function, arguments):
                values = [
                    None if _asks(function, at, len(arguments)) else self.plain(each, kind)
                    for at, each in enumerate(arguments)
                ]
                return self._chosen(function, arguments, values)
            case Call(function, arguments) if function in _COMPARISONS:
                return self._compared(function, *arguments)
            case Call(function, arguments):
                return self._called(function, arguments, kind)

    def _constant(self, value: object, kind: str) -> ColumnElement[Any]:
        if value is None:
            null: ColumnElement[Any] = literal_column("NULL")
            return null if self.dialect == "sqlite" else cast(null, _TYPES[kind])
        if isinstance(value, bool):
            return self._boolean(value=value)
        text = text_literal(str(value))
        return text if self.dialect == "sqlite" or kind == "text" else cast(text, _TYPES[kind])

    def _compared(self, operator: str, one: Expression, other: Expression) -> ColumnElement[bool]:
        """Null is equal to nothing, and different from everything."""
        compare = _COMPARISONS["=" if operator == "!=" else operator]
        if one.kind == "number":
            found = self.arithmetic.compared(compare, self.number(one), self.number(other))
        else:
            left, right = self.plain(one, one.kind), self.plain(other, other.kind)
            found = compare(_collated(left, self.dialect) if one.kind == "text" else left, right)
        settled = self._or_false(found)
        return not_(settled) if operator == "!=" else settled

    def _called(self, function: str, arguments: Sequence[Expression], kind: str) -> ColumnElement[Any]:
        match function:
            case "and" | "or":
                join = and_ if function == "and" else or_
                return join(*(self._settled(each) for each in arguments))
            case "not":
                return not_(self._settled(arguments[0]))
            case "is_null":
                return self._any(arguments[0]).is_(None)
            case "today" | "now":
                return self._moment(function)
            case "day_of":
                return calendar.day_of(self.plain(arguments[0], "datetime"), self._timezone, self.dialect)
            case "add_days" | "add_months":
                later = calendar.days_later if function == "add_days" else calendar.months_later
                return later(self.plain(arguments[0], "date"), self.number(arguments[1]), self.dialect)
            case "min" | "max":
                return self._extreme(function, [self.plain(each, kind) for each in arguments], kind)
            case _:
                return self._text(function, arguments)

    def _any(self, node: Expression) -> ColumnElement[Any]:
        return self.number(node).sql if node.kind == "number" else self.plain(node, "text")

    def _extreme(self, function: str, parts: list[ColumnElement[Any]], kind: str) -> ColumnElement[Any]:
        if self.dialect == "postgresql":
            return extreme(function, parts, _TYPES[kind])
        found: ColumnElement[Any] = getattr(func, function)(*parts, type_=Text())
        return found

    def _moment(self, function: str) -> ColumnElement[Any]:
        kind, moment = ("date", Moment("today")) if function == "today" else ("datetime", Moment("now"))
        field, type_ = _plain_field(kind), field_type(kind)
        return slot_from(
            getter(moment), type_.bind_type(field, self.dialect), type_.encode(field, self.dialect)
        )

    def _text(self, function: str, arguments: Sequence[Expression]) -> ColumnElement[Any]:
        if function == "concat":
            return self._concatenated(arguments)
        text = self.plain(arguments[0], "text")
        match function:
            case "lower":
                return _collated(sql.fold(text, self.dialect), self.dialect)
            case "upper":
                return _collated(sql.upper(text, self.dialect), self.dialect)
            case "left" | "right":
                return self._cut(function, text, arguments[1])
            case _:
                place = sql.position(text, self.plain(arguments[1], "text"), self.dialect)
                first = place == integer_literal(1)
                return self._or_false(first if function == "starts_with" else place > integer_literal(0))

    def _cut(self, function: str, text: ColumnElement[str], count: Expression) -> ColumnElement[str]:
        assert isinstance(count, Constant)
        number = int(str(count.value))
        if function == "left" or not number:
            return sql.substring(text, 1, number)
        return sql.last(text, number, self.dialect)

    def _concatenated(self, arguments: Sequence[Expression]) -> ColumnElement[str]:
        found: ColumnElement[str]
        found, *rest = (
            func.coalesce(self._shown(each), text_literal(""), type_=Text()) for each in arguments
        )
        for each in rest:
            found = found.concat(each)
        return found

    def _shown(self, node: Expression) -> ColumnElement[str]:
        if node.kind == "number":
            return self.arithmetic.text(self.number(node))
        found = self.plain(node, "text")
        if node.kind == "date" and self.dialect == "postgresql":
            return func.to_char(found, text_literal("YYYY-MM-DD"), type_=Text())
        return found

    def _field(self, path: Sequence[str], name: str) -> Field:
        object_ = self.source.object
        for step in path:
            object_ = self.scope.model.objects[str(object_.fields[step].to)]
        return object_.fields[name]

    def _read(self, path: Sequence[str], name: str) -> ColumnElement[Any]:
        return read(path, name, self.source, self.scope)


_TWO_VALUED = frozenset({*_COMPARISONS, "and", "or", "not", "is_null", "contains", "starts_with"})


def read(path: Sequence[str], name: str, source: Source, scope: Scope) -> ColumnElement[Any]:
    """A field behind a path of references: null where one of them leads nowhere."""
    if not path:
        return scope.readable(source, name).value
    target = scope.source(str(source.object.fields[path[0]].to))
    this = target.table.c.id == scope.cell(source, path[0]).value
    found = select(read(path[1:], name, target, scope)).where(this, scope.rows(target))
    return found.correlate_except(target.table).scalar_subquery()


def _asks(function: str, at: int, count: int) -> bool:
    """Whether that argument is a condition: the first of `if`, every other one of `case` but a last one
    alone.
    """
    if function == "case":
        return at % 2 == 0 and at < count - 1
    return function == "if" and at == 0


def _collated(text: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """Compared and ordered by code point, as every text is (RULING 13)."""
    return text.collate("C") if dialect == "postgresql" else text


def _plain_field(kind: str) -> Field:
    return Field(kind, kind, kind, Label({}), Span("", 1, 1))
