"""The ledger is only appended: what is earned by now, less what it says already, is a new line (D91).

So an event that is told twice changes nothing, all events replayed give the same sums, and what is not
earned any more is clawed back to exactly zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from salesmode.hookspecs import CommissionLine, Desk, Trigger, UnitOf
from salesmode_commission.asked import LINE, plans_of
from salesmode_commission.periods import day_of, last_day
from salesmode_commission.plans import Period, PeriodRule, Plan, RecordRule
from salesmode_commission.runs import CLOSED, open_run

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
    due: dict[Key, CommissionLine] = {}
    for line in (each for _, lines in answers for each in lines):
        key = _key(line, per)
        due[key] = replace(line, amount=_amount(due.get(key)) + line.amount)
    booked = yield from _booked(desk, triggers)
    ruled = _newly_ruled(due, booked)
    changes = [
        _Change(
            key, due.get(key), _amount(due.get(key)) - _said(booked, key), key in booked, _of(key) in ruled
        )
        for key in sorted({*due, *booked}, key=str)
    ]
    changes = [each for each in changes if each.amount]
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


_Booked = Mapping[Key, Mapping[str | None, Decimal]]


def _booked(desk: Desk, triggers: Sequence[Trigger]) -> UnitOf[_Booked]:
    """What the ledger says of the triggers' records and periods, by the ruling that made it. Corrections by
    hand stand, and so does what a plan that is no more paid in runs that are closed.
    """
    found: dict[Key, dict[str | None, Decimal]] = {}
    known = sorted(plans_of(desk.model))
    for object_ in sorted({each.object for each in triggers}):
        mine = [each for each in triggers if each.object == object_]
        where: dict[str, Any] = {
            "object": object_,
            "record": {"in": sorted({each.record for each in mine})},
            "occasion": {"ne": "by_hand"},
            "or": [{"plan": {"in": known}}, {"not": {"run": {"stage": {"in": list(CLOSED)}}}}],
        }
        if mine[0].kind == "period":
            where["of_period"] = {"in": sorted({each.on for each in mine})}
            where["plan"] = {"in": sorted({each.values["plan"] for each in mine})}
            where["per"] = {"in": sorted({each.values["per"] for each in mine})}
        sums: Mapping[Any, Any] = yield from desk.sum(LINE, "amount", where=where, by=[*_KEY, "ruling"])
        for (*key, ruling), amount in sums.items():
            found.setdefault(Key(*key), {})[ruling] = Decimal(amount)
    return found


def _said(booked: _Booked, key: Key) -> Decimal:
    return sum(booked.get(key, {}).values(), Decimal(0))


def _of(key: Key) -> tuple[str, str, str]:
    return key.plan, key.rule, key.record


def _newly_ruled(due: Mapping[Key, CommissionLine], booked: _Booked) -> set[tuple[str, str, str]]:
    """What earned before, and is divided now by a ruling that the ledger does not know, or by none."""
    known: dict[tuple[str, str, str], set[str | None]] = {}
    for key, by_ruling in booked.items():
        known.setdefault(_of(key), set()).update(by_ruling)
    return {_of(key) for key, line in due.items() if line.ruling not in known.get(_of(key), {line.ruling})}


class _Change(NamedTuple):
    """What a key is due less what is booked; `known`: the ledger has it; `ruled`: because of a new ruling."""

    key: Key
    line: CommissionLine | None
    amount: Decimal
    known: bool
    ruled: bool

    @property
    def occasion(self) -> str:
        if self.ruled:
            return "ruling"
        if not self.known:
            return "earned"
        return "more" if self.amount > 0 else "clawback"


def _rows(desk: Desk, changes: Sequence[_Change]) -> UnitOf[list[dict[str, Any]]]:
    rows = []
    runs: dict[tuple[str, date], str] = {}
    today = day_of(desk.now, desk.model.app.timezone)
    for change in changes:
        key, line = change.key, change.line
        plan = plans_of(desk.model).get(key.plan)
        per = plan.per if plan is not None else "month"
        day = line.trigger.on if line is not None else today
        within = last_day(key.of_period, key.per) if key.of_period and key.per else day
        if (key.plan, within) not in runs:
            runs[key.plan, within] = yield from open_run(desk, key.plan, within, per=per)
        rows.append(_row(change, run=runs[key.plan, within], plan=plan, day=day))
    return rows


def _row(change: _Change, *, run: str, plan: Plan | None, day: date) -> dict[str, Any]:
    key, line = change.key, change.line
    base = Decimal(0) if line is None else line.base
    return {
        "run": run,
        "user": key.user,
        "plan": key.plan,
        "plan_version": "-" if line is None else line.version,
        "rule": key.rule,
        "part": _part(plan, key.rule),
        "occasion": change.occasion,
        "object": key.object,
        "record": key.record,
        "of_period": key.of_period,
        "per": key.per,
        "on": day,
        "base": base.quantize(Decimal("0.0001")),
        "rate": None if line is None or line.rate is None else line.rate.quantize(Decimal("0.0001")),
        "share": (Decimal(0) if line is None else line.share).quantize(Decimal("0.000001")),
        "amount": change.amount,
        "reason": _reason(line, change.occasion)[:500],
        "ruling": None if line is None else line.ruling,
    }


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
