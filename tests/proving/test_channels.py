"""No way in without its prober: everything in the schema, and every operator, is claimed by a channel."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLObjectType

from salesmode.access.compose import policy_of
from salesmode.compiler import compile_app
from salesmode.fieldtypes.registry import FIELD_TYPES
from salesmode.graph.schema import LazySchema
from salesmode.graph.view import View
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.proving.channels import CHANNELS, claimed
from salesmode.proving.site import REFERENCES
from salesmode.resources import presets_dir

_PAGED = ("first", "after", "last", "before", "offset", "where", "orderBy")
# What a channel of another object's field claims member by member.
_BY_FIELD = ("record", "where", "order_by", "group_by")
_WHOLE = ("connection", "edge", "list_where", "aggregate", "aggregate_order_by", "records_payload")


@pytest.fixture(scope="module")
def schema() -> LazySchema:
    model = compile_app(presets_dir() / "expert_b2b").model
    return LazySchema(View(model, policy_of(model, {"admin"})))


def spots(schema: LazySchema) -> Iterator[str]:
    """Every place of an administrator's schema that takes or gives something, as `KIND.MEMBER`."""
    model, names = schema.view.model, schema.view.published
    yield from _root(schema.query_type, names.queries, "query")
    yield from _root(schema.mutation_type, names.mutations, "mutation")
    for name, derived in names.types.items():
        type_ = schema.type_map.get(name)
        members = (
            getattr(type_, "fields", {}) if derived.kind in (*_BY_FIELD, *_WHOLE, "create", "payload") else {}
        )
        for member in members:
            yield from _member(model.objects[derived.object], derived.kind, member)
    for name in ("PageInfo",):
        yield from (f"page_info.{each}" for each in schema.type_map[name].fields)


def _root(type_: GraphQLObjectType | None, derived: Any, word: str) -> Iterator[str]:
    assert type_ is not None
    for name, field in type_.fields.items():
        kind = derived[name].kind if name in derived else name
        yield f"{word}.{kind}"
        owner = "aggregate_root" if kind == "aggregate" else kind
        yield from (f"{owner}.{each}" for each in field.args)


def _member(object_: Object, kind: str, name: str) -> Iterator[str]:
    fields = {camel(each): field for each, field in object_.fields.items()}
    if kind == "payload":
        yield f"{kind}.{'record' if name == camel(object_.name) else name}"
    elif name in {camel(each) for each in object_.inverses} and kind not in _WHOLE:
        yield f"{kind}.*inverse"
    elif name in fields and kind in _BY_FIELD:
        yield f"{kind}.*reference" if fields[name].type in REFERENCES else f"{kind}.*"
    elif kind != "create":
        yield f"{kind}.{name}"


def operators() -> set[str]:
    return {f"operator.{each}" for type_ in FIELD_TYPES.values() for each in type_.operators}


def test_every_spot_of_the_schema_is_claimed(schema: LazySchema) -> None:
    assert set(spots(schema)) - claimed() == set()


def test_every_operator_is_claimed() -> None:
    assert {f"operator.{_snake(each.removeprefix('operator.'))}" for each in operators()} - claimed() == set()


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def test_nothing_is_claimed_that_is_not_there(schema: LazySchema) -> None:
    there = set(spots(schema)) | {
        f"operator.{_snake(each.removeprefix('operator.'))}" for each in operators()
    }
    stale = {each for each in claimed() - there if not each.startswith(("error.", "query.__", "history."))}
    assert stale == set()


def test_names_are_told_apart() -> None:
    assert len({each.name for each in CHANNELS}) == len(CHANNELS)


def test_a_channel_that_goes_away_is_missed(schema: LazySchema) -> None:
    for channel in CHANNELS:
        others = frozenset[str]().union(*(each.claims for each in CHANNELS if each is not channel))
        assert channel.claims - others, f"{channel.name} claims nothing of its own"
