"""Seventh pass: the filter and the period of an analysis."""

from dataclasses import replace
from typing import Any

from salesmode.access.policy import Policy
from salesmode.model.condition import Literal, both
from salesmode.queries import nodes
from salesmode.queries.filters import condition_of
from salesmode.queries.pick import Leaf

_NOTHING = Literal(None)


def analyse(root: nodes.Root, policy: Policy) -> nodes.Root:
    """The root field, where it is one."""
    if not isinstance(root, nodes.Analysis):
        return root
    where = root.args.get("where", _NOTHING)
    granted = policy.objects[root.object.name]
    return replace(
        root,
        where=both() if where == _NOTHING else condition_of(where, granted, policy),
        since=_given(root.args.get("from", _NOTHING)),
        until=_given(root.args.get("to", _NOTHING)),
    )


def _given(leaf: Any) -> Leaf | None:
    return None if leaf == _NOTHING else leaf
