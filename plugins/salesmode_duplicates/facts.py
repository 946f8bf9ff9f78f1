"""The facts of a ruling: who had contact with a record and when, who is registered, and what was claimed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from salesmode.hookspecs import Claim, Desk, Record, UnitOf
from salesmode.model.app import Model
from salesmode.model.condition import Compare, Condition, Literal, both
from salesmode_duplicates.pointing import CLAIM
from salesmode_duplicates.rules import Clause, RulingRule
from salesmode_duplicates.ruling_kind import ACTIVITY

_CLAIM = ["user", "kind", "at", "reason"]


def claims_on(desk: Desk, rule: RulingRule, record: str, until: datetime) -> UnitOf[list[Claim]]:
    """What speaks for somebody, by clause in the rule's order; facts after `until` do not count."""
    stored = yield from desk.read(
        CLAIM, _CLAIM, where={"object": rule.object, "record": record}, order=["at", "created_at"]
    )
    found: list[Claim] = []
    for clause in rule.clauses:
        if clause.ground == "manual":
            found += _stored(clause, [each for each in stored if each["kind"] == "manual"][-1:])
        elif clause.ground == "registered":
            found += yield from _registered(desk, rule, clause, record, stored, until)
        else:
            found += yield from _contact(desk, rule, clause, record, until)
    return found


def _registered(
    desk: Desk, rule: RulingRule, clause: Clause, record: str, stored: Sequence[Record], until: datetime
) -> UnitOf[list[Claim]]:
    """Who stands in the field of the record, or else registered first."""
    if clause.field is not None:
        rows = yield from desk.read(rule.object, [clause.field], ids=[record])
        if rows and rows[0][clause.field] is not None:
            return [_claim(clause, rows[0][clause.field], field=clause.field)]
    timely = [each for each in stored if each["kind"] == "registered" and each["at"] <= until]
    return _stored(clause, timely[:1])


def _contact(
    desk: Desk, rule: RulingRule, clause: Clause, record: str, until: datetime
) -> UnitOf[list[Claim]]:
    """The first or the last activity that counts."""
    first = clause.ground == "first_contact"
    where = both(
        Compare(activity_reference(desk.model, rule.object), "eq", Literal(record)),
        Compare("user", "isNull", Literal(False)),
        Compare("at", "lte", Literal(until)),
        _protected(clause, until),
        clause.where,
    )
    order = ["at", "created_at"] if first else ["-at", "-created_at"]
    rows = yield from desk.read(ACTIVITY, ["user", "at"], where=where, order=order, first=1)
    return [_claim(clause, row["user"], activity=row["id"], at=row["at"].isoformat()) for row in rows]


def activity_reference(model: Model, object_: str) -> str:
    """The field of an activity that refers to such a record."""
    return next(each.field for each in model.objects[object_].inverses.values() if each.object == ACTIVITY)


def _protected(clause: Clause, until: datetime) -> Condition:
    if clause.within is None:
        return both()
    return Compare("at", "gte", Literal(until - clause.within))


def _stored(clause: Clause, rows: Sequence[Record]) -> list[Claim]:
    return [
        _claim(clause, row["user"], claim=row["id"], at=row["at"].isoformat(), reason=row["reason"])
        for row in rows
    ]


def _claim(clause: Clause, user: str, **evidence: Any) -> Claim:
    return Claim(user=user, kind=clause.ground, evidence={"clause": clause.name, **evidence})
