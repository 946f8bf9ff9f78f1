"""Runs: the commission of a plan for a period, draft → reviewed → locked → paid; after that nothing is
added.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from salesmode.hookspecs import Batch, Change, Desk, Problem, Record, Refusal, UnitOf
from salesmode.model.label import Label
from salesmode_commission.asked import RUN
from salesmode_commission.periods import day_of, first_day, following
from salesmode_commission.plans import Period

CLOSED = ("locked", "paid", "dropped")
"""The stages in which a run takes no more."""

_KEPT = ("plan", "period", "ends_before")
_TEXTS = {
    "line_kept": Label(
        {
            "en": "A line is never changed; a correction is a new line.",
            "zh": "明细不得修改或删除，更正须新增一笔。",
        }
    ),
    "locked": Label({"en": "The run is locked or dropped.", "zh": "该核算已锁定或作废。"}),
    "run_kept": Label(
        {"en": "The plan and the period of a run stay as they are.", "zh": "核算的方案和周期不得更改。"}
    ),
}


def open_run(desk: Desk, plan: str, day: date, *, per: Period) -> UnitOf[str]:
    """The run that takes a line of that day, held: its own, or, if that is closed, that of today, or the next
    one that is open. A run that is not there is begun.
    """
    first = first_day(day, per)
    today = first_day(day_of(desk.now, desk.model.app.timezone), per)
    while True:
        run = yield from held_run(desk, plan, first, per=per)
        if run["stage"] not in CLOSED:
            return str(run["id"])
        first = max(following(first, per), today) if first < today else following(first, per)


def held_run(desk: Desk, plan: str, first: date, *, per: Period) -> UnitOf[Record]:
    """The run of that period and its stage, begun if need be; nobody else locks it before this is done."""
    rows = yield from run_of(desk, plan, first, lock=True)
    if rows:
        return rows[0]
    row = {"plan": plan, "period": first, "ends_before": following(first, per)}
    (id_,) = yield from desk.create(RUN, [row])
    return {"id": id_, "stage": "draft"}


def run_of(desk: Desk, plan: str, first: date, *, lock: bool = False) -> UnitOf[list[Record]]:
    """None or one, with its stage."""
    return (yield from desk.read(RUN, ["stage"], where={"plan": plan, "period": first}, lock=lock))


def check_lines(batch: Batch) -> UnitOf[None]:
    """FORBIDDEN: to change or delete a line, or to add one to a run that is closed."""
    if batch.operation != "create":
        raise _refusal("line_kept")
    ids = sorted({str(each.new["run"]) for each in batch.changes})
    runs = yield from batch.desk.read(RUN, ["stage"], ids=ids, lock=True)
    if any(each["stage"] in CLOSED for each in runs):
        raise _refusal("locked")


def check_runs(operation: str, changes: Sequence[Change]) -> None:
    """FORBIDDEN: to say another plan or period of a run, or to delete one that is closed."""
    if operation == "delete" and any(_stage(each.old) in CLOSED for each in changes):
        raise _refusal("locked")
    if operation == "update" and any(each.changed(name) for each in changes for name in _KEPT):
        raise _refusal("run_kept")


def _refusal(code: str) -> Refusal:
    return Refusal("FORBIDDEN", problems=[Problem(("id",), code, _TEXTS[code])])


def _stage(row: Any) -> str | None:
    return None if row is None else row["stage"]
