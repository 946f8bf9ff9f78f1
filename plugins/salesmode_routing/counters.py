"""What rules remember of users from one request to the next, and what users have at the moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, UnitOf
from salesmode.model.condition import Compare, Literal, both
from salesmode_routing.reading import OWNER
from salesmode_routing.rules import RoutingRule
from salesmode_routing.turns import Table

_OBJECT = "routing_counter"


def read_table(desk: Desk, rule: RoutingRule, users: Sequence[str]) -> UnitOf[Table]:
    """Two statements at most, for any number of users."""
    rows = yield from desk.read(_OBJECT, ("user", "turn", "credit"), where={"rule": {"eq": rule.name}})
    turns = {str(each["user"]): int(each["turn"]) for each in rows}
    credits = {str(each["user"]): int(each["credit"]) for each in rows}
    loads: Mapping[Any, int] = {}
    if rule.choose == "least_load" or rule.capacity is not None:
        theirs = both(Compare(OWNER, "in", Literal(tuple(users))), rule.load)
        loads = yield from desk.count(rule.object, where=theirs, by=(OWNER,))
    return Table(turns, credits, {str(owner): count for owner, count in loads.items()})


def write_tables(desk: Desk, tables: Mapping[str, Table]) -> UnitOf[None]:
    """What has changed, in one statement for the new ones and one for the others."""
    rows = yield from desk.read(
        _OBJECT, ("rule", "user", "turn", "credit"), where={"rule": {"in": sorted(tables)}}
    )
    there = {(str(each["rule"]), str(each["user"])): each for each in rows}
    new, changes = [], {}
    for rule, table in tables.items():
        for user in sorted({*table.turns, *table.credits}):
            values = {"turn": table.turns.get(user, 0), "credit": table.credits.get(user, 0)}
            old = there.get((rule, user))
            if old is None:
                new.append({"rule": rule, "user": user, **values})
            elif any(old[name] != value for name, value in values.items()):
                changes[str(old["id"])] = values
    if new:
        yield from desk.create(_OBJECT, new)
    if changes:
        yield from desk.update(_OBJECT, changes)
