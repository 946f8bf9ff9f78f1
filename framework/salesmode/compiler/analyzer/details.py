"""`rights: {from: household}`: a detail object takes the row rights of its parent (RULING 48).

What may be done with a detail follows from what may be done with the parent it refers to: it is read where
the parent is read, created and updated where the parent is updated (the old one and the new one, where the
detail changes it), and deleted where the parent is deleted.
A right that the role says itself stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.diagnostics import Span
from salesmode.model.condition import ALWAYS, NEVER, Condition, Through, either
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.role import ObjectGrant, Right, Role

_PARENTS_RIGHT = {"read": "read", "create": "update", "update": "update", "delete": "delete"}


def with_parents_rights(
    role: Role, held: Iterable[Role], objects: Mapping[str, Object], say: Reporter
) -> Role:
    """The role with the rights of its details; `held` is the role itself and all that it inherits."""
    described = say.document.data.get("objects", {})
    grants = dict(role.objects)
    roles = list(held)
    waiting = [name for name in grants if "rights" in described.get(name, {})]
    for name in _parents_first(waiting, described, objects):
        link = _link(objects[name], described[name]["rights"]["from"], say)
        if link is None or link.to is None:
            continue
        above = [each.objects[link.to] for each in roles if each is not role and link.to in each.objects]
        above += [grants[link.to]] if link.to in grants else []
        grants[name] = _taken(grants[name], link, above, say)
    return replace(role, objects=grants)


def _parents_first(
    names: list[str], described: Mapping[str, Mapping[str, Mapping[str, str]]], objects: Mapping[str, Object]
) -> list[str]:
    """In an order in which a detail of a detail comes after its parent; a circle keeps the order written."""
    ordered: list[str] = []
    rest = list(names)
    while rest:
        free = [
            name for name in rest if _parent(objects[name], described[name]["rights"]["from"]) not in rest
        ]
        ordered += free or rest
        rest = [name for name in rest if name not in ordered]
    return ordered


def _parent(object_: Object, name: str) -> str | None:
    field = object_.fields.get(name)
    return field.to if field is not None else None


def _link(object_: Object, name: str, say: Reporter) -> Field | None:
    field = object_.fields.get(name)
    if field is None or field.type not in ("reference", "user"):
        references = [each.name for each in object_.fields.values() if each.type in ("reference", "user")]
        say.unknown("SM302", "reference", name, references, "objects", object_.name, "rights", "from")
        return None
    return field


def _taken(grant: ObjectGrant, link: Field, above: list[ObjectGrant], say: Reporter) -> ObjectGrant:
    span = say.span("objects", grant.object, "rights")
    taken: dict[str, Any] = {}
    for name, parents in _PARENTS_RIGHT.items():
        rights = [right for each in above if (right := getattr(each, parents)) is not None]
        where = either(*(right.where for right in rights))
        if getattr(grant, name) is None and where != NEVER:
            taken[name] = _of_parent(name, Through(link.name, where), span)
    return replace(grant, add_on=False, **taken)


def _of_parent(name: str, where: Condition, span: Span) -> Right:
    """A detail that is changed may not go over to a parent whose details are not the caller's to change."""
    return Right(where, span, check=where if name == "update" else ALWAYS)
