"""What the schema has of moves between stages: `moveOpportunity`, and what stands in the way of one."""

from collections.abc import Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import required
from salesmode.graph.view import View
from salesmode.model.names import pascal
from salesmode.pipelines.movers import shows_places


def can_move(granted: ObjectPolicy) -> bool:
    """Whether the policy moves some records: it updates them, and sees on some of them where they stand."""
    return bool(granted.move) and shows_places(granted)


def move_arguments(view: View, granted: ObjectPolicy) -> Mapping[str, str]:
    """Without `input` where the policy writes no field of a record that is there."""
    update = f"{pascal(granted.object.name)}Update"
    written = {"input": update} if view.writable(granted, "update") else {}
    return {
        "id": required("ID"),
        "to": required("String"),
        **written,
        "comment": "String",
        "ifVersion": "Int",
    }
