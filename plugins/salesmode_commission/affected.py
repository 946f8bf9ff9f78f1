"""Which records may earn something else now, because of what was committed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Event, Trigger, UnitOf
from salesmode_commission.asked import plans_of
from salesmode_commission.ledger import settle
from salesmode_commission.periods import day_of
from salesmode_commission.plans import RecordRule
from salesmode_commission.shares import RULING

GRANT = "grant"


def follow(events: Sequence[Event], desk: Desk) -> UnitOf[None]:
    """Settle every record that the events may have changed something for."""
    found: set[tuple[str, str]] = set()
    for rule in _rules(desk):
        ids = yield from _affected(desk, rule, events)
        found |= {(rule.object, each) for each in ids}
    if found:
        today = day_of(desk.now, desk.model.app.timezone)
        triggers = [Trigger(kind="record", object=name, record=id_, on=today) for name, id_ in sorted(found)]
        yield from settle(desk, triggers)


def _rules(desk: Desk) -> Iterator[RecordRule]:
    """One for each way of being affected."""
    for plan in plans_of(desk.model).values():
        for version in plan.versions:
            yield from version.records


def _affected(desk: Desk, rule: RecordRule, events: Sequence[Event]) -> UnitOf[set[str]]:
    found = {each.record for each in events if each.object == rule.object}
    for object_, path in rule.follows.items():
        mine = [each for each in events if each.object == object_]
        if mine:
            found |= yield from _referred(desk, object_, path, mine)
    for path in rule.split:
        object_ = _target(desk, rule, path)
        shared = yield from _shared(desk, object_, events)
        if shared and path:
            found |= yield from _referring(desk, rule.object, path, shared)
        found |= set() if path else shared
    return found


def _referred(desk: Desk, object_: str, path: str, events: Sequence[Event]) -> UnitOf[set[str]]:
    """What the written records refer to, deleted ones too, and what they referred to before."""
    found = yield from _reached(desk, object_, path, {each.record for each in events})
    first, _, rest = path.partition(".")
    former = {str(each.old[first]) for each in events if each.old.get(first)}
    if not rest or not former:
        return found | former
    through = str(desk.model.objects[object_].fields[first].to)
    return found | (yield from _reached(desk, through, rest, former))


def _reached(desk: Desk, object_: str, path: str, ids: set[str]) -> UnitOf[set[str]]:
    rows = yield from desk.read(object_, [path], ids=sorted(ids), deleted=True)
    return {str(each[path]) for each in rows if each[path]}


def _shared(desk: Desk, object_: str, events: Sequence[Event]) -> UnitOf[set[str]]:
    """The records whose grants or rulings were written."""
    found: set[str] = set()
    grants = [each for each in events if each.object == GRANT]
    if grants and object_ in desk.model.objects[GRANT].fields:
        found |= yield from _referred(desk, GRANT, object_, grants)
    rulings = sorted({each.record for each in events if each.object == RULING})
    if rulings:
        rows = yield from desk.read(RULING, ["object", "record"], ids=rulings)
        found |= {str(each["record"]) for each in rows if each["object"] == object_}
    return found | _granted_on(object_, events)


def _granted_on(object_: str, events: Iterable[Event]) -> set[str]:
    """History tells a grant on the record itself."""
    return {each.record for each in events if each.object == object_ and {"grants"} & {*each.old, *each.new}}


def _referring(desk: Desk, object_: str, path: str, ids: set[str]) -> UnitOf[set[str]]:
    where: dict[str, Any] = {"id": {"in": sorted(ids)}}
    for step in reversed(path.split(".")):
        where = {step: where}
    rows = yield from desk.read(object_, [], where=where)
    return {str(each["id"]) for each in rows}


def _target(desk: Desk, rule: RecordRule, path: str) -> str:
    name = rule.object
    for step in path.split(".") if path else ():
        name = str(desk.model.objects[name].fields[step].to)
    return name
