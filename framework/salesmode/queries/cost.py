"""Last pass: what a plan would cost, by its shape; too much is refused before any SQL is made."""

from salesmode.access.policy import Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import And, Condition, Not, Or, Over, Through
from salesmode.queries import nodes
from salesmode.queries.walk import each_rows

MAX_TERMS = 200
MAX_NESTING = 8


def limit_cost(root: nodes.Root, _policy: Policy) -> nodes.Root:
    """The plan unchanged, or QUERY_TOO_COMPLEX with the limit that it breaks. The policy has no say in it."""
    terms = 0

    def count(rows: nodes.Rows) -> nodes.Rows:
        nonlocal terms
        terms += _terms(rows.where, 0)
        if terms > MAX_TERMS:
            raise too_complex("filter terms", MAX_TERMS)
        return rows

    return each_rows(root, count)


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
