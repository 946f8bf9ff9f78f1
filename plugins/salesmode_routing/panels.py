"""Tables on the console: who got what, and what moves through the pools."""

from collections.abc import Iterator

from salesmode.hookspecs import Panel
from salesmode.model.app import Model
from salesmode_routing.pools import objects_with_pools
from salesmode_routing.rules import KIND

_DECISIONS = """{ routingDecisions(orderBy: [{createdAt: DESC}], first: 50) {
  nodes { createdAt object record rule user { name } pool reason } } }"""
_MOVES = """{ poolMoves(orderBy: [{at: DESC}], first: 50) {
  nodes { at object record action pool fromUser { name } toUser { name } rule reason } } }"""


def panels(model: Model) -> Iterator[Panel]:
    """Where there are rules, and where there are pools."""
    if model.extensions.get(KIND):
        yield Panel(
            name="routing_decisions",
            title="Routing decisions",
            query=_DECISIONS,
            rows="routingDecisions.nodes",
            columns={
                "When": "createdAt",
                "Object": "object",
                "Record": "record",
                "Rule": "rule",
                "Who": "user.name",
                "Pool": "pool",
                "Why": "reason",
            },
        )
    if objects_with_pools(model):
        yield Panel(
            name="pool_moves",
            title="Pools",
            query=_MOVES,
            rows="poolMoves.nodes",
            columns={
                "When": "at",
                "Object": "object",
                "Record": "record",
                "What": "action",
                "Pool": "pool",
                "From": "fromUser.name",
                "To": "toUser.name",
                "Rule": "rule",
                "Why": "reason",
            },
        )
