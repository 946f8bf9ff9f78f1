"""Time limits of routing rules: what is not touched in time is escalated, given on or returned (D58)."""

from collections.abc import Mapping, Sequence
from functools import partial

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.condition import Compare, Condition, Moment
from salesmode_routing.assigning import ask_rules, give_away
from salesmode_routing.brought import POOL_FIELD, ROUTED_BY, TIME_LIMIT
from salesmode_routing.filing import pools_for
from salesmode_routing.moves import Move, log
from salesmode_routing.notices import Notice, tell
from salesmode_routing.reading import OWNER
from salesmode_routing.returning import bring_back
from salesmode_routing.rules import KIND, RoutingRule
from salesmode_routing.sweeping import Due, due_at_once

_UP = Compare(TIME_LIMIT, "lte", Moment("now"))


def look_after(desk: Desk, among: Condition) -> UnitOf[Due | None]:
    """Records whose time limit is over; afterwards none of the handled ones has that limit any more."""
    rules: Mapping[str, RoutingRule] = desk.model.extensions.get(KIND, {})
    for object_ in dict.fromkeys(each.object for each in rules.values()):
        fields = (OWNER, "owner.name", "owner.manager", ROUTED_BY)
        rows = yield from due_at_once(desk, object_, fields, _UP, among)
        if rows:
            return Due(object_, rows, partial(_handled, desk, object_, rules))
    return None


def _handled(
    desk: Desk, object_: str, rules: Mapping[str, RoutingRule], rows: Sequence[Record]
) -> UnitOf[None]:
    yield from desk.update(object_, {str(each["id"]): {TIME_LIMIT: None} for each in rows})
    by_rule: dict[str, list[Record]] = {}
    for each in rows:
        by_rule.setdefault(str(each[ROUTED_BY]), []).append(each)
    for name, those in by_rule.items():
        rule = rules.get(name)
        if rule is not None and rule.limit is not None:
            ids = [str(each["id"]) for each in those]
            touched = yield from desk.matching(object_, ids, rule.limit.touched)
            late = [each for each in those if each["id"] not in touched and each[OWNER] is not None]
            yield from _late(desk, rule, late)


def _late(desk: Desk, rule: RoutingRule, rows: Sequence[Record]) -> UnitOf[None]:
    assert rule.limit is not None
    if rule.limit.then == "reroute":
        given = yield from _given_on(desk, rule, rows)
        rows = [each for each in rows if each["id"] not in given]
    if rule.limit.then != "escalate":
        returned = yield from _returned(desk, rule, rows)
        rows = [each for each in rows if each["id"] not in returned]
    yield from _escalated(desk, rule, rows)


def _given_on(desk: Desk, rule: RoutingRule, rows: Sequence[Record]) -> UnitOf[set[str]]:
    owners = {str(each["id"]): each[OWNER] for each in rows}
    decisions = yield from ask_rules(desk, rule.object, [*owners])
    to_users = [each for each in decisions if each.user is not None]
    given = yield from give_away(desk, rule.object, to_users)
    moves = [
        Move(each.record, "sla_reroute", None, owners[each.record], each.user, rule.name, each.reason)
        for each in to_users
    ]
    yield from log(desk, rule.object, moves)
    return given


def _returned(desk: Desk, rule: RoutingRule, rows: Sequence[Record]) -> UnitOf[set[str]]:
    if POOL_FIELD not in desk.model.object(rule.object).fields:
        return set()
    owners = {str(each["id"]): each[OWNER] for each in rows}
    pools: Mapping[str, str] = dict.fromkeys(owners, rule.pool) if rule.pool else {}
    if rule.pool is None:
        pools = yield from pools_for(desk, rule.object, [*owners])
    moves = [Move(id, "sla_return", pool, owners[id], None, rule.name) for id, pool in pools.items()]
    yield from bring_back(desk, rule.object, moves)
    return {*pools}


def _escalated(desk: Desk, rule: RoutingRule, rows: Sequence[Record]) -> UnitOf[None]:
    """The manager is told, and the owner where there is no manager; nothing moves."""
    moves = [
        Move(str(each["id"]), "sla_escalate", None, each[OWNER], each[OWNER], rule.name) for each in rows
    ]
    yield from log(desk, rule.object, moves)
    notices = [
        Notice(
            str(each["id"]),
            each["owner.manager"] or each[OWNER],
            "task_escalated",
            desk.now,
            owner=str(each["owner.name"]),
        )
        for each in rows
    ]
    yield from tell(desk, rule.object, notices)
