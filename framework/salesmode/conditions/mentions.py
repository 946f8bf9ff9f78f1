"""What a condition looks at: fields of the row itself, values of the caller."""

from collections.abc import Iterator

from salesmode.model.condition import (
    And,
    Compare,
    Condition,
    Const,
    Not,
    Or,
    Over,
    RowValue,
    Through,
    UserValue,
)


def mentions(condition: Condition) -> frozenset[str]:
    """Names of the row's own fields; what lies behind a relation counts as the relation's own field.

    `$row.FIELD` is a field of this row wherever it stands.
    """
    return frozenset(_own(condition))


def overs(condition: Condition) -> frozenset[str]:
    """Names of the row's own to-many relations that it ranges over."""
    match condition:
        case And(items) | Or(items):
            return frozenset[str]().union(*(overs(each) for each in items))
        case Not(item):
            return overs(item)
        case Over(inverse):
            return frozenset({inverse})
        case _:
            return frozenset()


def row_values(condition: Condition) -> frozenset[str]:
    """The fields that `$row` names in it."""
    return frozenset(_row_values(condition))


def _own(condition: Condition) -> Iterator[str]:
    match condition:
        case And(items) | Or(items):
            for item in items:
                yield from _own(item)
        case Not(item):
            yield from _own(item)
        case Compare(field):
            yield field
            yield from _row_values(condition)
        case Through(field, where):
            yield field
            yield from _row_values(where)
        case Over(_, _, where):
            yield from _row_values(where)
        case Const():
            return


def _row_values(condition: Condition) -> Iterator[str]:
    match condition:
        case And(items) | Or(items):
            for item in items:
                yield from _row_values(item)
        case Not(item) | Through(_, item) | Over(_, _, item):
            yield from _row_values(item)
        case Compare(_, _, value, upper):
            yield from (each.field for each in (value, upper) if isinstance(each, RowValue))
        case Const():
            return


def user_values(condition: Condition) -> frozenset[str]:
    """Names of the values of `$user` that it compares with, at whatever depth."""
    match condition:
        case And(items) | Or(items):
            return frozenset[str]().union(*(user_values(each) for each in items))
        case Not(item) | Through(_, item) | Over(_, _, item):
            return user_values(item)
        case Compare(_, _, value, upper):
            return frozenset(each.name for each in (value, upper) if isinstance(each, UserValue))
        case Const():
            return frozenset()
