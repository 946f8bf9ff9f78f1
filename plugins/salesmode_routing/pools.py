"""`kind: public_pool`: a document becomes a Pool."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from salesmode.hookspecs import Reader
from salesmode.model.app import Model
from salesmode.model.condition import Condition
from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode.model.role import ADMIN
from salesmode_routing.reading import POOL, owned_object, pool_at, roles_at, span_at


@dataclass(frozen=True, slots=True)
class Claiming:
    """Who may claim, and how many; None: any number."""

    roles: frozenset[str]
    per_day: int | None
    hold: int | None
    holding: Condition
    cool_down: timedelta | None


@dataclass(frozen=True, slots=True)
class Recycling:
    """When a record comes back: `when` its owner had it for as long as `after`; `to`: the pool."""

    name: str
    when: Condition
    after: timedelta
    notice: timedelta | None
    keep: timedelta | None
    to: str


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool. `where`: the records that it takes."""

    name: str
    label: Label
    object: str
    order: int
    where: Condition
    claim: Claiming
    release: frozenset[str]
    assign: frozenset[str]
    recycle: tuple[Recycling, ...]


def pools_of(model: Model, object_: str) -> Mapping[str, Pool]:
    """The pools of an object, in the order in which they take records."""
    every: Mapping[str, Pool] = model.extensions.get(POOL, {})
    found = (each for each in every.values() if each.object == object_)
    return {each.name: each for each in sorted(found, key=lambda each: (each.order, each.name))}


def objects_with_pools(model: Model) -> tuple[str, ...]:
    every: Mapping[str, Pool] = model.extensions.get(POOL, {})
    return tuple(dict.fromkeys(each.object for each in every.values()))


def holders(model: Model, roles: frozenset[str]) -> frozenset[str]:
    """Those roles, all that inherit one of them, and administrators."""
    found = set(roles)
    while True:
        more = {name for name, role in model.roles.items() if found & {*role.inherits}} - found
        if not more:
            return frozenset({*found, ADMIN})
        found |= more


def holding(model: Model, roles: frozenset[str]) -> frozenset[str]:
    """Those roles, and all that they inherit."""
    found, new = set[str](), set(roles)
    while new:
        found |= new
        inherited = (model.roles[each].inherits for each in new if each in model.roles)
        new = {name for names in inherited for name in names} - found
    return frozenset(found)


def build_pool(reader: Reader) -> Pool | None:
    """What the document says; None where its object is not known, which has been reported."""
    object_ = owned_object(reader)
    if object_ is None:
        return None
    return Pool(
        name=reader.name,
        label=reader.label(("label",)),
        object=object_.name,
        order=int(reader.data.get("order", 100)),
        where=reader.condition(("where",), object_),
        claim=_claiming(reader, object_),
        release=roles_at(reader, ("release", "roles")),
        assign=roles_at(reader, ("assign", "roles")),
        recycle=tuple(_recycling(reader, object_)),
    )


def _claiming(reader: Reader, object_: Object) -> Claiming:
    raw = reader.data.get("claim", {})
    return Claiming(
        roles_at(reader, ("claim", "roles")),
        raw.get("per_day"),
        raw.get("hold"),
        reader.condition(("claim", "holding"), object_),
        span_at(reader, ("claim", "cool_down")),
    )


def _recycling(reader: Reader, object_: Object) -> Iterator[Recycling]:
    protect = span_at(reader, ("protect",)) or timedelta()
    for at, raw in enumerate(reader.data.get("recycle", ())):
        path = ("recycle", at)
        if "keep" in raw and "notice" not in raw:
            reader.report((*path, "keep"), "an owner who is not told cannot keep anything", "add `notice: …`")
        yield Recycling(
            name=raw["name"],
            when=reader.condition((*path, "when"), object_),
            after=max(span_at(reader, (*path, "after")) or timedelta(), protect),
            notice=span_at(reader, (*path, "notice")),
            keep=span_at(reader, (*path, "keep")),
            to=pool_at(reader, (*path, "to"), object_) or reader.name,
        )
