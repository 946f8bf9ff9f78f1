"""What mutations answer, and what subscribers are told."""

from collections.abc import Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint, Member, field, required, required_list_of
from salesmode.graph.snapshots import takes_some
from salesmode.graph.tagging import tag_mutations
from salesmode.graph.view import View
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.model.snapshot import SNAPSHOT


def payload(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerPayload`: the id, and the record as the caller sees it afterwards (null when it went out of
    sight).
    """
    writes = granted.create or granted.update or granted.delete or granted.share or granted.unmaskable
    taken = granted.object.name == SNAPSHOT and takes_some(view)
    if not (writes or taken or tag_mutations(view, granted)):
        return None

    def members() -> Mapping[str, Member]:
        found = {"id": field(required("ID"))}
        if view.readable(granted.object.name):
            found[camel(granted.object.name)] = field(pascal(granted.object.name))
        return found

    return Blueprint(form="object", name=name, members=members)


def records_payload(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomersPayload`: how many were written, and those of them that the caller sees."""
    if not (granted.create or granted.update):
        return None

    def members() -> Mapping[str, Member]:
        found = {"count": field(required("Int"))}
        if view.readable(granted.object.name):
            found["nodes"] = field(required_list_of(pascal(granted.object.name)))
        return found

    return Blueprint(form="object", name=name, members=members)


def change(_view: View, name: str, described: Object) -> Blueprint:
    """`CustomerChange`: what a subscriber is told. A record that is gone has its id and nothing else."""
    members = {
        "operation": field(required("ChangeOperation")),
        "id": field(required("ID")),
        "record": field(pascal(described.name)),
        "changedFields": field(required_list_of("String"), "What looks different in an updated record."),
    }
    return Blueprint(form="object", name=name, members=lambda: members)
