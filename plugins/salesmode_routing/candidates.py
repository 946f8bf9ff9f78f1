"""Who could get records under one rule: read once for all records that look alike to the rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.condition import Compare, Literal, both
from salesmode_routing.rules import Group, RoutingRule
from salesmode_routing.turns import Contender

_ACTIVE = Compare("active", "eq", Literal(True))


@dataclass(frozen=True, slots=True)
class Known:
    """A user who fits, by the name of the login."""

    name: str
    contender: Contender
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circle:
    """Records that look alike to a rule, and who could get them, group by group."""

    rule: RoutingRule
    ids: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Known, ...]], ...]

    @property
    def users(self) -> tuple[str, ...]:
        return tuple(each.contender.user for _, known in self.groups for each in known)


def circles_of(desk: Desk, rule: RoutingRule, ids: Sequence[str]) -> UnitOf[list[Circle]]:
    """As many as there are different values of the fields that the rule's conditions on users look at."""
    found = []
    alike = yield from _alike(desk, rule, ids)
    for record, those in alike:
        groups = []
        for group in rule.groups:
            known = yield from _known(desk, rule, group, record)
            groups.append((group.name, known))
        found.append(Circle(rule, tuple(those), tuple(groups)))
    return found


def _alike(desk: Desk, rule: RoutingRule, ids: Sequence[str]) -> UnitOf[Iterable[tuple[Record, list[str]]]]:
    if not rule.needs:
        return [({}, list(ids))]
    rows = yield from desk.read(rule.object, rule.needs, ids=ids)
    records = {str(each["id"]): each for each in rows}
    found: dict[str, tuple[Record, list[str]]] = {}
    for id in ids:
        values = {name: records[id][name] for name in rule.needs}
        found.setdefault(repr(values), (values, []))[1].append(id)
    return found.values()


def _known(desk: Desk, rule: RoutingRule, group: Group, record: Record) -> UnitOf[tuple[Known, ...]]:
    fields = ["name", *(each for each in (rule.weight, rule.capacity) if isinstance(each, str))]
    users = yield from desk.read("user", fields, where=both(_ACTIVE, group.where), record=record)
    points = yield from _points(desk, rule, [str(each["id"]) for each in users], record)
    return tuple(_contender(rule, each, points.get(str(each["id"]), {})) for each in users)


def _points(
    desk: Desk, rule: RoutingRule, users: Sequence[str], record: Record
) -> UnitOf[Mapping[str, Mapping[str, Decimal]]]:
    """By user, by the name of the reason."""
    found: dict[str, dict[str, Decimal]] = {}
    for each in rule.points if users else ():
        fitting = yield from desk.matching("user", users, each.when, record=record)
        for user in fitting:
            found.setdefault(user, {})[each.name] = each.points
    return found


def _contender(rule: RoutingRule, user: Record, points: Mapping[str, Decimal]) -> Known:
    contender = Contender(
        user=str(user["id"]),
        weight=max(int(user[rule.weight] or 0), 0) if rule.weight else 1,
        capacity=user[rule.capacity] if isinstance(rule.capacity, str) else rule.capacity,
        score=sum(points.values(), Decimal(0)),
    )
    return Known(str(user["name"]), contender, tuple(f"{name} {value}" for name, value in points.items()))
