"""The fields of Query and Mutation: which there are for a policy, and how each is made when it is first
touched.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.analyses import analysis_field, can_analyse
from salesmode.graph.blueprint import Blueprint, Member, field, list_of, required, required_list_of
from salesmode.graph.explanation import EXPLANATIONS, can_explain
from salesmode.graph.granting import GRANT_ARGUMENTS
from salesmode.graph.list_views import view_argument
from salesmode.graph.moving import can_move, move_arguments
from salesmode.graph.outputs import page_arguments
from salesmode.graph.plugged import has_plugged, plugged_field
from salesmode.graph.queues import QUEUE_ARGUMENTS, queues_offered
from salesmode.graph.reports import REPORT_FIELD, reports_offered
from salesmode.graph.search import can_search
from salesmode.graph.snapshots import takes_snapshots
from salesmode.graph.tagging import tag_mutation, tag_mutations
from salesmode.graph.targets import ATTAINMENT_FIELD, targets_offered
from salesmode.graph.transfer import TRANSFER, TRANSFER_ARGUMENTS, can_transfer
from salesmode.graph.view import View
from salesmode.model.grant import GRANTS
from salesmode.model.names import pascal
from salesmode.model.object import Object
from salesmode.model.published import ANALYSES, TAG_FUNNEL
from salesmode.model.snapshot import SNAPSHOT

_BUILT_IN = ("search", "viewer", "metadata", "node", "workQueue", "attainment", "report", *EXPLANATIONS)

_ANALYSES = (*ANALYSES, TAG_FUNNEL)


def has_query(view: View, name: str) -> bool:
    """Whether the policy has this field of Query."""
    derived = view.published.queries.get(name)
    if derived is not None and derived.kind in _ANALYSES:
        return can_analyse(view, derived.object, derived.kind)
    if derived is not None:
        return view.readable(derived.object)
    match name:
        case "search":
            return can_search(view)
        case "viewer":
            return view.readable("user")
        case "workQueue":
            return any(True for _ in queues_offered(view))
        case "report":
            return any(True for _ in reports_offered(view))
        case "attainment":
            return any(True for _ in targets_offered(view))
        case str() if name in EXPLANATIONS:
            return can_explain(view, name)
        case str() if name in view.additions.queries:
            return has_plugged(view, view.additions.queries, name)
        case _:
            return name in _BUILT_IN


def has_mutation(view: View, name: str) -> bool:
    """Whether the policy has this field of Mutation: nobody's mutation is absent (RULING 20)."""
    if name == TRANSFER:
        return any(can_transfer(granted) for granted in view.policy.roots)
    if name in view.additions.mutations:
        return has_plugged(view, view.additions.mutations, name)
    derived = view.published.mutations.get(name)
    granted = view.policy.objects.get(derived.object) if derived else None
    return derived is not None and granted is not None and derived.kind in _kinds(view, granted)


def has_subscription(view: View, name: str) -> bool:
    """Whether the policy has this field of Subscription."""
    derived = view.published.subscriptions.get(name)
    return derived is not None and view.readable(derived.object)


def subscription_names(view: View) -> Iterator[str]:
    """All fields of Subscription that the policy has."""
    return (name for name in view.published.subscriptions if has_subscription(view, name))


def query_names(view: View) -> Iterator[str]:
    """All fields of Query that the policy has."""
    known = (*view.published.queries, *_BUILT_IN, *view.additions.queries)
    return (name for name in known if has_query(view, name))


def mutation_names(view: View) -> Iterator[str]:
    """All fields of Mutation that the policy has."""
    known = (*view.published.mutations, TRANSFER, *view.additions.mutations)
    return (name for name in known if has_mutation(view, name))


def query_field(view: View, name: str) -> Member:
    """One field of Query that the policy has."""
    if name in view.additions.queries:
        return plugged_field(view, view.additions.queries[name])
    derived = view.published.queries.get(name)
    if derived is None:
        return _built_in(name)
    described = view.model.objects[derived.object]
    if derived.kind in _ANALYSES:
        return analysis_field(derived.kind, described)
    one = pascal(described.name)
    match derived.kind:
        case "point":
            return field(one, view.said(described.label, described.help), {"id": required("ID")})
        case "list":
            arguments = {**page_arguments(described), **view_argument(view, described)}
            return field(required(f"{one}Connection"), view.said(described.plural_label), arguments)
        case _:
            return field(required_list_of(f"{one}Aggregate"), None, _group_arguments(described))


def mutation_field(view: View, name: str) -> Member:
    """One field of Mutation that the policy has."""
    if name in view.additions.mutations:
        return plugged_field(view, view.additions.mutations[name])
    if name == TRANSFER:
        return field(required("TransferPayload"), None, TRANSFER_ARGUMENTS)
    return _derived_mutation(view, name)


def _derived_mutation(view: View, name: str) -> Member:
    derived = view.published.mutations[name]
    described = view.model.objects[derived.object]
    one, many = pascal(described.name), pascal(described.plural)
    text = view.said(described.label)
    match derived.kind:
        case "create":
            return field(required(f"{one}Payload"), text, {"input": required(f"{one}Create")})
        case "create_many":
            return field(required(f"{many}Payload"), text, {"input": required_list_of(f"{one}Create")})
        case "upsert":
            arguments = {"by": required_list_of(f"{one}Field"), "input": required_list_of(f"{one}Create")}
            return field(required(f"{many}Payload"), text, arguments)
        case "update":
            arguments = {"id": required("ID"), "input": required(f"{one}Update"), "ifVersion": "Int"}
            return field(required(f"{one}Payload"), text, arguments)
        case "update_many":
            arguments = {"where": required(f"{one}Where"), "input": required(f"{one}Update")}
            return field(required(f"{many}Payload"), text, arguments)
        case "unmask":
            arguments = {"id": required("ID"), "fields": required_list_of(f"{one}MaskedField")}
            return field(required(f"{one}Payload"), text, arguments)
        case "move" | "tag" | "untag" | "promote_tag" | "take_snapshot":
            return _granted_mutation(view, view.policy.objects[derived.object], derived.kind)
        case "grant" | "revoke":
            return field(required(f"{one}Payload"), text, GRANT_ARGUMENTS[derived.kind])
        case _:
            return field(required(f"{one}Payload"), text, {"id": required("ID")})


def _granted_mutation(view: View, granted: ObjectPolicy, kind: str) -> Member:
    """One whose arguments or whose payload depend on what is granted."""
    if kind == "take_snapshot":
        text = view.said(granted.object.plural_label)
        return field(required(f"{pascal(SNAPSHOT)}Payload"), text, {"name": required("String")})
    if kind != "move":
        return tag_mutation(view, granted, kind)
    payload = required(f"{pascal(granted.object.name)}Payload")
    return field(payload, view.said(granted.object.label), move_arguments(view, granted))


def subscription_field(view: View, name: str) -> Member:
    """One field of Subscription that the policy has."""
    described = view.model.objects[view.published.subscriptions[name].object]
    one = pascal(described.name)
    return field(required(f"{one}Change"), view.said(described.label), {"where": f"{one}Where"})


def _kinds(view: View, granted: ObjectPolicy) -> set[str]:
    readable = view.readable(granted.object.name)
    creatable = bool(granted.create and view.writable(granted, "create"))
    updatable = bool(granted.update and view.writable(granted, "update"))
    kinds = {"create", "create_many"} if creatable else set()
    kinds |= {"update"} if updatable else set()
    kinds |= {"update_many"} if updatable and readable else set()
    kinds |= {"upsert"} if creatable and updatable and readable else set()
    kinds |= {"move"} if can_move(granted) else set()
    kinds |= {"grant", "revoke"} if granted.share and GRANTS in granted.inverses else set()
    kinds |= {"unmask"} if granted.unmaskable else set()
    kinds |= {"take_snapshot"} if takes_snapshots(view, granted) else set()
    kinds |= tag_mutations(view, granted)
    return kinds | ({"delete", "restore"} if granted.delete else set())


def _built_in(name: str) -> Member:
    match name:
        case "viewer":
            return field(required("User"))
        case str() if name in EXPLANATIONS:
            type_, arguments = EXPLANATIONS[name]
            return field(required(type_), None, arguments)
        case "search":
            arguments = {"text": required("String"), "objects": list_of("ObjectName"), "first": "Int"}
            return field(required_list_of("SearchHit"), None, arguments)
        case "report":
            return REPORT_FIELD
        case "attainment":
            return ATTAINMENT_FIELD
        case "workQueue":
            return field(required("WorkQueueConnection"), None, QUEUE_ARGUMENTS)
        case "node":
            return field("Node", None, {"id": required("ID")})
        case _:
            return field(required("Metadata"))


def _group_arguments(described: Object) -> Mapping[str, str]:
    one = pascal(described.name)
    return {
        "where": f"{one}Where",
        "groupBy": list_of(f"{one}GroupBy"),
        "orderBy": list_of(f"{one}AggregateOrderBy"),
        "first": "Int",
    }


@dataclass(frozen=True, slots=True)
class Root:
    """One of the three types that operations begin at: which fields it has, and how one of them is made."""

    name: str
    has: Callable[[View, str], bool]
    names: Callable[[View], Iterator[str]]
    field: Callable[[View, str], Member]

    def blueprint(self, view: View) -> Blueprint | None:
        """The whole type; None where the policy has no field of it."""
        if not any(True for _ in self.names(view)):
            return None
        return Blueprint(
            form="object",
            name=self.name,
            members=lambda: {each: self.field(view, each) for each in self.names(view)},
        )


ROOTS: Mapping[str, Root] = {
    "Query": Root("Query", has_query, query_names, query_field),
    "Mutation": Root("Mutation", has_mutation, mutation_names, mutation_field),
    "Subscription": Root("Subscription", has_subscription, subscription_names, subscription_field),
}
