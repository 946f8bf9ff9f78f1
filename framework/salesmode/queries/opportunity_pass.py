"""Sixth pass: the arguments of `opportunityView` become a condition, an order and a page, as those of any
connection do.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import Literal, both
from salesmode.queries import nodes
from salesmode.queries.filters import condition_of
from salesmode.queries.names import unknown
from salesmode.queries.opportunity_rows import FIRST_OPEN, view_policy
from salesmode.queries.page import page_of
from salesmode.queries.walk import each_opportunities

_NOTHING = Literal(None)


def ask_opportunities(root: nodes.Root, policy: Policy) -> nodes.Root:
    """Every view; without `orderBy` what is open comes first, then what closes first (RULING 38)."""
    return each_opportunities(root, lambda found: _asked(found, policy))


def _asked(found: nodes.Opportunities, policy: Policy) -> nodes.Opportunities:
    granted, where = view_policy(), found.args.get("where", _NOTHING)
    order = _order(found.args.get("orderBy", _NOTHING), granted)
    return replace(
        found,
        where=both() if where == _NOTHING else condition_of(where, granted, policy),
        order=order,
        page=page_of(found.args, keys=len(order) - 1),
    )


def _order(given: Any, granted: ObjectPolicy) -> tuple[nodes.OrderKey, ...]:
    keys = {} if given == _NOTHING else {each.field: each for each in (_key(each, granted) for each in given)}
    wanted = tuple(keys.values()) or tuple(nodes.OrderKey((), each) for each in FIRST_OPEN)
    return (*wanted, nodes.OrderKey((), "id"))


def _key(entry: Any, granted: ObjectPolicy) -> nodes.OrderKey:
    if not isinstance(entry, Mapping) or len(entry) != 1:
        raise Refusal("BAD_REQUEST", Message("one_order_key"))
    ((name, direction),) = entry.items()
    if name not in granted.comparable:
        raise unknown(name)
    if not isinstance(direction, Literal) or direction.value not in ("ASC", "DESC"):
        raise Refusal("BAD_REQUEST", Message("one_order_key"))
    return nodes.OrderKey((), granted.comparable[name].name, direction.value == "DESC")
