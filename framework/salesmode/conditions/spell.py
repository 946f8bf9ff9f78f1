"""A condition as a line that people read, close to how it is written."""

from salesmode.model.condition import (
    And,
    Compare,
    Condition,
    Const,
    Literal,
    Moment,
    Not,
    Or,
    Over,
    RecordValue,
    RowValue,
    Through,
    UserValue,
    Value,
)

_SIGNS = {"eq": "=", "ne": "≠", "lt": "<", "lte": "≤", "gt": ">", "gte": "≥"}


def spelled(condition: Condition, prefix: str = "") -> str:
    """`owner = $user.id or owner.team in $user.teams`; `prefix` is the path to the row that is meant."""
    match condition:
        case Const(always):
            return "always" if always else "never"
        case And(items) | Or(items):
            word = " and " if isinstance(condition, And) else " or "
            return word.join(_joined(item, prefix) for item in items)
        case Not(item):
            return f"not ({spelled(item, prefix)})"
        case Through(field, where):
            return spelled(where, f"{prefix}{field}.")
        case Over(inverse, quantifier, where):
            return f"{quantifier} of {prefix}{inverse} ({spelled(where)})"
        case Compare():
            return _compared(condition, prefix)


def _joined(item: Condition, prefix: str) -> str:
    inner = item
    while isinstance(inner, Through):
        inner = inner.where
    return f"({spelled(item, prefix)})" if isinstance(inner, And | Or) else spelled(item, prefix)


def _compared(compare: Compare, prefix: str) -> str:
    name = f"{prefix}{compare.field}"
    if compare.op == "isNull" and isinstance(compare.value, Literal):
        return f"{name} is {'' if compare.value.value else 'not '}empty"
    upper = "" if compare.upper is None else f" and {_value(compare.upper)}"
    return f"{name} {_SIGNS.get(compare.op, compare.op)} {_value(compare.value)}{upper}"


def _value(value: Value) -> str:
    match value:
        case UserValue(name):
            return f"$user.{name}"
        case RowValue(name):
            return f"$row.{name}"
        case RecordValue(name):
            return f"$record.{name}"
        case Moment(base, amount, unit):
            return f"${base}" + (f" {'-' if amount < 0 else '+'} {abs(amount)}{unit}" if amount else "")
        case Literal(constant):
            return _constant(constant)
        case _:
            return "?"


def _constant(constant: object) -> str:
    if isinstance(constant, tuple):
        return f"[{', '.join(map(_constant, constant))}]"
    return str(constant).lower() if isinstance(constant, bool) else str(constant)
