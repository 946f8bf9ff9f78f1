"""Which fields of a row a selection touches, its guards included: what a page has to carry from its table."""

from collections.abc import Iterator

from salesmode.access.policy import FieldPolicy
from salesmode.access.scope import PolicyScope
from salesmode.model.condition import ALWAYS, And, Compare, Condition, Const, Not, Or, Over, RowValue, Through
from salesmode.queries import nodes


def fields_of(record: nodes.Record, scope: PolicyScope) -> set[str]:
    """Names of the record's own fields that its items and their guards read."""
    granted = scope.policy.objects[record.object.name].fields
    touched = {"id"}
    for item in record.items:
        if isinstance(item, nodes.Value | nodes.One):
            touched.add(item.field)
            touched.update(_guards(granted[item.field]))
        if isinstance(item, nodes.History):
            guarded = {name: each for name, each in granted.items() if each.clear != ALWAYS}
            touched.update(guarded, *map(_guards, guarded.values()))
    return touched


def _guards(granted: FieldPolicy) -> Iterator[str]:
    yield from _read(granted.clear)
    for masking in granted.maskings:
        yield from _read(masking.where)


def _read(condition: Condition) -> Iterator[str]:
    """Fields of the row itself; what lies behind a relation is found by the relation's own column."""
    match condition:
        case And(items) | Or(items):
            for item in items:
                yield from _read(item)
        case Not(item):
            yield from _read(item)
        case Compare(field, _, value, upper):
            yield field
            yield from (each.field for each in (value, upper) if isinstance(each, RowValue))
        case Through(field, where):
            yield field
            yield from _row_values(where)
        case Over(_, _, where):
            yield from _row_values(where)
        case Const():
            return


def _row_values(condition: Condition) -> Iterator[str]:
    """`$row.FIELD` behind a relation is still a field of this row."""
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
