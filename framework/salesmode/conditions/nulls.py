"""What a condition says of a row whose fields are all null: the far end of a reference that leads nowhere."""

from salesmode.model.condition import And, Compare, Condition, Const, Literal, Not, Or, Over, Through

# Atoms that hold on null; every other atom is false there (RULING 8). A list that is null has no elements.
_HOLD = ("ne", "notIn")
_ASK = ("isNull", "isEmpty")


def on_null(condition: Condition) -> bool | None:
    """Whether it holds; None where only the values of the request can tell."""
    match condition:
        case Const(holds):
            return holds
        case Not(item):
            found = on_null(item)
            return None if found is None else not found
        case And(items):
            return _junction([on_null(item) for item in items], decisive=False)
        case Or(items):
            return _junction([on_null(item) for item in items], decisive=True)
        case Compare(_, op, value):
            if op not in _ASK:
                return op in _HOLD
            return bool(value.value) if isinstance(value, Literal) else None
        case Through(_, where):
            return on_null(where)
        case Over(_, quantifier, _):
            return quantifier != "some"


def _junction(found: list[bool | None], *, decisive: bool) -> bool | None:
    if decisive in found:
        return decisive
    return None if None in found else not decisive
