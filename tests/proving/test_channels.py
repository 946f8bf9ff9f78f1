"""No way in or out without its prober: every root field, argument, input and output of the schema, every
operator, and every command that acts for a user, is claimed by a channel. The lists are the real ones.
"""

from collections.abc import Collection, Iterator
from typing import Any

import pytest
import typer
from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from salesmode.access.compose import policy_of
from salesmode.cli import main
from salesmode.compiler import compile_app, compile_texts
from salesmode.fieldtypes.registry import FIELD_TYPES
from salesmode.graph.orders import OWN_KEYS
from salesmode.graph.schema import LazySchema
from salesmode.graph.view import View
from salesmode.model.app import Model
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.model.published import Derived
from salesmode.plugins import additions_of
from salesmode.proving.channels import CHANNELS, Channel, claimed
from salesmode.proving.site import REFERENCES
from salesmode.resources import presets_dir
from tests.proving.apps import SAVED, SHOP, TAKER, made
from tests.proving.test_plugged import APP, GIVEN
from tests.support.household import HOUSEHOLDS
from tests.support.plugged import adding, plugged

# Claimed member by member, by the kind of field or by name; any other type is claimed as a whole.
_BY_FIELD = ("record", "where", "order_by", "group_by")
_BY_NAME = (
    *("connection", "edge", "list_where", "aggregate", "aggregate_order_by", "payload", "records_payload"),
    *("change", "create"),
)
_ENGINE = {"PageInfo": "page_info", "HistoryEntry": "history_entry", "HistoryChange": "history_change"}
_ROOTS = ("Query", "Mutation", "Subscription")


def seen_by(model: Model, role: str) -> LazySchema:
    return LazySchema(View(model, policy_of(model, {role}), additions_of(model)))


@pytest.fixture(scope="module")
def schemas() -> list[LazySchema]:
    """An administrator's, who sees all objects of a preset, and one of a role to which much is masked."""
    return [
        seen_by(compile_app(presets_dir() / "expert_b2b").model, "admin"),
        seen_by(made(*SHOP, *SAVED, TAKER), "taker"),
        seen_by(compile_texts({"app.yaml": f"kind: app\nname: homes\n---\n{HOUSEHOLDS}"}).model, "admin"),
        seen_by(_extended(), "admin"),
    ]


def _extended() -> Model:
    with plugged(extra=adding(GIVEN)):
        return made(APP, *SHOP[1:])


def spots(schema: LazySchema) -> Iterator[str]:
    """Every place of the schema that takes or gives something, as `KIND.MEMBER`, or `type.KIND`."""
    names, additions = schema.view.published, schema.view.additions
    yield from _root(schema.query_type, names.queries, "query", additions.queries)
    yield from _root(schema.mutation_type, names.mutations, "mutation", additions.mutations)
    yield from _root(schema.subscription_type, names.subscriptions, "subscription")
    for name, type_ in schema.type_map.items():
        if name in names.types:
            added = additions.fields.get(names.types[name].object, {})
            yield from _derived(schema.view.model, names.types[name], type_, added)
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            yield from () if name in (*_ROOTS, *additions.types) else _of_engine(name, type_)


def _root(
    type_: GraphQLObjectType | None, derived: Any, word: str, added: Collection[str] = ()
) -> Iterator[str]:
    for name, field in type_.fields.items() if type_ else ():
        if name in added:
            yield f"{word}.*plugin"
            continue
        kind = derived[name].kind if name in derived else name
        yield f"{word}.{kind}"
        owner = "aggregate_root" if kind == "aggregate" else kind
        yield from (f"{owner}.{each}" for each in field.args)


def _derived(model: Model, derived: Derived, type_: Any, added: Collection[str]) -> Iterator[str]:
    if derived.kind not in (*_BY_FIELD, *_BY_NAME):
        yield f"type.{derived.kind}"
        return
    for name, member in type_.fields.items():
        if derived.kind == "record" and name in added:
            yield "record.*plugin"
            continue
        spot = _member(model.objects[derived.object], derived.kind, name)
        yield from () if spot is None else (spot,)
        if not isinstance(type_, GraphQLInputObjectType):
            owner = "history" if name == "history" else "list"
            yield from (f"{owner}.{each}" for each in member.args)


def _member(object_: Object, kind: str, name: str) -> str | None:
    fields = {camel(each): field for each, field in object_.fields.items()}
    if kind == "payload":
        return f"{kind}.{'record' if name == camel(object_.name) else name}"
    if kind == "create":
        return None if name in fields else f"{kind}.*inverse"
    if kind == "group_by" and name in OWN_KEYS:
        return f"{kind}.{name}"
    if kind in _BY_FIELD and name in {camel(each) for each in object_.inverses}:
        return f"{kind}.*inverse"
    if kind in _BY_FIELD and name in fields:
        return f"{kind}.*reference" if fields[name].type in REFERENCES else f"{kind}.*"
    return f"{kind}.{name}"


def _of_engine(name: str, type_: Any) -> Iterator[str]:
    if name in _ENGINE:
        yield from (f"{_ENGINE[name]}.{each}" for each in type_.fields)
    else:
        yield f"type.{name}"


def operators() -> set[str]:
    found = {each for type_ in FIELD_TYPES.values() for each in type_.operators}
    return {f"operator.{_snake(each)}" for each in found}


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def commands() -> set[str]:
    """The commands that act for a user, with less than the system's rights."""
    group: Any = typer.main.get_command(main)
    context = typer.Context(group)
    whole = {name: group.resolve_command(context, [name])[1] for name in group.commands}
    return {f"cli.{name}" for name, each in whole.items() if "as_user" in {one.name for one in each.params}}


def test_every_spot_of_the_schemas_is_claimed(schemas: list[LazySchema]) -> None:
    for schema in schemas:
        assert set(spots(schema)) - claimed() == set()


def test_every_operator_is_claimed() -> None:
    assert operators() - claimed() == set()


def test_every_command_that_acts_for_a_user_is_claimed() -> None:
    assert {"cli.import", "cli.export"} <= commands()
    assert commands() - claimed() == set()


def test_nothing_is_claimed_that_is_not_there(schemas: list[LazySchema]) -> None:
    there = operators() | commands() | {spot for each in schemas for spot in spots(each)}
    stale = {each for each in claimed() - there if not each.startswith(("error.", "query.__"))}
    assert stale == set()


def test_names_are_told_apart() -> None:
    assert len({each.name for each in CHANNELS}) == len(CHANNELS)


@pytest.mark.parametrize("channel", CHANNELS, ids=[each.name for each in CHANNELS])
def test_a_channel_that_goes_away_is_missed(channel: Channel) -> None:
    others = frozenset[str]().union(*(each.claims for each in CHANNELS if each is not channel))
    assert channel.claims - others


def test_a_new_root_field_without_a_prober_is_missed(
    schemas: list[LazySchema], monkeypatch: pytest.MonkeyPatch
) -> None:
    schema, *_ = schemas
    for type_ in (schema.query_type, schema.mutation_type, schema.subscription_type):
        assert type_ is not None
        fields = dict(type_.fields.items())
        monkeypatch.setattr(type_, "_lazy", {**fields, "loophole": next(iter(fields.values()))})
    missed = set(spots(schema)) - claimed()
    assert {each for each in missed if not each.startswith("loophole.")} == {
        *("query.loophole", "mutation.loophole", "subscription.loophole")
    }
