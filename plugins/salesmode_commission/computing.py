"""What people earn for a period: asked for, or by the clock when the period is over."""

import logging
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from salesmode.hookspecs import Desk, Problem, Record, Refusal, Trigger, UnitOf
from salesmode.model.condition import Compare, Literal, both
from salesmode.model.label import Label
from salesmode_commission.asked import LEVEL, LINE, RUN, plans_of
from salesmode_commission.earnings import dated, measured_in
from salesmode_commission.ledger import settle
from salesmode_commission.levels import graded, levels_at, plans_with_levels
from salesmode_commission.periods import begins, day_of, first_day, following, last_day, preceding
from salesmode_commission.plans import Period, Plan
from salesmode_commission.runs import CLOSED, held_run, run_of

LOG = logging.getLogger("salesmode.plugins")
AT_ONCE = 1000

_NOTHING, _PLACES = Decimal(0), Decimal("0.0001")
_LOCKED = Label({"en": "The run of this period is locked or dropped.", "zh": "该周期的提成已锁定或作废。"})
_NO_VERSION = Label({"en": "The plan has no version for this period.", "zh": "方案没有适用于该周期的版本。"})


def compute(desk: Desk, plan: Plan, day: date) -> UnitOf[str]:
    """Settle all that the plan pays for the period of that day; gives the run. CONFLICT if it is locked,
    VALIDATION_FAILED if the plan pays nothing for that time.
    """
    first = first_day(day, plan.per)
    if day.year == date.max.year or plan.version(last_day(first, plan.per)) is None:
        raise Refusal("VALIDATION_FAILED", problems=[Problem(("period",), "no_version", _NO_VERSION)])
    _check((yield from run_of(desk, plan.name, first)))
    yield from _settle_records(desk, plan, first)
    yield from _settle_periods(desk, plan, first)
    run = yield from held_run(desk, plan.name, first, per=plan.per)
    _check([run])
    yield from desk.update(RUN, {run["id"]: {"computed_at": desk.now}})
    return str(run["id"])


def _check(runs: Sequence[Record]) -> None:
    if any(each["stage"] in CLOSED for each in runs):
        raise Refusal("CONFLICT", problems=[Problem(("period",), "locked", _LOCKED)])


def _settle_records(desk: Desk, plan: Plan, first: date) -> UnitOf[None]:
    """Records of the period: also those that were there before the plan was, or came in past the hooks."""
    found: dict[tuple[str, str], Trigger] = {}
    for version in plan.versions:
        for rule in version.records:
            within = dated(desk, rule.object, rule.on, first, following(first, plan.per))
            for row in (yield from desk.read(rule.object, [], where=both(rule.when, within))):
                id_ = str(row["id"])
                found[rule.object, id_] = Trigger(kind="record", object=rule.object, record=id_, on=first)
    triggers = [found[each] for each in sorted(found)]
    for start in range(0, len(triggers), AT_ONCE):
        yield from settle(desk, triggers[start : start + AT_ONCE])


def _settle_periods(desk: Desk, plan: Plan, first: date) -> UnitOf[None]:
    """Whoever was paid for a period stays in it, after leaving too."""
    people = yield from people_of(desk, plan)
    for per, start in _periods_within(plan, first):
        where = {"plan": plan.name, "of_period": start, "per": per}
        paid = yield from desk.count(LINE, where=where, by=["user"])
        users = sorted({*people, *map(str, paid)})
        for at in range(0, len(users), AT_ONCE):
            yield from settle(desk, _triggers(plan, users[at : at + AT_ONCE], per, start))


def people_of(desk: Desk, plan: Plan) -> UnitOf[list[str]]:
    """The users whom the plan is for."""
    rows = yield from desk.read("user", [], where=plan.who)
    return [str(each["id"]) for each in rows]


def _triggers(plan: Plan, users: Sequence[str], per: Period, start: date) -> list[Trigger]:
    values = {"plan": plan.name, "per": per}
    return [Trigger(kind="period", object="user", record=each, on=start, values=values) for each in users]


def _periods_within(plan: Plan, first: date) -> list[tuple[Period, date]]:
    """The periods of the rules that end within the run."""
    end = following(first, plan.per)
    found: set[tuple[Period, date]] = set()
    for version in plan.versions:
        for rule in version.periods:
            start = first_day(first, rule.per)
            while start < end:
                if first < following(start, rule.per) <= end:
                    found.add((rule.per, start))
                start = following(start, rule.per)
    return sorted(found, key=lambda each: (each[1], each[0]))


def compute_due(desk: Desk) -> UnitOf[int]:
    """The run of one period that is over, of a plan that has not been computed for it since; gives how
    many. One that cannot be computed is told, and keeps no other plan from it.
    """
    for plan in plans_of(desk.model).values():
        period = yield from _overdue(desk, plan)
        if period is not None:
            outcome = yield from desk.attempt(compute(desk, plan, period))
            if not isinstance(outcome, Refusal):
                return 1
            why = ", ".join(each.message.text("en") for each in outcome.problems)
            LOG.error("commission: the run %s of %s: %s (%s)", period, plan.name, outcome, why)
    return 0


def _overdue(desk: Desk, plan: Plan) -> UnitOf[date | None]:
    """The first period that is over after the last one that is done; of a new plan, the one just over, if
    anybody was there by then.
    """
    timezone = desk.model.app.timezone
    over = preceding(first_day(day_of(desk.now, timezone), plan.per), plan.per)
    if plan.version(last_day(over, plan.per)) is None:
        return None
    where = {"plan": plan.name, "period": {"lte": over}}
    runs = yield from desk.read(RUN, ["stage", "computed_at", "period"], where=where, order=["-period"])
    for run in runs:
        ended = begins(following(run["period"], plan.per), timezone)
        if run["stage"] in CLOSED or (run["computed_at"] is not None and run["computed_at"] >= ended):
            return None if run["period"] == over else following(run["period"], plan.per)
    before = Compare("created_at", "lt", Literal(begins(following(over, plan.per), timezone)))
    there = yield from desk.count("user", where=both(plan.who, before))
    return over if runs or any(there.values()) else None


def grade_due(desk: Desk) -> UnitOf[int]:
    """Re-grade the people of each plan whose period is over; gives how many got another level."""
    today = day_of(desk.now, desk.model.app.timezone)
    count = 0
    for plan in plans_with_levels(desk):
        assert plan.grading is not None
        since = first_day(today, plan.grading.per)
        users = yield from people_of(desk, plan)
        levels = yield from levels_at(desk, plan, {since})
        start = preceding(since, plan.grading.per)
        measured = yield from measured_in(desk, plan.grading.measure, users, start, since)
        rows = []
        for user in users:
            level = graded(plan, measured.get(user, _NOTHING))
            if level != levels.of(user, since):
                told = f"{plan.grading.measure.object} from {start} until before {since}"
                rows.append(
                    {
                        "user": user,
                        "plan": plan.name,
                        "level": level,
                        "since": since,
                        "measured": measured.get(user, _NOTHING).quantize(_PLACES),
                        "reason": told,
                    }
                )
        yield from _replace(desk, plan, rows)
        count += len(rows)
    return count


def _replace(desk: Desk, plan: Plan, rows: Sequence[dict[str, object]]) -> UnitOf[None]:
    """A level of the same day gives way."""
    if not rows:
        return
    where = {"plan": plan.name, "since": rows[0]["since"], "user": {"in": [each["user"] for each in rows]}}
    former = yield from desk.read(LEVEL, [], where=where)
    if former:
        yield from desk.delete(LEVEL, [each["id"] for each in former])
    yield from desk.create(LEVEL, rows)


def plan_named(desk: Desk, name: str) -> Plan:
    """VALIDATION_FAILED where there is none."""
    found = plans_of(desk.model).get(name)
    if found is None:
        label = Label({"en": f"There is no plan '{name}'.", "zh": f"没有方案“{name}”。"})
        raise Refusal("VALIDATION_FAILED", problems=[Problem(("plan",), "not_found", label)])
    return found
