"""How a pass reaches every connection and every aggregation of a plan, wherever records are selected."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from salesmode.queries import nodes


def each_rows(root: nodes.Root, change: Callable[[nodes.Rows], nodes.Rows]) -> nodes.Root:
    """The plan with `change` applied to every connection, outer ones first."""
    return _Walk(rows=change).root(root)


def each_aggregation(
    root: nodes.Root, change: Callable[[nodes.Aggregation], nodes.Aggregation]
) -> nodes.Root:
    """The plan with `change` applied to every aggregation, at the root and in connections."""
    return _Walk(aggregation=change).root(root)


def each_opportunities(
    root: nodes.Root, change: Callable[[nodes.Opportunities], nodes.Opportunities]
) -> nodes.Root:
    """The plan with `change` applied to every view of opportunities."""
    return _Walk(opportunities=change).root(root)


def _same(found: Any) -> Any:
    return found


@dataclass(frozen=True)
class _Walk:
    """A copy of a plan, changed where a pass wants it."""

    rows: Callable[[nodes.Rows], nodes.Rows] = _same
    aggregation: Callable[[nodes.Aggregation], nodes.Aggregation] = _same
    opportunities: Callable[[nodes.Opportunities], nodes.Opportunities] = _same

    def root(self, root: nodes.Root) -> nodes.Root:
        match root:
            case nodes.Rows():
                return self._rows(root)
            case nodes.Point() | nodes.Viewer():
                return replace(root, record=self._record(root.record))
            case nodes.AnyPoint():
                return replace(root, records=self._records(root.records))
            case nodes.Gathered():
                places = (replace(each, record=self._record(each.record)) for each in root.places)
                return replace(root, places=tuple(places))
            case nodes.Search():
                return replace(root, items=tuple(self._hit(each) for each in root.items))
            case nodes.Aggregation():
                return self._aggregation(root)
            case nodes.Funnel() | nodes.TagFunnel():
                return root
            case nodes.Forecast() | nodes.WinRate() | nodes.Comparison():
                return replace(root, items=tuple(self._key(each) for each in root.items))
            case nodes.Attainment() | nodes.Report() | nodes.Queue():
                return self._saved(root)

    def _saved(self, root: nodes.Attainment | nodes.Report | nodes.Queue) -> nodes.Root:
        match root:
            case nodes.Attainment():
                return replace(root, items=tuple(self._part(each) for each in root.items))
            case nodes.Queue():
                return replace(root, parts=tuple(self._part(each) for each in root.parts))
            case nodes.Report():
                return root

    def _rows(self, rows: nodes.Rows) -> nodes.Rows:
        changed = self.rows(rows)
        return replace(changed, parts=tuple(self._part(each) for each in changed.parts))

    def _part(self, part: Any) -> Any:
        """A part of a connection, of a history or of a view, or of one of its parts."""
        if isinstance(part, nodes.Nodes | nodes.EdgeNode | nodes.EntryAuthor):
            return replace(part, record=self._record(part.record))
        if isinstance(part, nodes.Aggregation):
            return self._aggregation(part)
        if isinstance(part, nodes.HitRecord):
            return self._hit(part)
        if hasattr(part, "items"):
            return replace(part, items=tuple(self._part(each) for each in part.items))
        return part

    def _record(self, record: nodes.Record) -> nodes.Record:
        return replace(record, items=tuple(self._item(each) for each in record.items))

    def _records(self, records: Iterable[nodes.Record]) -> tuple[nodes.Record, ...]:
        return tuple(self._record(each) for each in records)

    def _item(self, item: nodes.Item) -> nodes.Item:
        match item:
            case nodes.One() | nodes.Listed():
                return replace(item, record=self._record(item.record))
            case nodes.Many():
                return replace(item, rows=self._rows(item.rows))
            case nodes.History():
                return replace(item, parts=tuple(self._part(each) for each in item.parts))
            case nodes.Opportunities():
                changed = self.opportunities(item)
                return replace(changed, parts=tuple(self._part(each) for each in changed.parts))
            case _:
                return item

    def _hit(
        self, item: nodes.TypeName | nodes.HitFact | nodes.HitRecord
    ) -> nodes.TypeName | nodes.HitFact | nodes.HitRecord:
        return (
            replace(item, records=self._records(item.records)) if isinstance(item, nodes.HitRecord) else item
        )

    def _aggregation(self, found: nodes.Aggregation) -> nodes.Aggregation:
        changed = self.aggregation(found)
        return replace(changed, items=tuple(self._key(each) for each in changed.items))

    def _key(self, item: Any) -> Any:
        """A key of an aggregation, down to the records in it."""
        match item:
            case nodes.KeyObject():
                return replace(item, items=tuple(self._key(each) for each in item.items))
            case nodes.KeyRecord():
                return replace(item, record=self._record(item.record))
            case _:
                return item
