"""How many rows an answer may hold at most: sizes of pages multiply on the way down and add up side by side.

A connection of which only totals are asked has no page. A record behind a reference is counted with its row.
Of tags there are about as many on a record as there are kinds of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, cast

from salesmode.database.environment import Environment, getter
from salesmode.model.condition import Literal
from salesmode.queries import nodes
from salesmode.queries.page import DEFAULT_SIZE, MAX_SIZE, size_of
from salesmode.queries.pick import Leaf

Volume = Callable[[Environment], int]

_TOTALS = (nodes.TypeName, nodes.Total, nodes.Aggregation, nodes.OpportunityTotals)


@dataclass(frozen=True, slots=True)
class _Paged:
    """So many rows, with what is below each."""

    size: Volume
    below: tuple["_Paged", ...]

    def rows(self, environment: Environment) -> int:
        return self.size(environment) * (1 + sum(each.rows(environment) for each in self.below))


def volume_of(root: nodes.Root) -> Volume:
    """A function of the values of a request, which has the sizes that are variables.

    It raises the refusal of a size that is none.
    """
    paged = tuple(_paged(root))
    return lambda environment: sum(each.rows(environment) for each in paged)


def _paged(node: Any) -> Iterator[_Paged]:
    """The outermost pages in a part of the plan, whatever kind of part it is."""
    below = tuple(found for child in _children(node) for found in _paged(child))
    size = _size(node)
    if isinstance(node, nodes.Several):
        yield _Paged(_number_of(node.ids), below)
    elif size is None:
        yield from below
    else:
        yield _Paged(_size_of(size), below)


def _number_of(ids: Leaf) -> Volume:
    find = getter(ids)
    return lambda environment: len(cast(Sequence[str], find(environment)))


def _size_of(leaf: Leaf) -> Volume:
    find = getter(leaf)
    return lambda environment: size_of(find(environment))


def _size(node: Any) -> Leaf | None:
    """How many rows there are of it; None for what is no list of rows."""
    match node:
        case nodes.Many(plain=True):
            return Literal(len(node.inverse.tags))
        case nodes.Search():
            return Literal(DEFAULT_SIZE) if node.size == Literal(None) else node.size
        case nodes.Forecast() | nodes.WinRate() | nodes.Comparison():
            return Literal(MAX_SIZE)
        case nodes.Attainment():
            return node.size
        case nodes.Aggregation(listed=True):
            return Literal(MAX_SIZE) if node.size is None else node.size
    page: nodes.Page | None = getattr(node, "page", None)
    if page is None or all(isinstance(part, _TOTALS) for part in node.parts):
        return None
    return page.size


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, nodes.Many) and node.plain:
        yield from node.rows.parts
        return
    for each in fields(node):
        value = getattr(node, each.name)
        for child in value if isinstance(value, tuple) else (value,):
            if is_dataclass(child) and type(child).__module__.startswith(nodes.__name__):
                yield child
