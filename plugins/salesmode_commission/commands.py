"""What the shell is told: which rule made a line, and what a person earned."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from salesmode.hookspecs import Argument, Command, Desk, Refusal, Trigger, UnitOf
from salesmode_commission.asked import LINE
from salesmode_commission.earnings import earned_lines
from salesmode_commission.statements import COLUMNS, as_csv, lines_of

Arguments = Mapping[str, str | None]
_TOLD = (
    "number",
    "user.name",
    *COLUMNS[1:],
    "object",
    "record",
    "of_period",
    "ruling",
    "run.period",
    "run.stage",
)

_BRIEF = ("number", "on", "user.name", "occasion", "amount")


def commands() -> tuple[Command, ...]:
    return (
        Command(
            name=("explain", "commission"),
            help="Which rule, rate, base, share and ruling made a line, and what would be earned now.",
            run=explain_line,
            arguments=(Argument(name="line", help="the line's number or id"),),
        ),
        Command(
            name=("statement",),
            help="What a person earned in a period, as CSV.",
            run=print_statement,
            arguments=(
                Argument(name="user", help="the user's name"),
                Argument(name="period", help="the first day of the period, as 2026-03-01"),
            ),
        ),
    )


def explain_line(desk: Desk, given: Arguments) -> UnitOf[list[str]]:
    wanted = given["line"] or ""
    by_number = wanted.startswith("L")
    rows = yield from desk.read(
        LINE,
        _TOLD,
        where={"number": wanted} if by_number else None,
        ids=None if by_number else [wanted],
    )
    if not rows:
        raise Refusal("NOT_FOUND")
    line = rows[0]
    told = [f"{name.replace('.', ' ')}: {line[name]}" for name in _TOLD if line[name] is not None]
    return [*told, *(yield from _history(desk, line)), *(yield from _now(desk, line))]


def _history(desk: Desk, line: Mapping[str, object]) -> UnitOf[list[str]]:
    """The other lines about the same."""
    where = {name: line[name] for name in ("plan", "rule", "object", "record")}
    rows = yield from desk.read(LINE, _BRIEF, where=where, order=["number"])
    lines = ["  " + " ".join(str(each[name]) for name in _BRIEF) for each in rows]
    total = sum((Decimal(each["amount"]) for each in rows), Decimal(0))
    return ["all lines about it:", *lines, f"  together {total}"]


def _now(desk: Desk, line: Mapping[str, object]) -> UnitOf[list[str]]:
    if line["of_period"] is not None:
        return []
    on = line["on"]
    assert isinstance(on, date)
    trigger = Trigger(kind="record", object=str(line["object"]), record=str(line["record"]), on=on)
    found = yield from earned_lines(desk, [trigger])
    mine = [each for each in found if (each.plan, each.rule) == (line["plan"], line["rule"])]
    told = [
        f"  {each.amount} of {each.base} at {each.rate} %, share {each.share}: {each.reason}" for each in mine
    ]
    return ["earned by now:", *(told or ["  nothing"])]


def print_statement(desk: Desk, given: Arguments) -> UnitOf[list[str]]:
    users = yield from desk.read("user", ["name"], where={"name": given["user"] or ""})
    if not users:
        raise Refusal("NOT_FOUND")
    try:
        period = date.fromisoformat(given["period"] or "")
    except ValueError:
        raise Refusal("BAD_REQUEST") from None
    rows = yield from lines_of(desk, str(users[0]["id"]), period)
    return as_csv(rows).splitlines()
