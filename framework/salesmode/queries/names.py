"""What to say of a name that leads nowhere, and the names that every connection has."""

from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.queries import nodes
from salesmode.queries.pick import Pick

_PAGE_FACTS = ("hasNextPage", "hasPreviousPage", "startCursor", "endCursor")


def unknown(name: str) -> Refusal:
    """The one refusal for a name that does not exist and for one that is not granted."""
    return Refusal("BAD_REQUEST", Message("unknown_name", {"name": name}))


def page_fact(pick: Pick) -> nodes.TypeName | nodes.PageFact:
    """One field of `pageInfo`."""
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, "PageInfo")
    if pick.name in _PAGE_FACTS:
        return nodes.PageFact(pick.key, pick.name)
    raise unknown(pick.name)
