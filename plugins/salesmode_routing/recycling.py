"""What the clock does to pools: records come back from owners who do not work on them (D10, D93).

A row that is handled is no longer due: a notice fills `recycle_at`, and when that time is up the record is in
the pool or free of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.condition import Compare, Condition, Literal, Moment, both
from salesmode_routing.brought import KEPT_AT, POOL_FIELD, RECYCLE_AT, RECYCLE_RULE, SINCE
from salesmode_routing.claiming import rule_of
from salesmode_routing.durations import ago
from salesmode_routing.moves import Move, log
from salesmode_routing.notices import Notice, tell
from salesmode_routing.pools import Pool, Recycling, objects_with_pools, pools_of
from salesmode_routing.reading import OWNER
from salesmode_routing.returning import bring_back
from salesmode_routing.sweeping import Due, due_at_once
from salesmode_routing.texts import said

_OWNED = Compare(OWNER, "isNull", Literal(False))
_UNCOUNTED = both(_OWNED, Compare(SINCE, "isNull", Literal(True)))
_STRAY = both(Compare(OWNER, "isNull", Literal(True)), Compare(POOL_FIELD, "isNull", Literal(True)))
_UP = Compare(RECYCLE_AT, "lte", Moment("now"))


def begin(desk: Desk, among: Condition) -> UnitOf[Due | None]:
    """Records that had owners before there was a pool are theirs from now on; what nobody owns, and a pool
    takes now, lies in it.
    """
    for object_ in objects_with_pools(desk.model):
        rows = yield from due_at_once(desk, object_, (), _UNCOUNTED, among)
        if rows:
            return Due(object_, rows, partial(_owned_from_now, desk, object_))
        for pool in pools_of(desk.model, object_).values():
            rows = yield from due_at_once(desk, object_, (), both(_STRAY, pool.where), among)
            if rows:
                return Due(object_, rows, partial(_collected, desk, pool))
    return None


def _owned_from_now(desk: Desk, object_: str, rows: Sequence[Record]) -> UnitOf[None]:
    yield from desk.update(object_, {str(each["id"]): {SINCE: desk.now} for each in rows})


def _collected(desk: Desk, pool: Pool, rows: Sequence[Record]) -> UnitOf[None]:
    reason = said(desk.model, "taken_without_owner")
    moves = [Move(str(each["id"]), "release", pool.name, reason=reason) for each in rows]
    yield from bring_back(desk, pool.object, moves)


def call_in(desk: Desk, among: Condition) -> UnitOf[Due | None]:
    """Notices to owners whose records are to come back; records whose rule gives no notice come back now."""
    for pool, rule in _rules(desk):
        rows = yield from due_at_once(desk, pool.object, (OWNER,), _due(pool, rule), among)
        if rows:
            return Due(pool.object, rows, partial(_noticed if rule.notice else _recycled, desk, pool, rule))
    return None


def _rules(desk: Desk) -> Iterator[tuple[Pool, Recycling]]:
    for object_ in objects_with_pools(desk.model):
        for pool in pools_of(desk.model, object_).values():
            yield from ((pool, rule) for rule in pool.recycle)


def _due(pool: Pool, rule: Recycling) -> Condition:
    quiet = Compare(RECYCLE_AT, "isNull", Literal(True))
    return both(_OWNED, quiet, Compare(SINCE, "lte", ago(rule.after)), pool.where, rule.when)


def _noticed(desk: Desk, pool: Pool, rule: Recycling, rows: Sequence[Record]) -> UnitOf[None]:
    assert rule.notice is not None
    until, named = desk.now + rule.notice, f"{pool.name}.{rule.name}"
    owners = {str(each["id"]): each[OWNER] for each in rows}
    yield from desk.update(pool.object, {id: {RECYCLE_AT: until, RECYCLE_RULE: named} for id in owners})
    moves = [Move(id, "notice", pool.name, owner, owner, named) for id, owner in owners.items()]
    yield from log(desk, pool.object, moves)
    text = "task_decide" if rule.keep else "task_notice"
    yield from tell(desk, pool.object, [Notice(id, owner, text, until) for id, owner in owners.items()])


def _recycled(desk: Desk, pool: Pool, rule: Recycling, rows: Sequence[Record]) -> UnitOf[None]:
    named = f"{pool.name}.{rule.name}"
    moves = [Move(str(each["id"]), "recycle", rule.to, each[OWNER], None, named) for each in rows]
    yield from bring_back(desk, pool.object, moves)


def take_back(desk: Desk, among: Condition) -> UnitOf[Due | None]:
    """Records whose time is up come back where the rule's condition still holds, and are spared elsewhere."""
    for object_ in objects_with_pools(desk.model):
        rows = yield from due_at_once(desk, object_, (OWNER, RECYCLE_RULE, KEPT_AT), _UP, among)
        if rows:
            return Due(object_, rows, partial(_judged, desk, object_))
    return None


def _judged(desk: Desk, object_: str, rows: Sequence[Record]) -> UnitOf[None]:
    by_rule: dict[str, list[Record]] = {}
    for each in rows:
        by_rule.setdefault(str(each[RECYCLE_RULE]), []).append(each)
    spared: list[Record] = []
    for named, those in by_rule.items():
        found = rule_of(desk, object_, named)
        guilty = yield from _guilty(desk, found, those)
        if found is not None:
            yield from _recycled(desk, *found, [each for each in those if each["id"] in guilty])
        spared += [each for each in those if each["id"] not in guilty]
    yield from _spare(desk, object_, spared)


def _guilty(
    desk: Desk, found: tuple[Pool, Recycling] | None, rows: Sequence[Record]
) -> UnitOf[frozenset[str]]:
    """Those for which the condition still holds; none where the rule is gone."""
    if found is None:
        return frozenset()
    pool, rule = found
    ids = [str(each["id"]) for each in rows]
    return (yield from desk.matching(pool.object, ids, both(_OWNED, pool.where, rule.when)))


def _spare(desk: Desk, object_: str, rows: Sequence[Record]) -> UnitOf[None]:
    if not rows:
        return
    cleared: Mapping[str, None] = {RECYCLE_AT: None, RECYCLE_RULE: None}
    yield from desk.update(object_, {str(each["id"]): cleared for each in rows})
    moves = [
        Move(str(each["id"]), "spare", None, each[OWNER], each[OWNER], str(each[RECYCLE_RULE]))
        for each in rows
    ]
    yield from log(desk, object_, moves)
