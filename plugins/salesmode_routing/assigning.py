"""What follows from a write: owners by rule for new records, and what is kept of owners and pools."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from salesmode.hookspecs import Batch, Change, Decision, Desk, UnitOf
from salesmode_routing.brought import (
    KEPT_AT,
    POOL_FIELD,
    POOLED_AT,
    RECYCLE_AT,
    RECYCLE_RULE,
    ROUTED_BY,
    SINCE,
    TIME_LIMIT,
)
from salesmode_routing.deciding import Round, decide
from salesmode_routing.filing import file, pools_for
from salesmode_routing.moves import Move
from salesmode_routing.pools import holding, pools_of
from salesmode_routing.reading import OWNER
from salesmode_routing.rules import RoutingRule, rules_of
from salesmode_routing.texts import said

_ENDS_WITH_AN_OWNER = (SINCE, RECYCLE_AT, RECYCLE_RULE, KEPT_AT, ROUTED_BY, TIME_LIMIT)
_ENDS_WITH_A_POOL = (POOL_FIELD, POOLED_AT)


def keep_track(batch: Batch) -> None:
    """A new owner has the record from now on, out of every pool, and without the old one's time limits."""
    fields = batch.object.fields
    if SINCE not in fields or batch.operation not in ("create", "update"):
        return
    for change in batch.changes:
        if change.old is None or change.changed(OWNER):
            for name, value in _following(change, batch.desk.now):
                if name in fields and name not in change.supplied:
                    change.set(name, value)


def _following(change: Change, now: datetime) -> Iterable[tuple[str, Any]]:
    owned = change.new.get(OWNER) is not None
    if change.old is not None:
        yield from ((name, None) for name in _ENDS_WITH_AN_OWNER if name != SINCE)
        yield from ((name, None) for name in _ENDS_WITH_A_POOL if owned)
    if owned or change.old is not None:
        yield SINCE, now if owned else None


def follow(batch: Batch) -> UnitOf[None]:
    """New records without a named owner are given away by rule; what has no owner then lies in a pool."""
    if SINCE not in batch.object.fields or batch.operation not in ("create", "update"):
        return
    name, desk = batch.object.name, batch.desk
    routed: set[str] = set()
    if batch.operation == "create" and not _owner_is_set(desk, name):
        unnamed = [each.id for each in batch.changes if OWNER not in each.supplied]
        routed = yield from route_new(desk, name, unnamed)
    if POOL_FIELD in batch.object.fields:
        left = [each for each in batch.changes if each.id not in routed and _ownerless(each)]
        yield from _collect(desk, name, left)


def _owner_is_set(desk: Desk, object_: str) -> bool:
    """Whether a role of the caller says whose new records are (`set: {owner: …}`)."""
    roles = (desk.model.roles.get(each) for each in holding(desk.model, desk.caller.roles))
    grants = (each.objects.get(object_) for each in roles if each is not None)
    return any(each.create is not None and OWNER in (each.create.presets or {}) for each in grants if each)


def _ownerless(change: Change) -> bool:
    touched = change.old is None or change.changed(OWNER)
    return touched and change.new.get(OWNER) is None and POOL_FIELD not in change.supplied


def _collect(desk: Desk, object_: str, changes: Sequence[Change]) -> UnitOf[None]:
    pools = yield from pools_for(desk, object_, [each.id for each in changes])
    reason = said(desk.model, "taken_without_owner")
    before = {each.id: None if each.old is None else each.old.get(OWNER) for each in changes}
    moves = [
        Move(id, "release", pool=pool, from_user=before[id], reason=reason) for id, pool in pools.items()
    ]
    yield from file(desk, object_, moves)


def route_new(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[set[str]]:
    """The records that a rule for new ones has decided."""
    rules = rules_of(desk.model, object_, "create")
    if not rules or not ids:
        return set()
    rounds = yield from decide(desk, ids, rules)
    yield from record(desk, object_, rounds, "create")
    return (yield from give_away(desk, object_, [each for made in rounds for each in made.decisions]))


def ask_rules(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[list[Decision]]:
    """Decisions of the rules that may be asked, recorded; whoever asked carries them out. Nobody gets a
    record that is theirs: whoever asks wants it to leave them.
    """
    rules = rules_of(desk.model, object_, "ask")
    if not rules or not ids:
        return []
    rows = yield from desk.read(object_, (OWNER,), ids=ids)
    rounds = yield from decide(desk, ids, rules, avoiding={str(each["id"]): each[OWNER] for each in rows})
    yield from record(desk, object_, rounds, "ask")
    return [each for made in rounds for each in made.decisions]


def record(desk: Desk, object_: str, rounds: Sequence[Round], occasion: str) -> UnitOf[None]:
    """Every decision with its rule, candidates and reason: two statements for any number."""
    if not rounds:
        return
    candidates = [
        {"rule": each.rule.name, "candidates": [_as_json(candidate) for candidate in each.candidates]}
        for each in rounds
    ]
    made = yield from desk.create("routing_round", candidates)
    rows = [
        {
            "object": object_,
            "record": each.record,
            "rule": each.rule,
            "trigger": occasion,
            "user": each.user,
            "pool": each.pool,
            "reason": each.reason,
            "round": round_id,
        }
        for round_id, round_ in zip(made, rounds, strict=True)
        for each in round_.decisions
    ]
    yield from desk.create("routing_decision", rows)


def _as_json(candidate: Any) -> Mapping[str, Any]:
    told = {"user": candidate.user, "fits": candidate.fits, "reason": candidate.reason}
    return told if candidate.score is None else {**told, "score": str(candidate.score)}


def give_away(desk: Desk, object_: str, decisions: Sequence[Decision]) -> UnitOf[set[str]]:
    """Carries decisions out; gives the records that have an owner or lie in a pool now."""
    rules = rules_of(desk.model, object_)
    given = {
        each.record: {
            OWNER: each.user,
            ROUTED_BY: each.rule,
            TIME_LIMIT: _until(rules, each.rule, desk.now),
        }
        for each in decisions
        if each.user is not None
    }
    if given:
        yield from desk.update(object_, given)
    known = pools_of(desk.model, object_)
    filed = [
        Move(each.record, "route", pool=each.pool, rule=each.rule, reason=each.reason)
        for each in decisions
        if each.user is None and each.pool in known
    ]
    yield from file(desk, object_, filed)
    return {*given, *(each.record for each in filed)}


def _until(rules: Sequence[RoutingRule], name: str, now: datetime) -> datetime | None:
    """When the record must have been touched, by the rule that gave it away."""
    limits = (each.limit for each in rules if each.name == name)
    return next((now + each.within for each in limits if each is not None), None)
