"""What one person earned in a period: the lines, by part, and as CSV; under the rights of whoever asks."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode_commission.asked import LINE, places_of

COLUMNS = (
    "number",
    "on",
    "plan",
    "plan_version",
    "rule",
    "part",
    "occasion",
    "base",
    "rate",
    "share",
    "amount",
    "reason",
)


def statement(desk: Desk, user: str, period: date) -> UnitOf[Mapping[str, Any]]:
    """The lines of the runs that begin on that day, the total, and the totals of the parts; no total where an
    amount is hidden.
    """
    rows = yield from lines_of(desk, user, period)
    parts: dict[str, Decimal | None] = {}
    zero: Decimal | None = Decimal(1).scaleb(-places_of(desk.model)) * 0
    for each in rows:
        part = each["part"] or "performance"
        parts[part] = _plus(parts.get(part, zero), each["amount"])
    return {
        "user": user,
        "period": period,
        "lines": [each["id"] for each in rows],
        "parts": [{"part": part, "amount": amount} for part, amount in sorted(parts.items())],
        "total": reduce(_plus, parts.values(), zero),
        "csv": as_csv(rows),
    }


def _plus(total: Decimal | None, amount: Decimal | None) -> Decimal | None:
    return None if total is None or amount is None else total + amount


def lines_of(desk: Desk, user: str, period: date) -> UnitOf[list[Record]]:
    """As far as the caller may see them and whose they are, in the order in which they were written; what is
    hidden is empty.
    """
    rows = yield from desk.read(LINE, [], where={"user": user, "run": {"period": period}})
    ids = [each["id"] for each in rows]
    return (yield from desk.as_caller().read(LINE, COLUMNS, ids=ids, where={"user": user}))


def as_csv(rows: Sequence[Record]) -> str:
    """With a line of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in rows:
        writer.writerow("" if each[name] is None else each[name] for name in COLUMNS)
    return out.getvalue()
