"""What plugins add to the schema, as far as one policy has it: what nobody may use is not there.

A field of Query or Mutation is there for its roles, where its target may be read (with its right: where some
role gives it) and its types are there; a field of records, where all that it needs may be read.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from salesmode.access.compose import ALMIGHTY, held
from salesmode.graph.blueprint import Blueprint, Member, named_in
from salesmode.graph.view import View
from salesmode.hooks.api import ApiField, InputType, OutputType, RecordField, Target
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.plugins import Added

AnyType = OutputType | InputType
Roots = Mapping[str, Added[ApiField]]


def has_plugged(view: View, roots: Roots, name: str) -> bool:
    """Whether the policy has that root field."""
    return name in roots and _offered(view, roots[name].given)


def plugged_field(view: View, added: Added[ApiField]) -> Member:
    """A root field, with those of its arguments whose types are there."""
    given = added.given
    arguments = {name: Member(each) for name, each in given.arguments.items() if _is_there(view, each)}
    return Member(given.answer, given.description or None, arguments)


def plugged_fields(view: View, described: Object) -> Mapping[str, Added[RecordField]]:
    """The fields that plugins add to records of the object."""
    added = view.additions.fields.get(described.name, {})
    return {name: each for name, each in added.items() if _readable(view, each.given)}


def plugged_members(view: View, described: Object) -> Mapping[str, Member]:
    """The same as members of the type."""
    fields = plugged_fields(view, described).items()
    return {name: Member(each.given.answer, each.given.description or None) for name, each in fields}


def plugged_type(name: str, view: View) -> Blueprint | None:
    """A type of a plugin, with those of its fields whose types are there."""
    added = view.additions.types.get(name)
    if added is None or not _is_there(view, name):
        return None
    members = {each: Member(type_) for each, type_ in _named(view, added.given) if _is_there(view, type_)}
    taken = isinstance(added.given, InputType)
    return Blueprint(
        form="input" if taken else "object",
        name=name,
        members=lambda: members,
        description=added.given.description or None,
        extensions={"fields": cache(lambda: _choices(view, members))} if taken else None,
    )


def _offered(view: View, given: ApiField) -> bool:
    needed = (each for each in given.arguments.values() if each.endswith("!"))
    return (
        _of_roles(view, given.roles)
        and (given.target is None or _reached(view, given.target))
        and all(_is_there(view, each) for each in (given.answer, *needed))
    )


def _of_roles(view: View, roles: frozenset[str] | None) -> bool:
    return roles is None or not (roles | ALMIGHTY).isdisjoint(held(view.model, view.policy.roles))


def _reached(view: View, target: Target) -> bool:
    if not view.readable(target.object):
        return False
    return target.right is None or bool(getattr(view.policy.objects[target.object], target.right))


def _readable(view: View, given: RecordField) -> bool:
    fields = view.policy.objects[given.object].fields
    needed = all(name in fields and fields[name].comparable for name in given.needs)
    return needed and _is_there(view, given.answer)


def _is_there(view: View, written: str, around: frozenset[str] = frozenset()) -> bool:
    """Whether the policy has the type. `around`: those of which that is being asked: types go in circles."""
    name = named_in(written)
    derived = view.published.types.get(name)
    if derived is not None and derived.kind == "record":
        return view.readable(derived.object)
    if derived is not None:
        granted = view.policy.objects.get(derived.object)
        return granted is not None and granted.names(str(derived.field))
    added = view.additions.types.get(name)
    if added is None:
        return True
    members = [] if name in around else [type_ for _, type_ in _named(view, added.given)]
    there = [each for each in members if _is_there(view, each, around | {name})]
    needed = (each for each in members if isinstance(added.given, InputType) and each.endswith("!"))
    return bool(there) and all(each in there for each in needed)


def _named(view: View, given: AnyType) -> Iterator[tuple[str, str]]:
    """The fields of the type, without those of an object that the policy does not name."""
    owner = given.object if isinstance(given, InputType) else None
    granted = None if owner is None else view.policy.objects.get(owner)
    spelled = {} if owner is None else {camel(each): each for each in view.model.objects[owner].fields}
    for name, type_ in given.fields.items():
        if owner is None or (granted is not None and granted.names(spelled[name])):
            yield name, type_


def _choices(view: View, members: Mapping[str, Member]) -> Mapping[str, Field]:
    """The fields whose options some members of an input are."""
    types = ((name, view.published.types.get(named_in(each.type))) for name, each in members.items())
    return {
        name: view.model.objects[derived.object].fields[derived.field]
        for name, derived in types
        if derived is not None and derived.field is not None
    }
