"""Fifth pass: `first after last before offset` become a page: refused where wrong and never capped."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from salesmode.access.policy import Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import Literal
from salesmode.queries import nodes
from salesmode.queries.cursor import CursorLeaf
from salesmode.queries.pick import Leaf
from salesmode.queries.walk import each_rows

DEFAULT_SIZE = 50
MAX_SIZE = 1000


def page_rows(root: nodes.Root, _policy: Policy) -> nodes.Root:
    """Every connection's page. The policy has no say in it."""
    return each_rows(root, lambda rows: replace(rows, page=page_of(rows.args, keys=len(rows.order) - 1)))


def size_of(value: object) -> int:
    """`first` or `last` as a client gave it; BAD_REQUEST outside 0 to 1,000. Also run when a variable is
    bound.
    """
    if not isinstance(value, int) or not 0 <= value <= MAX_SIZE:
        raise Refusal("BAD_REQUEST", Message("page_size", {"max": MAX_SIZE}))
    return value


def offset_of(value: object) -> int:
    """`offset`; BAD_REQUEST for a negative one."""
    if not isinstance(value, int) or value < 0:
        raise Refusal("BAD_REQUEST", Message("page_offset"))
    return value


def page_of(args: Mapping[str, Any], *, keys: int) -> nodes.Page:
    """The page that arguments describe; `keys` is how many keys a cursor of this order has beside the id."""
    given = {name: leaf for name, leaf in args.items() if leaf != Literal(None)}
    forward, backward = given.keys() & {"first", "after"}, given.keys() & {"last", "before"}
    if (forward and backward) or ("offset" in given and given.keys() & {"after", "last", "before"}):
        raise Refusal("BAD_REQUEST", Message("page_directions"))
    size = given.get("last" if backward else "first", Literal(DEFAULT_SIZE))
    offset = given.get("offset")
    return nodes.Page(
        checked(size, size_of),
        bool(backward),
        None if offset is None else checked(offset, offset_of),
        _cursor(given.get("after") or given.get("before"), keys),
    )


def checked(leaf: Leaf, check: Callable[[object], int]) -> Leaf:
    """The leaf; one that is written in the request is checked now, a variable when it is bound."""
    if isinstance(leaf, Literal):
        check(leaf.value)
    return leaf


def _cursor(cursor: Any, keys: int) -> CursorLeaf | None:
    if cursor is None:
        return None
    assert isinstance(cursor, CursorLeaf), "a cursor argument carries its null pattern"
    if len(cursor.nulls) != keys:
        raise Refusal("BAD_REQUEST", Message("foreign_cursor"))
    return cursor
