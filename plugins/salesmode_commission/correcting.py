"""A correction by hand is a new line with its reason, never an edit (D91)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from salesmode.hookspecs import Desk, Problem, Record, Refusal, UnitOf
from salesmode.model.label import Label
from salesmode_commission.asked import LINE, plans_of
from salesmode_commission.periods import day_of
from salesmode_commission.runs import open_run

_REASON = Label({"en": "A correction needs its reason.", "zh": "更正须写明理由。"})
_NOTHING = Label({"en": "A correction is of some amount.", "zh": "更正金额不能为零。"})
_KEPT = ("user", "plan", "plan_version", "rule", "part", "object", "record", "of_period", "per")


def correct(desk: Desk, arguments: Mapping[str, Any]) -> UnitOf[str]:
    """Add `amount` to what a line says, in the run that is open now; gives the new line."""
    amount, reason = Decimal(arguments["amount"]), str(arguments["reason"]).strip()
    problems = []
    if not reason:
        problems.append(Problem(("reason",), "required", _REASON))
    if not amount:
        problems.append(Problem(("amount",), "required", _NOTHING))
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    line, number = yield from _line(desk, str(arguments["id"]))
    today = day_of(desk.now, desk.model.app.timezone)
    plan = plans_of(desk.model).get(line["plan"])
    run = yield from open_run(desk, line["plan"], today, per="month" if plan is None else plan.per)
    row = {
        **{name: line[name] for name in _KEPT},
        "run": run,
        "occasion": "by_hand",
        "on": today,
        "base": Decimal(0),
        "share": Decimal(0),
        "amount": amount,
        "reason": (reason if number is None else f"{number}: {reason}")[:500],
        "by": desk.caller.id,
    }
    return (yield from _added(desk, row))


def _line(desk: Desk, id: str) -> UnitOf[tuple[Record, str | None]]:
    """What is corrected, and its number, as far as the caller may see that."""
    (line,) = yield from desk.read(LINE, _KEPT, ids=[id])
    seen = yield from desk.as_caller().read(LINE, ["number"], ids=[id])
    return line, next((each["number"] for each in seen), None)


def _added(desk: Desk, row: Mapping[str, Any]) -> UnitOf[str]:
    """The new line's id. What is wrong with the amount is told of the argument."""
    made = yield from desk.attempt(desk.create(LINE, [row]))
    if not isinstance(made, Refusal):
        return made[0]
    problems = [replace(each, path=("amount",) if "amount" in each.path else ()) for each in made.problems]
    raise Refusal(made.code, made.message, problems=problems)
