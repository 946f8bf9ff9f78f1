"""Rulings are recorded with their evidence; a new one takes the place of the one that was in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from salesmode.hookspecs import Claim, Desk, Record, Refusal, Ruling, UnitOf
from salesmode.model.label import Label
from salesmode_duplicates.asked import ruling_rules
from salesmode_duplicates.facts import claims_on
from salesmode_duplicates.judging import judged, owner_of
from salesmode_duplicates.rules import RulingRule

RULING = "ownership_ruling"
FIELDS = ["record", "rule", "owner", "shares", "facts_until"]
_SAID = ["clause", "owner", "shares", "reason"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says of a record now: the claims, and the ruling if they name anybody."""

    rule: RulingRule
    claims: Sequence[Claim]
    ruling: Ruling | None
    until: datetime

    @property
    def owner(self) -> str | None:
        """Whom the deciding clause names; where another plugin ruled, whoever has the largest share."""
        if self.ruling is None:
            return None
        found = owner_of(self.rule, self.claims)
        if found is not None and found[1].user in self.ruling.shares:
            return found[1].user
        return max(self.ruling.shares, key=lambda each: (self.ruling.shares[each], each))  # type: ignore[union-attr]

    @property
    def clause(self) -> str:
        found = owner_of(self.rule, self.claims)
        return found[0] if found is not None else "plugin"


def rule_on(desk: Desk, object_: str, record: str) -> UnitOf[str]:
    """Rule on a record because somebody asks. VALIDATION_FAILED where nothing speaks for anybody."""
    rule = ruling_rules(desk.model)[object_]
    yield from desk.read(object_, [], ids=[record], lock=True)
    until = yield from _decided(desk, rule, record)
    judgement = yield from judge(desk, rule, record, until)
    if judgement.ruling is None:
        raise Refusal("VALIDATION_FAILED", _NOBODY)
    former = yield from in_force(desk, object_, [record])
    return (yield from put_in_force(desk, judgement, record, former, occasion="asked"))


def ruling_as_seen(desk: Desk, id_: str) -> UnitOf[dict[str, Any]]:
    """What a ruling says, as far as the caller may read rulings: whoever may rule may not see them all."""
    try:
        rows = yield from desk.as_caller().read(RULING, _SAID, ids=[id_])
    except Refusal:  # they may read none
        rows = []
    row = rows[0] if rows else dict.fromkeys(_SAID)
    shares = row["shares"]
    told = shares and [{"user": user, "share": Decimal(each)} for user, each in shares.items()]
    return {**{name: row[name] for name in _SAID}, "shares": told}


def judge(desk: Desk, rule: RulingRule, record: str, until: datetime) -> UnitOf[Judgement]:
    """What plugins say of the claims; the first ruling counts."""
    claims = yield from claims_on(desk, rule, record, until)
    answers = yield from desk.ask("adjudicate", object=rule.object, record=record, claims=claims)
    ruling = next((each for _, each in answers), None)
    return Judgement(rule, claims, ruling, until)


def adjudicated(desk: Desk, object_: str, record: str, claims: Sequence[Claim]) -> Ruling | None:
    """This plugin's answer to the hook `adjudicate`."""
    rule = ruling_rules(desk.model).get(object_)
    return None if rule is None else judged(rule, record, claims)


def in_force(desk: Desk, object_: str, records: Sequence[str]) -> UnitOf[list[Record]]:
    """The rulings that count for these records."""
    where = {"object": object_, "record": {"in": list(records)}, "current": True}
    return (yield from desk.read(RULING, FIELDS, where=where, order=["at"]))


def put_in_force(
    desk: Desk, judgement: Judgement, record: str, former: Sequence[Record], *, occasion: str
) -> UnitOf[str]:
    """Record the ruling in the place of the former ones, and give the record to whom it names."""
    ruling, rule = judgement.ruling, judgement.rule
    assert ruling is not None
    yield from set_aside(desk, former)
    own = [each["id"] for each in former if each["record"] == record]
    row = {
        "object": rule.object,
        "record": record,
        "rule": ruling.rule,
        "clause": judgement.clause,
        "owner": judgement.owner,
        "shares": written_shares(ruling.shares),
        "evidence": [{"user": each.user, "kind": each.kind, **each.evidence} for each in judgement.claims],
        "reason": ruling.reason[:500],
        "at": desk.now,
        "facts_until": judgement.until,
        "occasion": occasion,
        "replaces": own[-1] if own else None,
    }
    (id_,) = yield from desk.create(RULING, [row])
    if rule.set_owner:
        yield from desk.update(rule.object, {record: {"owner": judgement.owner}})
    return id_


def set_aside(desk: Desk, former: Sequence[Record]) -> UnitOf[None]:
    """They are not in force any more."""
    if former:
        yield from desk.update(RULING, {each["id"]: {"current": False} for each in former})


def written_shares(shares: Mapping[str, Decimal]) -> dict[str, str]:
    """Exact, by user."""
    return {user: str(share) for user, share in sorted(shares.items())}


def _decided(desk: Desk, rule: RulingRule, record: str) -> UnitOf[datetime]:
    """The end of the day on which it was decided, or now."""
    if rule.decided is None:
        return desk.now
    rows: list[Mapping[str, Any]] = yield from desk.read(rule.object, [rule.decided], ids=[record])
    value = rows[0][rule.decided] if rows else None
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        zone = ZoneInfo(desk.model.app.timezone)
        return datetime.combine(value + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
    return desk.now


_NOBODY = Label(
    {
        "en": "There is no contact, registration or claim by which this could be anybody's.",
        "zh": "没有可用于判定归属的跟进、登记或主张。",
    }
)
