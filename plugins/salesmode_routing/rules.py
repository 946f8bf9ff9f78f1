"""`kind: routing_rule`: a document becomes a RoutingRule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from salesmode.hookspecs import Path, Reader
from salesmode.model.app import Model
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    Compare,
    Condition,
    Literal,
    Over,
    RowValue,
    either,
    record_values,
)
from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode.model.pipeline import OPEN, STATUS
from salesmode_routing.durations import span_of
from salesmode_routing.reading import owned_object, pool_at, written
from salesmode_routing.working_time import WorkingTime, working_time_of

KIND = "routing_rule"
SINCE = "owned_since"
_ON = ("create", "ask")
_LONGEST = timedelta(hours=2_000)  # about a year of work


@dataclass(frozen=True, slots=True)
class Group:
    """Users who may get the record, as a condition on them."""

    name: str
    where: Condition


@dataclass(frozen=True, slots=True)
class Points:
    """What speaks for (or against) a user."""

    name: str
    when: Condition
    points: Decimal


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """`then` is done with a record that is not `touched` within that time; of `working` time, if there is
    any.
    """

    within: timedelta
    touched: Condition
    then: str
    working: WorkingTime | None = None

    def end(self, start: datetime, timezone: str) -> datetime:
        """When the record must have been touched."""
        if self.working is None:
            return start + self.within
        return self.working.after(start, self.within, timezone)


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule. `needs`: the fields of the record that its groups and points look at; `weight` and a
    `capacity` that is a text name fields of the user.
    """

    name: str
    label: Label
    object: str
    active: bool
    order: int
    on: frozenset[str]
    when: Condition
    groups: tuple[Group, ...]
    choose: str
    weight: str | None
    points: tuple[Points, ...]
    load: Condition
    capacity: int | str | None
    limit: TimeLimit | None
    pool: str | None
    needs: tuple[str, ...]


def rules_of(model: Model, object_: str, occasion: str | None = None) -> tuple[RoutingRule, ...]:
    """The rules of an object in the order in which they are asked; without an occasion all of them, also
    those that are not active.
    """
    every: Mapping[str, RoutingRule] = model.extensions.get(KIND, {})
    found = (each for each in every.values() if each.object == object_)
    asked = (each for each in found if occasion is None or (each.active and occasion in each.on))
    return tuple(sorted(asked, key=lambda each: (each.order, each.name)))


def build_rule(reader: Reader) -> RoutingRule | None:
    """What the document says; None where its object is not known, which has been reported."""
    object_, users = owned_object(reader), reader.objects["user"]
    if object_ is None:
        return None
    _check_choice(reader)
    groups = tuple(_groups(reader, users, object_))
    points = tuple(_points(reader, users, object_))
    return RoutingRule(
        name=reader.name,
        label=reader.label(("label",)),
        object=object_.name,
        active=bool(reader.data.get("active", True)),
        order=int(reader.data.get("order", 100)),
        on=frozenset(reader.data.get("on", _ON)),
        when=reader.condition(("when",), object_),
        groups=groups,
        choose=str(reader.data.get("choose", "round_robin")),
        weight=_number_of_user(reader, ("weight",), users),
        points=points,
        load=reader.condition(("load",), object_),
        capacity=_capacity(reader, users),
        limit=_limit(reader, object_),
        pool=pool_at(reader, ("pool",), object_),
        needs=_needs(groups, points),
    )


def _needs(groups: tuple[Group, ...], points: tuple[Points, ...]) -> tuple[str, ...]:
    asked = (*(each.where for each in groups), *(each.when for each in points))
    return tuple(sorted(frozenset[str]().union(*(record_values(each) for each in asked))))


def _groups(reader: Reader, users: Object, object_: Object) -> Iterator[Group]:
    for at, group in enumerate(reader.data["candidates"]):
        if isinstance(group, str):
            yield Group(group, ALWAYS)
        else:
            where = reader.condition(("candidates", at, "where"), users, record=object_)
            yield Group(group["name"], where)


def _points(reader: Reader, users: Object, object_: Object) -> Iterator[Points]:
    for at, item in enumerate(reader.data.get("score", ())):
        when = reader.condition(("score", at, "when"), users, record=object_)
        yield Points(item["name"], when, Decimal(item["points"]))


def _check_choice(reader: Reader) -> None:
    """`weight` and `score` stand where they are used, and only there."""
    choose = reader.data.get("choose", "round_robin")
    for key, needed in (("weight", "weighted"), ("score", "score")):
        if key in reader.data and choose != needed:
            reader.report(
                (key,), f"'{key}' has no effect with `choose: {choose}`", f"write `choose: {needed}`"
            )
        if key not in reader.data and choose == needed:
            reader.report(("choose",), f"`choose: {choose}` needs `{key}`", f"add `{key}: …`")


def _capacity(reader: Reader, users: Object) -> int | str | None:
    raw = reader.data.get("capacity")
    return raw if isinstance(raw, int) else _number_of_user(reader, ("capacity",), users)


def _number_of_user(reader: Reader, path: Path, users: Object) -> str | None:
    if written(reader, path) is None:
        return None
    field = reader.field(path, users)
    if field is not None and field.type != "integer":
        reader.report(path, f"'{field.name}' is no whole number", "name a field of the type `integer`")
        return None
    return None if field is None else field.name


def _limit(reader: Reader, object_: Object) -> TimeLimit | None:
    raw = reader.data.get("sla")
    if raw is None:
        return None
    if "touched" not in raw and not object_.activities:
        message = f"'{object_.name}' has no activities, so nothing says when a record counts as touched"
        reader.report(("sla",), message, "add `touched: {…}`, or `activities: true` to the object")
    touched = reader.condition(("sla", "touched"), object_) if "touched" in raw else _touched(object_)
    then, working = raw.get("then", "escalate"), _working(reader, raw)
    within = span_of(raw["within"]) if working is None else working.span(raw["within"])
    if working is not None and within > _LONGEST:
        reader.report(("sla", "within"), f"{raw['within']} of work are too long for a time limit")
        working = None
    return TimeLimit(within, touched, then, working)


def _working(reader: Reader, raw: Mapping[str, Any]) -> WorkingTime | None:
    if raw.get("count") != "working":
        return None
    path: Path = ("sla", "count")
    try:
        found = working_time_of(reader.documents("settings").get("routing", {}).get("values", {}))
    except ValueError as error:
        reader.report(path, f"the settings of routing do not say when work is done: {error}")
        return None
    if found is None:
        hint = 'add `working_time: {hours: ["09:00-18:00"]}` to the settings of routing'
        reader.report(path, "nothing says when work is done", hint)
    return found


def _touched(object_: Object) -> Condition:
    """Somebody has done something with it; what is closed has been touched too."""
    worked_on = Over("activities", "some", Compare("at", "gte", RowValue(SINCE)))
    closed = Compare(STATUS, "ne", Literal(OPEN)) if STATUS in object_.fields else NEVER
    return either(worked_on, closed)
