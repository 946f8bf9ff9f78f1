"""The types that every schema has, whatever the metadata says."""

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLInterfaceType, GraphQLNamedType, specified_scalar_types

from salesmode.graph.blueprint import Blueprint, Named, field, required
from salesmode.graph.explanation import explanation_type
from salesmode.graph.filters import scalar_filter
from salesmode.graph.history import HISTORY
from salesmode.graph.metadata import METADATA
from salesmode.graph.scalars import SCALARS
from salesmode.graph.search import SEARCH
from salesmode.graph.transfer import PAYLOAD
from salesmode.graph.types import Types, graphene_class
from salesmode.graph.view import View

_ENUMS: Mapping[str, Mapping[str, str | None]] = {
    "SortDirection": {"ASC": None, "DESC": None},
    "ChangeOperation": {
        "created": "A record that the subscriber may see was created.",
        "updated": "Something that the subscriber may see of the record changed.",
        "deleted": "The record was deleted.",
        "appeared": "The record came into what the subscription is about.",
        "disappeared": "The record is no longer what the subscription is about, or no longer visible.",
    },
    "DateBucket": dict.fromkeys(("HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")),
}


def built_in(name: str, types: Types, view: View) -> GraphQLNamedType | None:
    """The type of that name, if it is a built-in one that clients can use."""
    if name in specified_scalar_types:
        return specified_scalar_types[name]
    if name in SCALARS:
        scalar: GraphQLNamedType = types.create_scalar(SCALARS[name])
        return scalar
    if name == "Node":
        return _node(types)
    blueprint = _blueprint(name, view)
    return types.shell(blueprint) if blueprint else None


def _blueprint(name: str, view: View) -> Blueprint | None:
    if name in _ENUMS:
        return Blueprint(form="enum", name=name, members=lambda: _ENUMS[name])
    if name == "PageInfo":
        return Blueprint(form="object", name=name, members=_page_info)
    if name in SEARCH:
        return SEARCH[name](view)
    found = METADATA.get(name) or HISTORY.get(name) or PAYLOAD.get(name) or scalar_filter(name)
    return found or explanation_type(name, view)


def _page_info() -> Mapping[str, Any]:
    return {
        "hasNextPage": field(required("Boolean")),
        "hasPreviousPage": field(required("Boolean")),
        "startCursor": field(Named("String")),
        "endCursor": field(Named("String")),
    }


def _node(types: Types) -> GraphQLInterfaceType:
    """`interface Node`, for Relay (RULING 41)."""

    def fields() -> Any:
        holder = graphene_class("Node", graphene.Interface, {"id": field(required("ID"))})
        return types.create_fields_for_type(holder)

    return GraphQLInterfaceType("Node", fields, description="Whatever has an id.")
