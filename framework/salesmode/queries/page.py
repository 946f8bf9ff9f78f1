"""Fourth pass: `first after last before offset` become a page: refused where wrong and never capped."""

from dataclasses import replace
from typing import Any

from salesmode.access.policy import Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import Literal
from salesmode.queries import nodes
from salesmode.queries.cursor import CursorLeaf
from salesmode.queries.walk import each_rows

DEFAULT_SIZE = 50
MAX_SIZE = 1000


def page_rows(root: nodes.Root, _policy: Policy) -> nodes.Root:
    """Every connection's page. The policy has no say in it."""
    return each_rows(root, lambda rows: replace(rows, page=_page(rows)))


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


def _page(rows: nodes.Rows) -> nodes.Page:
    given = {name: leaf for name, leaf in rows.args.items() if leaf != Literal(None)}
    forward, backward = given.keys() & {"first", "after"}, given.keys() & {"last", "before"}
    if (forward and backward) or ("offset" in given and given.keys() & {"after", "last", "before"}):
        raise Refusal("BAD_REQUEST", Message("page_directions"))
    size = given.get("last" if backward else "first", Literal(DEFAULT_SIZE))
    return nodes.Page(
        _checked(size, size_of),
        bool(backward),
        _checked(given.get("offset"), offset_of),
        _cursor(given, rows),
    )


def _checked(leaf: Any, check: Any) -> Any:
    if isinstance(leaf, Literal):
        check(leaf.value)
    return leaf


def _cursor(given: dict[str, Any], rows: nodes.Rows) -> CursorLeaf | None:
    cursor = given.get("after") or given.get("before")
    if cursor is None:
        return None
    assert isinstance(cursor, CursorLeaf), "a cursor argument carries its null pattern"
    if len(cursor.nulls) != len(rows.order) - 1:
        raise Refusal("BAD_REQUEST", Message("foreign_cursor"))
    return cursor
