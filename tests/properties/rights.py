"""Roles of every shape: rights on rows, on values, masks, denials, add-ons, several at once."""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hypothesis import strategies as st

from salesmode.access.compose import held, policy_of
from salesmode.access.policy import Policy
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    And,
    Compare,
    Condition,
    Literal,
    Not,
    Or,
    Over,
    Through,
    UserValue,
)
from salesmode.model.field import Field, Mask
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from tests.properties.little_world import DOMAINS, MODEL, ids, written_fields
from tests.support.models import SPAN, label

_versions = count()
MASKS = (None, Mask("full"), Mask("last4"))


@dataclass(frozen=True)
class Rights:
    """Some roles in the model's order, all of them held."""

    roles: tuple[Role, ...]
    policy: Policy

    def __repr__(self) -> str:
        return f"Rights({self.roles!r})"


@st.composite
def rights(draw: st.DrawFn) -> Rights:
    roles = tuple(draw(_roles(f"r{number}")) for number in range(draw(st.integers(1, 3))))
    if len(roles) > 1 and draw(st.booleans()):
        roles = (*roles[:-1], replace(roles[-1], inherits=tuple(each.name for each in roles[:-1])))
        names: tuple[str, ...] = (roles[-1].name,)
    else:
        names = tuple(each.name for each in roles)
    by_name = {each.name: each for each in roles}
    found = replace(MODEL, roles=by_name, version=f"{MODEL.version}-{next(_versions)}")
    assert set(held(found, names)) == set(by_name)
    return Rights(roles, policy_of(found, names))


@st.composite
def _roles(draw: st.DrawFn, name: str) -> Role:
    objects = [each for each in MODEL.objects if draw(st.integers(0, 5))]
    return Role(name, label(name), SPAN, (), {each: draw(_grants(each)) for each in objects})


@st.composite
def _grants(draw: st.DrawFn, object_name: str) -> ObjectGrant:
    names = [each for each in written_fields(object_name) if not each.system]
    fields = {each.name: draw(_cells(object_name)) for each in names if draw(st.integers(0, 3))}
    if draw(st.integers(0, 7)) == 7:
        return ObjectGrant(object_name, SPAN, fields, add_on=True)
    denied = frozenset([draw(st.sampled_from(names)).name]) if draw(st.integers(0, 9)) == 9 else frozenset()
    return ObjectGrant(object_name, SPAN, fields, read=Right(draw(_wheres(object_name)), SPAN), denied=denied)


@st.composite
def _cells(draw: st.DrawFn, object_name: str) -> FieldGrant:
    clear = draw(st.just(ALWAYS) | st.just(NEVER) | conditions(object_name))
    masked = clear != ALWAYS and draw(st.booleans())
    return FieldGrant(SPAN, clear=clear, masked=masked, mask=draw(st.sampled_from(MASKS)) if masked else None)


def _wheres(object_name: str) -> st.SearchStrategy[Condition]:
    return st.just(ALWAYS) | conditions(object_name) | conditions(object_name)


@st.composite
def conditions(draw: st.DrawFn, object_name: str, depth: int = 2) -> Condition:
    """A condition of the metadata about rows of an object."""
    kind = draw(
        st.sampled_from(
            ("compare", "compare", "through", "over", "and", "or", "not") if depth else ("compare",)
        )
    )
    match kind:
        case "and" | "or":
            items = (draw(conditions(object_name, depth - 1)), draw(conditions(object_name, depth - 1)))
            return And(items) if kind == "and" else Or(items)
        case "not":
            return Not(draw(conditions(object_name, depth - 1)))
        case "through":
            fields = [each for each in written_fields(object_name) if each.type in ("reference", "user")]
            found = draw(st.sampled_from(fields))
            return Through(found.name, draw(conditions(str(found.to), depth - 1)))
        case "over" if MODEL.objects[object_name].inverses:
            inverse = draw(st.sampled_from(list(MODEL.objects[object_name].inverses.values())))
            quantifier = draw(st.sampled_from(("some", "none", "every")))
            return Over(inverse.name, quantifier, draw(conditions(inverse.object, depth - 1)))
    return draw(atoms(draw(st.sampled_from(written_fields(object_name)))))


@st.composite
def atoms(draw: st.DrawFn, field: Field) -> Condition:
    """One comparison, with the caller's own id and team where they fit."""
    if field.type == "multi_reference":
        return draw(
            st.sampled_from(
                [Compare(field.name, "has", UserValue("id")), Compare(field.name, "isEmpty", Literal(True))]
            )
        )
    domain: Any = ids(field.to) if field.to else DOMAINS[field.name]
    one = st.sampled_from([Literal(each) for each in domain])
    known = {"user": UserValue("id"), "team": UserValue("team")}
    if field.to in known:
        one = st.just(known[field.to]) | one
    several = st.lists(st.sampled_from(domain), max_size=2, unique=True).map(
        lambda found: Literal(tuple(found))
    )
    kinds = [
        st.builds(Compare, st.just(field.name), st.sampled_from(("eq", "ne")), one),
        st.builds(
            Compare, st.just(field.name), st.just("isNull"), st.sampled_from((Literal(True), Literal(False)))
        ),
        st.builds(Compare, st.just(field.name), st.just("in"), several),
    ]
    if field.to is None and field.type != "choice":
        kinds.append(st.builds(Compare, st.just(field.name), st.sampled_from(("lt", "gt")), one))
    return draw(st.one_of(kinds))
