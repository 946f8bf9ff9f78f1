"""The ledger is only appended: what is earned by now, less what it says already, is a new line (D91).

So an event that is told twice changes nothing, all events replayed give the same sums, and what is not
earned any more is clawed back to exactly zero.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from salesmode.hookspecs import CommissionLine, Desk, Trigger, UnitOf
from salesmode_commission.asked import LINE, plans_of
from salesmode_commission.periods import day_of, last_day
from salesmode_commission.plans import Period, PeriodRule, Plan, RecordRule
from salesmode_commission.runs import open_run

_KEY = ["plan", "rule", "object", "record", "of_period", "per", "user"]


class Key(NamedTuple):
    """What one person earned by one rule for one record, or for one period."""

    plan: str
    rule: str
    object: str
    record: str
    of_period: date | None
    per: Period | None
    user: str


def settle(desk: Desk, triggers: Sequence[Trigger]) -> UnitOf[int]:
    """Append what the triggers change; gives how many lines. The records are held meanwhile, in the order of
    their ids and deleted ones too, so that two workers do not write the same twice (RULING 12).
    """
    yield from _hold(desk, triggers)
    answers = yield from desk.ask("commission_lines", triggers=triggers)
    per = triggers[0].values.get("per") if triggers else None
    due = {_key(each, per): each for _, lines in answers for each in lines}
    booked = yield from _booked(desk, triggers)
    changes = [
        (key, due.get(key), _amount(due.get(key)) - booked.get(key, Decimal(0)), key in booked)
        for key in sorted({*due, *booked}, key=str)
    ]
    changes = [each for each in changes if each[2]]
    rows = yield from _rows(desk, changes)
    if rows:
        yield from desk.create(LINE, rows)
    return len(rows)


def _hold(desk: Desk, triggers: Sequence[Trigger]) -> UnitOf[None]:
    ids: dict[str, list[str]] = {}
    for each in triggers:
        ids.setdefault(each.object, []).append(each.record)
    for object_ in sorted(ids):
        yield from desk.read(object_, [], ids=sorted(set(ids[object_])), lock=True, deleted=True)


def _key(line: CommissionLine, per: Period | None) -> Key:
    trigger = line.trigger
    of_period = trigger.on if trigger.kind == "period" else None
    return Key(line.plan, line.rule, trigger.object, trigger.record, of_period, per, line.user)


def _amount(line: CommissionLine | None) -> Decimal:
    return Decimal(0) if line is None else line.amount


def _booked(desk: Desk, triggers: Sequence[Trigger]) -> UnitOf[dict[Key, Decimal]]:
    """What the ledger says of the triggers' records and periods, corrections by hand apart: they stand."""
    found: dict[Key, Decimal] = {}
    for object_ in sorted({each.object for each in triggers}):
        mine = [each for each in triggers if each.object == object_]
        where: dict[str, Any] = {
            "object": object_,
            "record": {"in": sorted({each.record for each in mine})},
            "occasion": {"ne": "by_hand"},
        }
        if mine[0].kind == "period":
            where["of_period"] = {"in": sorted({each.on for each in mine})}
            where["plan"] = {"in": sorted({each.values["plan"] for each in mine})}
            where["per"] = {"in": sorted({each.values["per"] for each in mine})}
        sums: Mapping[Any, Any] = yield from desk.sum(LINE, "amount", where=where, by=_KEY)
        found |= {Key(*each): Decimal(amount) for each, amount in sums.items()}
    return found


_Changed = tuple[Key, CommissionLine | None, Decimal, bool]


def _rows(desk: Desk, changes: Sequence[_Changed]) -> UnitOf[list[dict[str, Any]]]:
    rows = []
    runs: dict[tuple[str, date], str] = {}
    today = day_of(desk.now, desk.model.app.timezone)
    for key, line, amount, known in changes:
        plan = plans_of(desk.model).get(key.plan)
        per = plan.per if plan is not None else "month"
        day = line.trigger.on if line is not None else today
        within = last_day(key.of_period, key.per) if key.of_period and key.per else day
        if (key.plan, within) not in runs:
            runs[key.plan, within] = yield from open_run(desk, key.plan, within, per=per)
        rows.append(_row(key, line, amount, known, run=runs[key.plan, within], plan=plan, day=day))
    return rows


def _row(
    key: Key,
    line: CommissionLine | None,
    amount: Decimal,
    known: bool,
    *,
    run: str,
    plan: Plan | None,
    day: date,
) -> dict[str, Any]:
    occasion = _occasion(line, amount, known)
    base = Decimal(0) if line is None else line.base
    return {
        "run": run,
        "user": key.user,
        "plan": key.plan,
        "plan_version": "-" if line is None else line.version,
        "rule": key.rule,
        "part": _part(plan, key.rule),
        "occasion": occasion,
        "object": key.object,
        "record": key.record,
        "of_period": key.of_period,
        "per": key.per,
        "on": day,
        "base": base.quantize(Decimal("0.0001")),
        "rate": None if line is None or line.rate is None else line.rate.quantize(Decimal("0.0001")),
        "share": (Decimal(0) if line is None else line.share).quantize(Decimal("0.000001")),
        "amount": amount,
        "reason": _reason(line, occasion)[:500],
        "ruling": None if line is None else line.ruling,
    }


def _occasion(line: CommissionLine | None, amount: Decimal, known: bool) -> str:
    if not known:
        return "ruling" if line is not None and line.ruling else "earned"
    if line is not None and line.ruling:
        return "ruling"
    return "more" if amount > 0 else "clawback"


def _reason(line: CommissionLine | None, occasion: str) -> str:
    if line is None:
        return "not earned any more"
    return line.reason if occasion in ("earned", "ruling") else f"{line.reason}; now {line.amount} in all"


def _part(plan: Plan | None, rule: str) -> str | None:
    versions = plan.versions if plan is not None else ()
    rules: list[RecordRule | PeriodRule] = []
    for version in versions:
        rules += [*version.records, *version.periods]
    return next((each.part for each in reversed(rules) if each.name == rule), None)
