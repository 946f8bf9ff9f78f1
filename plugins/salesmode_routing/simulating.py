"""What a rule would do, and why it did what it did: for people, without writing anything."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from salesmode.hookspecs import Desk, Refusal, UnitOf
from salesmode.model.condition import ALWAYS
from salesmode_routing.deciding import decide
from salesmode_routing.reading import OWNER
from salesmode_routing.rules import KIND, RoutingRule, rules_of
from salesmode_routing.texts import moment, text

_MOST = 10_000


def simulate(desk: Desk, name: str, days: int) -> UnitOf[list[Mapping[str, object]]]:
    """By user: how many of the records made in the last days they have, and would have got from the rule."""
    rule = _rule(desk, name)
    since = {"created_at": {"gte": desk.now - timedelta(days=days)}}
    rows = yield from desk.read(rule.object, (OWNER,), where=since, order=("created_at",), first=_MOST)
    rounds = yield from decide(desk, [str(each["id"]) for each in rows], [rule], dry=True)
    decisions = [each for made in rounds for each in made.decisions]
    decided = {each.record for each in decisions}
    would = Counter(each.user for each in decisions)
    has = Counter(each[OWNER] for each in rows if each["id"] in decided)
    names = yield from _names(desk, {*would, *has})
    told: list[Mapping[str, object]] = [
        {"user": names[user], "would_get": would[user], "has": has[user]}
        for user in sorted({*would, *has}, key=lambda each: names[each])
    ]
    return [*told, {"user": "(not decided by this rule)", "would_get": len(rows) - len(decided), "has": ""}]


def _rule(desk: Desk, name: str) -> RoutingRule:
    rules: Mapping[str, RoutingRule] = desk.model.extensions.get(KIND, {})
    if name not in rules:
        raise Refusal("NOT_FOUND", text("no_rule", name=name, known=", ".join(rules)))
    return rules[name]


def _names(desk: Desk, users: set[str | None]) -> UnitOf[dict[str | None, str]]:
    rows = yield from desk.read("user", ("name",), ids=sorted(each for each in users if each is not None))
    return {None: "(nobody: to the pool)", **{str(each["id"]): str(each["name"]) for each in rows}}


def explain(desk: Desk, object_: str, id: str) -> UnitOf[list[str]]:
    """Every decision about the record with its candidates; then which rules apply to it now."""
    if object_ not in desk.model.objects:
        raise Refusal("NOT_FOUND", text("no_object", name=object_))
    rows = yield from desk.read(object_, (), ids=[id])
    if not rows:
        raise Refusal("NOT_FOUND")
    decisions = yield from desk.read(
        "routing_decision",
        ("created_at", "rule", "trigger", "user.name", "pool", "reason", "round.candidates"),
        where={"object": object_, "record": id},
        order=("created_at",),
    )
    told = [line for each in decisions for line in _decision(desk, each)] or [
        "No rule has decided about this record."
    ]
    for rule in rules_of(desk.model, object_):
        told.append((yield from _now(desk, rule, id)))
    return told


def _decision(desk: Desk, decision: Mapping[str, Any]) -> Sequence[str]:
    got = decision["user.name"] or f"pool {decision['pool']}"
    head = f"{moment(desk.model, decision['created_at'])} {decision['rule']} ({decision['trigger']}): {got}"
    candidates = decision["round.candidates"] or ()
    marks = ("+" if each["fits"] else "-" for each in candidates)
    lines = [f"    {mark} {each['reason']}" for mark, each in zip(marks, candidates, strict=True)]
    return [f"{head}: {decision['reason']}", *lines]


def _now(desk: Desk, rule: RoutingRule, id: str) -> UnitOf[str]:
    fitting = (yield from desk.matching(rule.object, [id], rule.when)) if rule.when != ALWAYS else {id}
    state = "" if rule.active else "; it is not active"
    applies = "applies" if id in fitting else "does not apply (its `when` does not hold)"
    return f"Now: rule {rule.name} {applies}{state}"
