"""The names of a record's `history`; which fields it may tell of is decided where its SQL is made."""

from collections.abc import Callable, Iterable

from salesmode.queries import nodes
from salesmode.queries.names import page_fact, unknown
from salesmode.queries.page import page_of
from salesmode.queries.pick import Pick

Author = Callable[[Iterable[Pick]], nodes.Record]


def history_of(pick: Pick, author: Author) -> nodes.History:
    """The plan of a history; `author` expands the user who made an entry."""
    parts = tuple(_part(each, author) for each in pick.picks)
    return nodes.History(pick.key, parts, dict(pick.args), page_of(pick.args, keys=0))


def _part(pick: Pick, author: Author) -> nodes.HistoryPart:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "HistoryConnection")
        case "nodes":
            return nodes.Entries(pick.key, _entry(pick.picks, author))
        case "edges":
            return nodes.EntryEdges(pick.key, tuple(_edge(each, author) for each in pick.picks))
        case "pageInfo":
            return nodes.PageInfo(pick.key, tuple(page_fact(each) for each in pick.picks))
        case "totalCount":
            return nodes.Total(pick.key)
        case name:
            raise unknown(name)


def _edge(pick: Pick, author: Author) -> nodes.TypeName | nodes.EdgeCursor | nodes.EntryNode:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "HistoryEdge")
        case "cursor":
            return nodes.EdgeCursor(pick.key)
        case "node":
            return nodes.EntryNode(pick.key, _entry(pick.picks, author))
        case name:
            raise unknown(name)


def _entry(picks: Iterable[Pick], author: Author) -> tuple[nodes.EntryItem, ...]:
    return tuple(_entry_item(pick, author) for pick in picks)


def _entry_item(pick: Pick, author: Author) -> nodes.EntryItem:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "HistoryEntry")
        case "at" | "operation":
            return nodes.EntryFact(pick.key, pick.name)
        case "by":
            return nodes.EntryAuthor(pick.key, author(pick.picks))
        case "changes":
            return nodes.EntryChanges(pick.key, tuple(_change(each) for each in pick.picks))
        case name:
            raise unknown(name)


def _change(pick: Pick) -> nodes.TypeName | nodes.ChangeFact:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "HistoryChange")
        case "field" | "label" | "old" | "new":
            return nodes.ChangeFact(pick.key, pick.name)
        case name:
            raise unknown(name)
