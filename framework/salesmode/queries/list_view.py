"""Before the passes: a list view that a connection asks for is what its rows begin with.

Its condition and order are compiled like a client's own, in the policy's scope.
"""

from dataclasses import replace

from salesmode.access.asked import offers
from salesmode.access.scope import PolicyScope
from salesmode.model.condition import Literal
from salesmode.queries import nodes
from salesmode.queries.names import unknown

VIEW = "view"


def with_view(root: nodes.Root, scope: PolicyScope) -> nodes.Root:
    """The plan with the view that its arguments name; Refusal BAD_REQUEST for one that is not offered."""
    if not isinstance(root, nodes.Rows) or root.args.get(VIEW, Literal(None)) == Literal(None):
        return root
    name = str(root.args[VIEW].value)
    found = scope.model.list_views.get(name)
    if found is None or found.object != root.object.name or not offers(found, scope.policy, scope.model):
        raise unknown(name)
    order = tuple(nodes.OrderKey(each.path, each.field, each.descending) for each in found.order)
    return replace(root, where=found.where, order=order)
