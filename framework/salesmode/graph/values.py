"""Inputs of a mutation: what the client gave, under the model's names, with variables in place.

Values stay as they were given: the write path reads them, so that all problems of shape are found together
(RULING 11).
"""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type

from salesmode.database.environment import Environment, getter
from salesmode.graph.limits import Limits, limit_list
from salesmode.graph.raw import filled
from salesmode.graph.trees import member, refuse_missing


def inputs_of(raw: Any, type_: Any, variables: Mapping[str, Any], limits: Limits) -> Any:
    """The value of an `input` argument, a dict or a list of dicts."""
    return _value(filled(raw, dict(variables)), type_, limits)


def value_of(tree: Any, environment: Environment) -> Any:
    """The value of an argument's tree."""
    match tree:
        case list():
            return [value_of(each, environment) for each in tree]
        case dict():
            return {name: value_of(each, environment) for name, each in tree.items()}
    return getter(tree)(environment)


def _value(raw: Any, type_: Any, limits: Limits) -> Any:
    if isinstance(type_, GraphQLNonNull):
        if raw is None:
            raise GraphQLError(f"Expected a value of type '{type_}', found null.")
        return _value(raw, type_.of_type, limits)
    if raw is None:
        return None
    named = get_named_type(type_)
    if isinstance(type_, GraphQLList) and isinstance(raw, list):
        limit_list(len(raw), limits)
    if not isinstance(named, GraphQLInputObjectType):
        return [raw] if isinstance(type_, GraphQLList) and not isinstance(raw, list) else raw
    if isinstance(type_, GraphQLList):
        return [_value(each, type_.of_type, limits) for each in (raw if isinstance(raw, list) else [raw])]
    return _object(raw, named, limits)


def _object(raw: Any, type_: GraphQLInputObjectType, limits: Limits) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise GraphQLError(f"Expected type '{type_.name}' to be an object.")
    refuse_missing(raw, type_)
    names: Mapping[str, str] = type_.extensions["writes"]() if "writes" in type_.extensions else {}
    return {names.get(key, key): _value(each, member(type_, key), limits) for key, each in raw.items()}
