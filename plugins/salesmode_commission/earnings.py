"""What is earned by now, whatever the ledger says already: of records, and of people in a period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from salesmode.hookspecs import CommissionLine, Desk, Record, Trigger, UnitOf
from salesmode.model.condition import Compare, Condition, Literal, both
from salesmode_commission.amounts import allocated, paid, rate_of, reached, rounded
from salesmode_commission.asked import places_of, plans_of
from salesmode_commission.levels import Levels, levels_at
from salesmode_commission.periods import begins, day_of, following
from salesmode_commission.plans import Measure, PeriodRule, Plan, RecordRule, Version
from salesmode_commission.shares import Split, splits_of

USER = "user"


@dataclass(frozen=True, slots=True)
class Earned:
    """A record that earns: the day, the base, and who shares it."""

    record: str
    day: date
    base: Decimal
    split: Split


def earned_lines(desk: Desk, triggers: Sequence[Trigger]) -> UnitOf[list[CommissionLine]]:
    """The lines of this app's plans for the triggers: `record` (one changed) and `period` (of one plan)."""
    found: list[CommissionLine] = []
    for plan in plans_of(desk.model).values():
        for version, rule in _record_rules(plan):
            mine = [each for each in triggers if each.kind == "record" and each.object == rule.object]
            if mine:
                found += yield from _of_records(desk, plan, version, rule, mine)
        mine = [each for each in triggers if each.kind == "period" and each.values["plan"] == plan.name]
        found += yield from _of_periods(desk, plan, mine)
    return found


def _record_rules(plan: Plan) -> Iterator[tuple[Version, RecordRule]]:
    for version in plan.versions:
        for rule in version.records:
            yield version, rule


def _of_records(
    desk: Desk, plan: Plan, version: Version, rule: RecordRule, triggers: Sequence[Trigger]
) -> UnitOf[list[CommissionLine]]:
    by_record = {each.record: each for each in triggers}
    earning = yield from _earning(desk, plan, version, rule, list(by_record))
    days = {each.day for each in earning} if rule.pay.by_level else set()
    levels = yield from levels_at(desk, plan, days)
    lines: list[CommissionLine] = []
    for each in earning:
        amounts = _amounts(desk, rule, each, levels)
        for user, (amount, rate) in amounts.items():
            lines.append(
                CommissionLine(
                    user=user,
                    plan=plan.name,
                    version=version.name,
                    rule=rule.name,
                    base=each.base,
                    rate=rate,
                    share=each.split.shares[user],
                    amount=amount,
                    trigger=Trigger(kind="record", object=rule.object, record=each.record, on=each.day),
                    reason=f"{rule.name} of {plan.name}, version {version.name}: {each.split.why}",
                    ruling=each.split.ruling,
                )
            )
    return lines


def _earning(
    desk: Desk, plan: Plan, version: Version, rule: RecordRule, ids: Sequence[str]
) -> UnitOf[list[Earned]]:
    """The records that are there, fit, have a day in this version, and somebody to earn."""
    fitting = yield from desk.matching(rule.object, ids, rule.when)
    if not fitting:
        return []
    paths = list(dict.fromkeys([rule.on, rule.to, *(each for each in rule.split if each)]))
    rows = yield from desk.read(rule.object, paths, ids=sorted(fitting))
    days = {row["id"]: _day(desk, row[rule.on]) for row in rows}
    dated = {id_: day for id_, day in days.items() if day is not None and plan.version(day) == version}
    bases = yield from desk.evaluate(rule.object, sorted(dated), rule.base)
    splits = yield from splits_of(desk, plan.name, rule, [row for row in rows if row["id"] in dated])
    return [
        Earned(id_, day, Decimal(bases[id_]), splits[id_])
        for id_, day in dated.items()
        if bases.get(id_) is not None and id_ in splits
    ]


def _day(desk: Desk, value: date | datetime | None) -> date | None:
    return None if value is None else day_of(value, desk.model.app.timezone)


def _amounts(
    desk: Desk, rule: RecordRule, earned: Earned, levels: Levels
) -> dict[str, tuple[Decimal, Decimal | None]]:
    """The amount and the rate of each. Where the rate depends on the level, each has their own."""
    places, pay, shares = places_of(desk.model), rule.pay, earned.split.shares
    if not pay.by_level:
        whole, rate = rounded(paid(pay, earned.base), places), rate_of(pay, earned.base)
        return {user: (amount, rate) for user, amount in allocated(whole, shares, places).items()}
    found = {}
    for user, share in shares.items():
        level = levels.of(user, earned.day)
        amount = rounded(paid(pay, earned.base, level) * share, places)
        found[user] = (amount, rate_of(pay, earned.base, level))
    return found


def _of_periods(desk: Desk, plan: Plan, triggers: Sequence[Trigger]) -> UnitOf[list[CommissionLine]]:
    """One trigger for each person and period."""
    lines: list[CommissionLine] = []
    for day in sorted({each.on for each in triggers}):
        version = plan.version(day)
        users = sorted(each.record for each in triggers if each.on == day)
        for rule in version.periods if version is not None else ():
            if rule.per == triggers[0].values["per"]:
                assert version is not None
                lines += yield from _of_period(desk, plan, version, rule, users, day=day)
    return lines


def _of_period(
    desk: Desk, plan: Plan, version: Version, rule: PeriodRule, users: Sequence[str], *, day: date
) -> UnitOf[list[CommissionLine]]:
    measured = yield from _measured(desk, rule, users, day)
    factors = yield from _factors(desk, rule, measured, users, day)
    levels = yield from levels_at(desk, plan, {day} if rule.pay.by_level else ())
    lines = []
    for user in users:
        base = measured.get(user, Decimal(0)) if rule.measure is not None else Decimal(1)
        level, factor = levels.of(user, day), factors.get(user, Decimal(1))
        amount = rounded(paid(rule.pay, base, level, factor=factor), places_of(desk.model))
        told = f", times {factor}" if factor != 1 else ""
        lines.append(
            CommissionLine(
                user=user,
                plan=plan.name,
                version=version.name,
                rule=rule.name,
                base=base,
                rate=rate_of(rule.pay, base, level),
                share=Decimal(1),
                amount=amount,
                trigger=Trigger(kind="period", object=USER, record=user, on=day),
                reason=f"{rule.name} of {plan.name}, version {version.name}, {rule.per} from {day}{told}",
            )
        )
    return lines


def _measured(desk: Desk, rule: PeriodRule, users: Sequence[str], day: date) -> UnitOf[dict[str, Decimal]]:
    if rule.measure is None:
        return {}
    return (yield from measured_in(desk, rule.measure, users, day, following(day, rule.per)))


def measured_in(
    desk: Desk, measure: Measure, users: Sequence[str], start: date, end: date
) -> UnitOf[dict[str, Decimal]]:
    """What each person did from `start` until before `end`."""
    within = both(measure.where, dated(desk, measure.object, measure.date, start, end))
    if measure.sum is None:
        found: Mapping[Any, Any] = yield from desk.count(measure.object, where=within, by=[measure.user])
    else:
        found = yield from desk.sum(measure.object, measure.sum, where=within, by=[measure.user])
    return {str(user): Decimal(value or 0) for user, value in found.items() if user in set(users)}


def dated(desk: Desk, object_: str, field: str, start: date, end: date) -> Condition:
    """That the day or moment lies from `start` until before `end`."""
    moments: list[date | datetime] = [start, end]
    if desk.model.objects[object_].fields[field].type == "datetime":
        moments = [begins(each, desk.model.app.timezone) for each in (start, end)]
    after, before = (Literal(each) for each in moments)
    return both(Compare(field, "gte", after), Compare(field, "lt", before))


def _factors(
    desk: Desk, rule: PeriodRule, measured: Mapping[str, Decimal], users: Sequence[str], day: date
) -> UnitOf[dict[str, Decimal]]:
    """By attainment of the quota in per cent; who has none is not accelerated."""
    if rule.accelerate is None:
        return {}
    where = {
        "target": rule.accelerate.target,
        "user": {"in": list(users)},
        "starts_on": {"between": [day, following(day, rule.per)]},
    }
    rows: list[Record] = yield from desk.read("quota", ["user", "amount", "starts_on"], where=where)
    quotas: dict[str, Decimal] = {}
    for row in rows:
        if row["starts_on"] < following(day, rule.per):
            quotas[row["user"]] = quotas.get(row["user"], Decimal(0)) + Decimal(row["amount"])
    return {
        user: reached(rule.accelerate.steps, measured.get(user, Decimal(0)) * 100 / quota, Decimal(1))
        for user, quota in quotas.items()
        if quota
    }
