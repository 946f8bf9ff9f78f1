"""Expressions of the formula language with what they mean, said a second time in plain Python, for tests
alone.

A number is a Fraction; null is None. `Said.value` takes the row and at how many places a quotient ends.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st

from salesmode.database.fold import fold_text, raise_text
from tests.conditions.world import GRADES, MODEL, NOW, ROWS, SHANGHAI, TEXTS, Row

Value = Callable[[Row, int], Any]
PLACES = 20
TODAY = NOW.astimezone(SHANGHAI).date()

FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": ("amount", "rate", "quantity", "big", "parent.amount", "owner.limit", "parent.parent.rate"),
    "text": ("name", "alias", "note", "mail", "grade", "team.name", "owner.team.parent.name"),
    "boolean": ("vip", "parent.vip"),
    "date": ("born", "parent.born"),
    "datetime": ("seen", "parent.seen"),
}
NUMBERS = ("0", "1", "2", "7", "0.5", "0.333", "12.50", "1000000", "999999999999999999")
DATES = ("2026-02-28", "2024-02-29", "0001-01-01", "9999-12-31")


@dataclass(frozen=True)
class Said:
    """An expression as text, and its value on a row."""

    text: str
    value: Value

    def __repr__(self) -> str:
        return self.text


def half_even(number: Fraction, places: int) -> Fraction:
    """Rounded to so many places."""
    return Fraction(round(number * 10**places), 10**places)


def behind(path: str, row: Row) -> Any:
    """A field behind references."""
    object_name, found = "customer", row
    *steps, last = path.split(".")
    for step in steps:
        if found[step] is None:
            return None
        object_name = str(MODEL.objects[object_name].fields[step].to)
        found = ROWS[object_name][str(found[step])]
        if found["deleted_at"] is not None:
            return None
    value = found[last]
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def day(value: Any) -> date | None:
    """An instant counts as its day in the app's zone; none after the year 9999."""
    if not isinstance(value, datetime):
        return value
    try:
        return value.astimezone(SHANGHAI).date()
    except OverflowError:
        return None


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """Null where one of the arguments is."""
    return lambda *values: None if None in values else function(*values)


def made(text: str, function: Callable[..., Any], *parts: Said) -> Said:
    return Said(
        text.format(*(part.text for part in parts)),
        lambda row, _: function(*(p.value(row, PLACES) for p in parts)),
    )


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def leaves(kind: str) -> st.SearchStrategy[Said]:
    fields = st.sampled_from(FIELDS[kind]).map(lambda path: Said(path, lambda row, _: behind(path, row)))
    match kind:
        case "number":
            written = st.sampled_from(NUMBERS).map(lambda text: Said(text, lambda *_: Fraction(text)))
        case "text":
            written = st.sampled_from(TEXTS).map(lambda text: Said(quoted(text), lambda *_: text))
        case "boolean":
            written = st.booleans().map(lambda yes: Said(str(yes).lower(), lambda *_: yes))
        case "date":
            written = st.just(Said("today()", lambda *_: TODAY))
        case _:
            written = st.just(Said("now()", lambda *_: NOW))
    return st.one_of(fields, fields, written)


def divided(one: Said, other: Said) -> Said:
    def value(row: Row, places: int) -> Fraction | None:
        number, divisor = one.value(row, PLACES), other.value(row, PLACES)
        return half_even(number / divisor, places) if number is not None and divisor else None

    return Said(f"({one.text} / {other.text})", value)


def rounded(one: Said, places: int) -> Said:
    def value(row: Row, _: int) -> Fraction | None:
        number = one.value(row, min(places, PLACES))
        return None if number is None else half_even(number, places)

    return Said(f"round({one.text}, {places})", value)


def later(start: Any, count: Any, unit: str) -> date | None:
    if day(start) is None or count is None:
        return None
    try:
        return day(start) + relativedelta(**{unit: int(count)}) if abs(count) < 10**7 else None  # type: ignore[operator,arg-type]
    except (ValueError, OverflowError):
        return None


def chosen(*values: Any) -> Any:
    """`case`: conditions and values in turn, a last one for all else."""
    for condition, value in zip(values[::2], values[1::2], strict=False):
        if condition:
            return value
    return values[-1] if len(values) % 2 else None


_COMPARE = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(sign: str, kind: str, one: Said, other: Said) -> Said:
    def value(left: Any, right: Any) -> bool:
        if kind == "date":
            left, right = day(left), day(right)
        if sign == "!=":
            return not (left is not None and right is not None and left == right)
        return left is not None and right is not None and bool(_COMPARE[sign](left, right))

    return made(f"({{}} {sign} {{}})", value, one, other)


def comparable(pair: tuple[Said, Said]) -> bool:
    """A choice is compared with a written text only where that is one of its options."""
    one, other = sorted(each.text for each in pair)
    return other != "grade" or not one.startswith('"') or one.strip('"') in GRADES


def any_of(kind: str, inner: Mapping[str, st.SearchStrategy[Said]]) -> st.SearchStrategy[Said]:
    """What any kind has: choices by condition."""
    one, yes = inner[kind], inner["boolean"]
    return st.one_of(
        st.builds(lambda c, a, b: made("if({}, {}, {})", chosen, c, a, b), yes, one, one),
        st.builds(lambda c, a: made("if({}, {})", chosen, c, a), yes, one),
        st.builds(
            lambda c, a, d, b, e: made("case({}, {}, {}, {}, {})", chosen, c, a, d, b, e),
            yes,
            one,
            yes,
            one,
            one,
        ),
        st.builds(lambda a, b: made("coalesce({}, {})", lambda x, y: y if x is None else x, a, b), one, one),
        st.builds(lambda a: made("coalesce(null, {})", lambda x: x, a), one),
    )


def numbers(inner: Mapping[str, st.SearchStrategy[Said]]) -> st.SearchStrategy[Said]:
    one = inner["number"]
    return st.one_of(
        st.builds(
            lambda a, b, c: made("({} + {} - {})", strict(lambda x, y, z: x + y - z), a, b, c), one, one, one
        ),
        st.builds(lambda a, b: made("({} * {})", strict(operator.mul), bracketed(a), bracketed(b)), one, one),
        st.builds(divided, one, one),
        st.builds(lambda a: made("(-{})", strict(operator.neg), bracketed(a)), one),
        st.builds(rounded, one, st.sampled_from((0, 1, 2, 6))),
        st.builds(lambda a: made("abs({})", strict(abs), a), one),
        st.builds(lambda a, b: made("min({}, {})", strict(min), a, b), one, one),
        st.builds(lambda a, b: made("max({}, {})", strict(max), a, b), one, one),
        st.builds(lambda a: made("length({})", strict(lambda x: Fraction(len(x))), a), inner["text"]),
        st.builds(lambda a: made("year({})", strict(lambda x: Fraction(x.year)), a), inner["date"]),
        st.builds(lambda a: made("month({})", strict(lambda x: Fraction(x.month)), a), inner["date"]),
        st.builds(lambda a: made("day({})", strict(lambda x: Fraction(x.day)), a), inner["date"]),
        st.builds(
            lambda a, b: made("days_between({}, {})", strict(lambda x, y: Fraction((y - x).days)), a, b),
            inner["date"],
            inner["date"],
        ),
        any_of("number", inner),
    )


def bracketed(said: Said) -> Said:
    return Said(f"({said.text})", said.value)


def texts(inner: Mapping[str, st.SearchStrategy[Said]]) -> st.SearchStrategy[Said]:
    one = inner["text"]
    counts = st.sampled_from((0, 1, 2, 5))
    joined = strict(lambda x, y: x + y)
    return st.one_of(
        st.builds(lambda a, b: made("concat({}, {})", lambda x, y: joined(x or "", y or ""), a, b), one, one),
        st.builds(lambda a: made("concat({})", lambda x: x.isoformat() if x else "", a), inner["date"]),
        st.builds(lambda a: made("lower({})", strict(fold_text), a), one),
        st.builds(lambda a: made("upper({})", strict(raise_text), a), one),
        st.builds(lambda a, n: made(f"left({{}}, {n})", strict(lambda x: x[:n]), a), one, counts),
        st.builds(
            lambda a, n: made(f"right({{}}, {n})", strict(lambda x: x[len(x) - min(n, len(x)) :]), a),
            one,
            counts,
        ),
        any_of("text", inner),
    )


def booleans(inner: Mapping[str, st.SearchStrategy[Said]]) -> st.SearchStrategy[Said]:
    yes, text = inner["boolean"], inner["text"]
    signs = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
    kinds = st.sampled_from(("number", "text", "date", "datetime"))
    return st.one_of(
        kinds.flatmap(
            lambda kind: st.builds(
                lambda s, pair: compared(s, kind, *pair),
                signs,
                st.tuples(inner[kind], inner[kind]).filter(comparable),
            )
        ),
        st.builds(lambda a, b: compared("<", "date", a, b), inner["date"], inner["datetime"]),
        st.builds(
            lambda d, a: compared("<=", "date", Said(f"'{d}'", lambda *_: date.fromisoformat(d)), a),
            st.sampled_from(DATES),
            inner["date"],
        ),
        st.builds(lambda a, b: made("({} and {})", lambda x, y: bool(x and y), a, b), yes, yes),
        st.builds(
            lambda a, b, c: made("({} or {} or {})", lambda x, y, z: bool(x or y or z), a, b, c),
            yes,
            yes,
            yes,
        ),
        st.builds(lambda a: made("(not {})", lambda x: not x, a), yes),
        kinds.flatmap(
            lambda kind: st.builds(lambda a: made("is_null({})", lambda x: x is None, a), inner[kind])
        ),
        st.just(Said("is_null(parent)", lambda row, _: row["parent"] is None)),
        st.builds(
            lambda a, b: made("contains({}, {})", lambda x, y: bool(strict(lambda p, q: q in p)(x, y)), a, b),
            text,
            text,
        ),
        st.builds(
            lambda a, b: made("starts_with({}, {})", lambda x, y: bool(strict(str.startswith)(x, y)), a, b),
            text,
            text,
        ),
        any_of("boolean", inner),
    )


def dates(inner: Mapping[str, st.SearchStrategy[Said]]) -> st.SearchStrategy[Said]:
    start = st.one_of(inner["date"], inner["datetime"])
    count = st.one_of(
        inner["number"],
        st.sampled_from(("1", "40", "12000", "119988")).map(
            lambda n: Said(f"(-{n})", lambda *_: Fraction(-int(n)))
        ),
    )
    return st.one_of(
        st.builds(
            lambda a, n: made("add_days({}, {})", lambda x, y: later(x, y, "days"), a, n), start, count
        ),
        st.builds(
            lambda a, n: made("add_months({}, {})", lambda x, y: later(x, y, "months"), a, n), start, count
        ),
        st.builds(lambda a, b: made("max({}, {})", strict(max), a, b), inner["date"], inner["date"]),
        any_of("date", inner),
    )


def datetimes(inner: Mapping[str, st.SearchStrategy[Said]]) -> st.SearchStrategy[Said]:
    one = inner["datetime"]
    return st.one_of(
        st.builds(lambda a, b: made("min({}, {})", strict(min), a, b), one, one), any_of("datetime", inner)
    )


def expressions(depth: int) -> dict[str, st.SearchStrategy[Said]]:
    """Strategies by kind, of expressions nested so deep."""
    found = {kind: leaves(kind) for kind in FIELDS}
    makers = {"number": numbers, "text": texts, "boolean": booleans, "date": dates, "datetime": datetimes}
    for _ in range(depth):
        found = {kind: st.one_of(found[kind], maker(dict(found))) for kind, maker in makers.items()}
    return found
