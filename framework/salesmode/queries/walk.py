"""How a pass reaches every connection of a plan."""

from collections.abc import Callable
from dataclasses import replace

from salesmode.queries import nodes


def each_rows(root: nodes.Root, change: Callable[[nodes.Rows], nodes.Rows]) -> nodes.Root:
    """The plan with `change` applied to every connection, outer ones first."""
    match root:
        case nodes.Rows():
            return _rows(root, change)
        case nodes.Point() | nodes.Viewer():
            return replace(root, record=_record(root.record, change))
        case nodes.AnyPoint():
            return replace(root, records=tuple(_record(each, change) for each in root.records))
        case nodes.Search():
            return replace(root, items=tuple(_hit(each, change) for each in root.items))
        case nodes.Aggregation():
            return root


def _hit(
    item: nodes.TypeName | nodes.HitFact | nodes.HitRecord, change: Callable[[nodes.Rows], nodes.Rows]
) -> nodes.TypeName | nodes.HitFact | nodes.HitRecord:
    if not isinstance(item, nodes.HitRecord):
        return item
    return replace(item, records=tuple(_record(each, change) for each in item.records))


def _rows(rows: nodes.Rows, change: Callable[[nodes.Rows], nodes.Rows]) -> nodes.Rows:
    changed = change(rows)
    return replace(changed, parts=tuple(_part(part, change) for part in changed.parts))


def _part(part: nodes.Part, change: Callable[[nodes.Rows], nodes.Rows]) -> nodes.Part:
    match part:
        case nodes.Nodes():
            return replace(part, record=_record(part.record, change))
        case nodes.Edges():
            return replace(
                part,
                items=tuple(
                    replace(each, record=_record(each.record, change))
                    if isinstance(each, nodes.EdgeNode)
                    else each
                    for each in part.items
                ),
            )
        case _:
            return part


def _record(record: nodes.Record, change: Callable[[nodes.Rows], nodes.Rows]) -> nodes.Record:
    return replace(record, items=tuple(_item(item, change) for item in record.items))


def _item(item: nodes.Item, change: Callable[[nodes.Rows], nodes.Rows]) -> nodes.Item:
    match item:
        case nodes.One():
            return replace(item, record=_record(item.record, change))
        case nodes.Many():
            return replace(item, rows=_rows(item.rows, change))
        case _:
            return item


def each_aggregation(
    root: nodes.Root, change: Callable[[nodes.Aggregation], nodes.Aggregation]
) -> nodes.Root:
    """The plan with `change` applied to every aggregation, at the root and in connections."""
    if isinstance(root, nodes.Aggregation):
        return change(root)

    def parts(rows: nodes.Rows) -> nodes.Rows:
        changed = tuple(change(part) if isinstance(part, nodes.Aggregation) else part for part in rows.parts)
        return replace(rows, parts=changed)

    return each_rows(root, parts)
