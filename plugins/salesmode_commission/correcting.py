"""A correction by hand is a new line with its reason, never an edit (D91)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from salesmode.hookspecs import Desk, Problem, Refusal, UnitOf
from salesmode.model.label import Label
from salesmode_commission.asked import LINE
from salesmode_commission.computing import plan_named
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
    (line,) = yield from desk.read(LINE, [*_KEPT, "number"], ids=[arguments["id"]])
    today = day_of(desk.now, desk.model.app.timezone)
    plan = plan_named(desk, line["plan"])
    run = yield from open_run(desk, line["plan"], today, per=plan.per)
    row = {
        **{name: line[name] for name in _KEPT},
        "run": run,
        "occasion": "by_hand",
        "on": today,
        "base": Decimal(0),
        "share": Decimal(0),
        "amount": amount,
        "reason": f"{line['number']}: {reason}"[:500],
        "by": desk.caller.id,
    }
    (id_,) = yield from desk.create(LINE, [row])
    return id_
