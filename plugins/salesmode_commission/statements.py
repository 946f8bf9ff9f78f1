"""What one person earned in a period: the lines, by part, and as CSV; under the rights of whoever asks."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
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
    """The lines of the runs that begin on that day, the total, and the totals of the parts."""
    rows = yield from lines_of(desk, user, period)
    parts: dict[str, Decimal] = {}
    for each in rows:
        part = each["part"] or "performance"
        parts[part] = parts.get(part, Decimal(0)) + each["amount"]
    zero = Decimal(1).scaleb(-places_of(desk.model)) * 0
    return {
        "user": user,
        "period": period,
        "lines": [each["id"] for each in rows],
        "parts": [{"part": part, "amount": amount} for part, amount in sorted(parts.items())],
        "total": sum(parts.values(), zero),
        "csv": as_csv(rows),
    }


def lines_of(desk: Desk, user: str, period: date) -> UnitOf[list[Record]]:
    """As far as the caller may see them; what is hidden is empty."""
    rows = yield from desk.read(LINE, [], where={"user": user, "run": {"period": period}}, order=["number"])
    return (yield from desk.as_caller().read(LINE, COLUMNS, ids=[each["id"] for each in rows], order=["on"]))


def as_csv(rows: Sequence[Record]) -> str:
    """With a line of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in rows:
        writer.writerow("" if each[name] is None else each[name] for name in COLUMNS)
    return out.getvalue()
