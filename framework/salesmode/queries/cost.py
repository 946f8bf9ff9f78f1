"""Last pass: what a plan would cost, by its shape; too much is refused before any SQL is made."""

from typing import TypeVar

from salesmode.access.policy import Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import And, Condition, Not, Or, Over, Through
from salesmode.queries import nodes
from salesmode.queries.walk import each_aggregation, each_rows

_Filtered = TypeVar("_Filtered", nodes.Rows, nodes.Aggregation)

MAX_TERMS = 200
MAX_NESTING = 8


def limit_cost(root: nodes.Root, _policy: Policy) -> nodes.Root:
    """The plan unchanged, or QUERY_TOO_COMPLEX with the limit that it breaks. The policy has no say in it."""
    wheres: list[Condition] = []
    each_rows(root, lambda rows: _noted(rows, wheres))
    each_aggregation(root, lambda found: _noted(found, wheres))
    if sum(_terms(where, 0) for where in wheres) > MAX_TERMS:
        raise too_complex("filter terms", MAX_TERMS)
    return root


def _noted(found: _Filtered, wheres: list[Condition]) -> _Filtered:
    wheres.append(found.where)
    return found


def too_complex(limit: str, maximum: int) -> Refusal:
    """A refusal that names the limit."""
    return Refusal("QUERY_TOO_COMPLEX", Message("limit", {"limit": limit, "max": maximum}))


def _terms(condition: Condition, depth: int) -> int:
    if depth > MAX_NESTING:
        raise too_complex("filter nesting", MAX_NESTING)
    match condition:
        case And(items) | Or(items):
            return sum(_terms(each, depth + 1) for each in items)
        case Not(item):
            return _terms(item, depth + 1)
        case Through(_, where) | Over(_, _, where):
            return 1 + _terms(where, depth + 1)
        case _:
            return 1
