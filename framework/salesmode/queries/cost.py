"""What a plan would cost, by its shape; too much is refused before any SQL is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import And, Condition, Not, Or, Over, Through
from salesmode.queries import nodes
from salesmode.queries.walk import each_aggregation, each_opportunities, each_rows

_Filtered = TypeVar("_Filtered", nodes.Rows, nodes.Aggregation, nodes.Opportunities)


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """Of all filters of one root field together: their terms, and how deep each is nested."""

    terms: int = 200
    nesting: int = 8


FILTERS = FilterLimits()


def limit_cost(root: nodes.Root, limits: FilterLimits) -> None:
    """QUERY_TOO_COMPLEX with the limit that a plan breaks."""
    wheres: list[Condition] = [root.where] if isinstance(root, nodes.Analysis) else []
    wheres += [root.asked] if isinstance(root, nodes.Report) else []
    each_rows(root, lambda rows: _noted(rows, wheres))
    each_aggregation(root, lambda found: _noted(found, wheres))
    each_opportunities(root, lambda found: _noted(found, wheres))
    limit_filters(wheres, limits)


def limit_filters(wheres: Iterable[Condition], limits: FilterLimits) -> None:
    """QUERY_TOO_COMPLEX where conditions that came from one client are too many or nested too deeply."""
    if sum(_terms(where, 0, limits.nesting) for where in wheres) > limits.terms:
        raise _too_complex("filter terms", limits.terms)


def _noted(found: _Filtered, wheres: list[Condition]) -> _Filtered:
    wheres.append(found.where)
    return found


def _too_complex(limit: str, maximum: int) -> Refusal:
    """A refusal that names the limit."""
    return Refusal("QUERY_TOO_COMPLEX", Message("limit", {"limit": limit, "max": maximum}))


def _terms(condition: Condition, depth: int, most: int) -> int:
    if depth > most:
        raise _too_complex("filter nesting", most)
    match condition:
        case And(items) | Or(items):
            return sum(_terms(each, depth + 1, most) for each in items)
        case Not(item):
            return _terms(item, depth + 1, most)
        case Through(_, where) | Over(_, _, where):
            return 1 + _terms(where, depth + 1, most)
        case _:
            return 1
