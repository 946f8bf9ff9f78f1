"""Who gets records by rule: decided, recorded and carried out."""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Decision, Desk, UnitOf
from salesmode_routing.brought import ROUTED_BY, TIME_LIMIT
from salesmode_routing.deciding import Avoiding, Round, decide
from salesmode_routing.filing import file
from salesmode_routing.moves import Move
from salesmode_routing.pools import pools_of
from salesmode_routing.reading import OWNER
from salesmode_routing.rules import rules_of

_ASKED = "ask"


def route(
    desk: Desk, object_: str, ids: Sequence[str], occasion: str, avoiding: Avoiding | None = None
) -> UnitOf[set[str]]:
    """The records that a rule for that occasion has decided; they have an owner or lie in a pool now."""
    decisions = yield from decided(desk, object_, ids, occasion, avoiding)
    return (yield from give_away(desk, object_, decisions))


def decided(
    desk: Desk, object_: str, ids: Sequence[str], occasion: str, avoiding: Avoiding | None = None
) -> UnitOf[list[Decision]]:
    """Decisions of the rules for that occasion, recorded and not carried out."""
    rules = rules_of(desk.model, object_, occasion)
    if not rules or not ids:
        return []
    rounds = yield from decide(desk, ids, rules, avoiding=avoiding)
    yield from record(desk, object_, rounds, occasion)
    return [each for made in rounds for each in made.decisions]


def ask_rules(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[list[Decision]]:
    """Whoever asks carries the decisions out. Nobody gets a record that is theirs: whoever asks wants it to
    leave them.
    """
    if not ids or not rules_of(desk.model, object_, _ASKED):
        return []
    rows = yield from desk.read(object_, (OWNER,), ids=ids)
    owners = {str(each["id"]): each[OWNER] for each in rows}
    return (yield from decided(desk, object_, ids, _ASKED, owners))


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
    timezone = desk.model.app.timezone
    until = {each.name: each.limit.end(desk.now, timezone) for each in rules if each.limit is not None}
    given = {
        each.record: {
            OWNER: each.user,
            ROUTED_BY: each.rule,
            TIME_LIMIT: until.get(each.rule),
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
