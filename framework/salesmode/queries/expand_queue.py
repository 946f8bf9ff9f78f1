"""The names of `workQueue`: its items are those that the caller could ask for themselves."""

from collections.abc import Callable, Iterable

from salesmode.access.asked import queue_asked
from salesmode.access.scope import PolicyScope
from salesmode.model.queue import QueueItem
from salesmode.queries import nodes
from salesmode.queries.names import page_fact, unknown
from salesmode.queries.page import page_of
from salesmode.queries.pick import Pick

WORK_QUEUE = "workQueue"
KEYS = ("priority", "due")
"""What a place in the queue follows from, beside the id."""

_FACTS = ("item", "priority", "reason", "script", "due", "object", "id", "title")

Records = Callable[[Iterable[Pick]], tuple[nodes.Record, ...]]


def queue_of(pick: Pick, scope: PolicyScope, records: Records) -> nodes.Queue:
    """The plan of a queue; Refusal BAD_REQUEST for one that is not offered. `records` expands what is
    selected of a record of whichever type.
    """
    name = str(pick.args["name"].value)
    asked = queue_asked(scope.model.queues.get(name), scope.policy, scope.model)
    if not asked:
        raise unknown(name)
    parts = tuple(_part(each, records) for each in pick.picks)
    return nodes.Queue(name, tuple(sorted(asked, key=_rank)), parts, page_of(pick.args, keys=len(KEYS)))


def _rank(item: QueueItem) -> int:
    return -item.priority


def _part(pick: Pick, records: Records) -> nodes.QueuePart:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "WorkQueueConnection")
        case "nodes":
            return nodes.QueueNodes(pick.key, _entry(pick.picks, records))
        case "edges":
            return nodes.QueueEdges(pick.key, tuple(_edge(each, records) for each in pick.picks))
        case "pageInfo":
            return nodes.PageInfo(pick.key, tuple(page_fact(each) for each in pick.picks))
        case "totalCount":
            return nodes.Total(pick.key)
        case name:
            raise unknown(name)


def _edge(pick: Pick, records: Records) -> nodes.TypeName | nodes.EdgeCursor | nodes.QueueNode:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "WorkQueueEdge")
        case "cursor":
            return nodes.EdgeCursor(pick.key)
        case "node":
            return nodes.QueueNode(pick.key, _entry(pick.picks, records))
        case name:
            raise unknown(name)


def _entry(picks: Iterable[Pick], records: Records) -> tuple[nodes.QueueEntryItem, ...]:
    return tuple(_fact(each, records) for each in picks)


def _fact(pick: Pick, records: Records) -> nodes.QueueEntryItem:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "WorkQueueEntry")
        case "record":
            return nodes.HitRecord(pick.key, records(pick.picks))
        case name if name in _FACTS:
            return nodes.QueueFact(pick.key, name)
        case name:
            raise unknown(name)
