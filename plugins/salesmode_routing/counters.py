"""What rules remember of users from one request to the next, and what users have at the moment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.condition import Compare, Literal, both
from salesmode_routing.reading import OWNER
from salesmode_routing.rules import RoutingRule
from salesmode_routing.turns import Table

_OBJECT = "routing_counter"


@dataclass(frozen=True, slots=True)
class Memory:
    """The table of one rule, its counters by user as they are stored, and whose loads are known."""

    table: Table
    stored: Mapping[str, Record]
    counted: set[str] = field(default_factory=set)


def remembered(desk: Desk, rule: RoutingRule, given: Counter[str]) -> UnitOf[Memory]:
    """One statement for any number of users; `given` is what the rules of one request share."""
    rows = yield from desk.read(_OBJECT, ("user", "turn", "credit"), where={"rule": {"eq": rule.name}})
    stored = {str(each["user"]): each for each in rows}
    turns = {user: int(each["turn"]) for user, each in stored.items()}
    credits = {user: int(each["credit"]) for user, each in stored.items()}
    return Memory(Table(turns, credits, given=given), stored)


def count_loads(desk: Desk, rule: RoutingRule, users: Iterable[str], memory: Memory) -> UnitOf[None]:
    """How many records those users have, where that matters to the rule; once for each of them."""
    new = sorted({*users} - memory.counted)
    if new and (rule.choose == "least_load" or rule.capacity is not None):
        theirs = both(Compare(OWNER, "in", Literal(tuple(new))), rule.load)
        loads = yield from desk.count(rule.object, where=theirs, by=(OWNER,))
        memory.table.loads.update({str(owner): count for owner, count in loads.items()})
        memory.counted.update(new)


def remember(desk: Desk, memories: Mapping[str, Memory]) -> UnitOf[None]:
    """What has changed, by rule: once for the new ones and once for the others."""
    new, changes = [], {}
    for rule, memory in memories.items():
        table = memory.table
        for user in sorted({*table.turns, *table.credits}):
            values = {"turn": table.turns.get(user, 0), "credit": table.credits.get(user, 0)}
            old = memory.stored.get(user)
            if old is None:
                new.append({"rule": rule, "user": user, **values})
            elif any(old[name] != value for name, value in values.items()):
                changes[str(old["id"])] = values
    if new:
        yield from desk.create(_OBJECT, new)
    if changes:
        yield from desk.update(_OBJECT, changes)
