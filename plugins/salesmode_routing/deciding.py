"""Who gets records: rules in order, candidates locked, turns taken one record after the other.

What a rule remembers of a user is guarded by the user's own row: all candidates are locked in the order of
their ids before anything is counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from salesmode.hookspecs import Candidate, Decision, Desk, UnitOf
from salesmode.model.condition import ALWAYS
from salesmode_routing.candidates import Circle, Known, circles_of
from salesmode_routing.counters import Memory, count_loads, remember, remembered
from salesmode_routing.rules import RoutingRule
from salesmode_routing.texts import said
from salesmode_routing.turns import Contender, Table, give

Avoiding = Mapping[str, str | None]
"""By record: a user who does not get it, because it is to leave that user."""


@dataclass
class Round:
    """Decisions that were made together. `decisions` share their candidates."""

    rule: RoutingRule
    candidates: tuple[Candidate, ...]
    decisions: list[Decision] = field(default_factory=list)


def decide(
    desk: Desk,
    ids: Sequence[str],
    rules: Sequence[RoutingRule],
    *,
    avoiding: Avoiding | None = None,
    dry: bool = False,
) -> UnitOf[list[Round]]:
    """A decision for each record that a rule decides; records of no round are left to others.

    `dry`: turns are not counted, as if nothing had been decided.
    """
    memories: dict[str, Memory] = {}
    rounds: list[Round] = []
    waiting = dict.fromkeys(ids, 0)
    while waiting:
        circles = yield from _circles(desk, waiting, rules)
        yield from _seated(desk, circles, memories, lock=not dry)
        waiting = {}
        for circle in circles:
            made = _dealt(desk, circle, memories[circle.rule.name].table, avoiding or {})
            rounds.append(made)
            decided = {each.record for each in made.decisions}
            waiting |= {id: rules.index(circle.rule) + 1 for id in circle.ids if id not in decided}
    if not dry:
        yield from remember(desk, memories)
    return [each for each in rounds if each.decisions]


def _circles(desk: Desk, waiting: Mapping[str, int], rules: Sequence[RoutingRule]) -> UnitOf[list[Circle]]:
    """The first rule that applies to each record, from the one on that it waits for."""
    left = dict(waiting)
    found: list[Circle] = []
    for at, rule in enumerate(rules):
        asked = [id for id, first in left.items() if first <= at]
        if rule.when != ALWAYS and asked:
            fitting = yield from desk.matching(rule.object, asked, rule.when)
            asked = [id for id in asked if id in fitting]
        if asked:
            found += yield from circles_of(desk, rule, asked)
            for id in asked:
                del left[id]
    return found


def _seated(
    desk: Desk, circles: Iterable[Circle], memories: dict[str, Memory], *, lock: bool
) -> UnitOf[None]:
    """What each rule remembers, read when its candidates are locked."""
    by_rule: dict[str, list[Circle]] = {}
    for circle in circles:
        by_rule.setdefault(circle.rule.name, []).append(circle)
    users = sorted({user for each in circles for user in each.users})
    if lock and users:
        yield from desk.read("user", (), ids=users, lock=True)
    given = next((each.table.given for each in memories.values()), Counter[str]())
    for name, those in by_rule.items():
        rule = those[0].rule
        if name not in memories:
            memories[name] = yield from remembered(desk, rule, given)
        able = {user for each in those for user in each.users}
        yield from count_loads(desk, rule, able, memories[name])


def _dealt(desk: Desk, circle: Circle, table: Table, avoiding: Avoiding) -> Round:
    made = Round(circle.rule, tuple(_candidates(desk, circle, table)))
    for id in circle.ids:
        decision = _decision(desk, circle, id, table, avoiding.get(id))
        if decision is not None:
            made.decisions.append(decision)
    return made


def _decision(desk: Desk, circle: Circle, id: str, table: Table, avoided: str | None) -> Decision | None:
    rule = circle.rule
    for group, known in circle.groups:
        contenders = [each.contender for each in known if each.contender.user != avoided]
        chosen = give(rule.choose, contenders, table)
        if chosen is not None:
            reason = _reason(desk, rule, group, chosen, table, len(contenders))
            return Decision(record=id, user=chosen.user, rule=rule.name, reason=reason)
    if rule.pool is None:
        return None
    return Decision(
        record=id, user=None, rule=rule.name, reason=said(desk.model, "nobody_fits"), pool=rule.pool
    )


def _reason(desk: Desk, rule: RoutingRule, group: str, chosen: Contender, table: Table, count: int) -> str:
    load = table.load(chosen.user) - 1
    return said(desk.model, f"by_{rule.choose}", group=group, count=count, load=load, score=chosen.score)


def _candidates(desk: Desk, circle: Circle, table: Table) -> Iterable[Candidate]:
    """As they stand before the first record of the round is given away."""
    for group, known in circle.groups:
        for each in known:
            fits, why = _standing(desk, circle.rule, each, table)
            reason = "; ".join([f"{each.name} ({group}): {why}", *each.points])
            score = each.contender.score if circle.rule.choose == "score" else None
            yield Candidate(user=each.contender.user, fits=fits, reason=reason, score=score)


def _standing(desk: Desk, rule: RoutingRule, known: Known, table: Table) -> tuple[bool, str]:
    contender = known.contender
    if table.full(contender):
        load = table.load(contender.user)
        return False, said(desk.model, "is_full", load=load, capacity=contender.capacity)
    if rule.choose == "weighted" and not contender.weight:
        return False, said(desk.model, "weighs_nothing")
    return True, said(desk.model, "fits")
