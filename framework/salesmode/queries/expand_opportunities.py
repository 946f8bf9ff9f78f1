"""The names of `opportunityView` (RULING 38). Its filters and orders are read by the passes that read all."""

from collections.abc import Callable, Iterable

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.model.condition import Literal
from salesmode.pipelines.lines import seen_lines
from salesmode.queries import nodes
from salesmode.queries.names import page_fact, unknown
from salesmode.queries.pick import Pick

VIEW_FIELD = "opportunityView"

Records = Callable[[Iterable[Pick]], tuple[nodes.Record, ...]]

_FACTS = ("granularity", "pipeline", "label", "status", "stage", "stageLabel", "amount", "closeDate")
_TOTALS = ("granularity", "count", "amount")


def opportunities_of(
    pick: Pick, customer: ObjectPolicy, policy: Policy, records: Records
) -> nodes.Opportunities:
    """The plan of a view; `records` expands what is selected of a record of whichever type."""
    lines = seen_lines(customer, policy)
    if not lines:
        raise unknown(pick.name)
    parts = tuple(_part(each, records) for each in pick.picks)
    below = pick.args.get("below", Literal(None))
    return nodes.Opportunities(pick.key, lines, parts, dict(pick.args), below=below == Literal(True))


def _part(pick: Pick, records: Records) -> nodes.OpportunityPart:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "OpportunityViewConnection")
        case "nodes":
            return nodes.OpportunityNodes(pick.key, _items(pick.picks, records))
        case "edges":
            return nodes.OpportunityEdges(pick.key, tuple(_edge(each, records) for each in pick.picks))
        case "pageInfo":
            return nodes.PageInfo(pick.key, tuple(page_fact(each) for each in pick.picks))
        case "totalCount":
            return nodes.Total(pick.key)
        case "totals":
            return nodes.OpportunityTotals(pick.key, tuple(_total(each) for each in pick.picks))
        case name:
            raise unknown(name)


def _edge(pick: Pick, records: Records) -> nodes.TypeName | nodes.EdgeCursor | nodes.OpportunityNode:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "OpportunityViewEdge")
        case "cursor":
            return nodes.EdgeCursor(pick.key)
        case "node":
            return nodes.OpportunityNode(pick.key, _items(pick.picks, records))
        case name:
            raise unknown(name)


def _items(picks: Iterable[Pick], records: Records) -> tuple[nodes.OpportunityItem, ...]:
    return tuple(_item(each, records) for each in picks)


def _item(pick: Pick, records: Records) -> nodes.OpportunityItem:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "OpportunityView")
        case "record":
            return nodes.HitRecord(pick.key, records(pick.picks))
        case name if name in _FACTS:
            return nodes.OpportunityFact(pick.key, name)
        case name:
            raise unknown(name)


def _total(pick: Pick) -> nodes.TypeName | nodes.OpportunityFact:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "OpportunityViewTotal")
        case name if name in _TOTALS:
            return nodes.OpportunityFact(pick.key, name)
        case name:
            raise unknown(name)
