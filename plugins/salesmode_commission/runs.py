"""Runs: the commission of a plan for a period, draft → reviewed → locked → paid; after that nothing is
added.
"""

from datetime import date

from salesmode.hookspecs import Desk, UnitOf
from salesmode_commission.asked import RUN
from salesmode_commission.periods import day_of, first_day, following
from salesmode_commission.plans import Period

CLOSED = ("locked", "paid")


def open_run(desk: Desk, plan: str, day: date, *, per: Period) -> UnitOf[str]:
    """The run that takes a line of that day: its own, or, if that is locked, that of today, or the next one
    that is open. A run that is not there is begun.
    """
    first = first_day(day, per)
    today = first_day(day_of(desk.now, desk.model.app.timezone), per)
    while True:
        where = {"plan": plan, "period": first}
        rows = yield from desk.read(RUN, ["stage"], where=where)
        if not rows:
            return (yield from _begun(desk, plan, first, per))
        if rows[0]["stage"] not in CLOSED:
            return str(rows[0]["id"])
        first = max(following(first, per), today) if first < today else following(first, per)


def _begun(desk: Desk, plan: str, first: date, per: Period) -> UnitOf[str]:
    row = {"plan": plan, "period": first, "ends_before": following(first, per)}
    (id_,) = yield from desk.create(RUN, [row])
    return id_
