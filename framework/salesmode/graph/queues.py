"""Work queues: the types of `workQueue`, and what `metadata` tells of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salesmode.access.asked import queue_asked
from salesmode.graph.blueprint import Blueprint, plain, required, required_list_of
from salesmode.graph.view import View
from salesmode.model.label import Label
from salesmode.model.queue import Queue, QueueItem

QUEUE_NAME = "QueueName"
QUEUE_ARGUMENTS = {
    "name": required(QUEUE_NAME),
    "first": "Int",
    "after": "String",
    "last": "Int",
    "before": "String",
    "offset": "Int",
}

_TEXT = required("String")
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "WorkQueueConnection": {
        "edges": required_list_of("WorkQueueEdge"),
        "nodes": required_list_of("WorkQueueEntry"),
        "pageInfo": required("PageInfo"),
        "totalCount": required("Int"),
    },
    "WorkQueueEdge": {"node": required("WorkQueueEntry"), "cursor": _TEXT},
    "WorkQueueEntry": {
        "item": _TEXT,
        "priority": required("Int"),
        "reason": _TEXT,
        "script": "String",
        "due": "Date",
        "object": required("ObjectName"),
        "id": required("ID"),
        "title": _TEXT,
        "record": "Node",
    },
    "MetadataQueue": {
        "name": _TEXT,
        "label": _TEXT,
        "items": required_list_of("MetadataQueueItem"),
    },
    "MetadataQueueItem": {
        "name": _TEXT,
        "object": _TEXT,
        "priority": required("Int"),
        "reason": _TEXT,
        "script": "String",
    },
}

QUEUE_TYPES = {name: plain(name, members) for name, members in _MEMBERS.items()}


def queues_offered(view: View) -> Iterator[tuple[Queue, tuple[QueueItem, ...]]]:
    """The queues that the policy is offered, each with the items that it may ask for."""
    for each in view.model.queues.values():
        items = queue_asked(each, view.policy, view.model)
        if items:
            yield each, items


def queue_names(view: View) -> Blueprint | None:
    """`QueueName`: the queues that the policy is offered."""
    members = {each.name: view.said(each.label) for each, _ in queues_offered(view)}
    return Blueprint(form="enum", name=QUEUE_NAME, members=lambda: members) if members else None


def queue_rows(view: View, text: Callable[[Label | None], str | None]) -> Iterator[Mapping[str, Any]]:
    """What `metadata` tells of them."""
    for each, items in queues_offered(view):
        told = [
            {
                **{name: getattr(item, name) for name in ("name", "object", "priority")},
                "reason": text(item.reason),
                "script": text(item.script),
            }
            for item in items
        ]
        yield {"name": each.name, "label": text(each.label), "items": told}
