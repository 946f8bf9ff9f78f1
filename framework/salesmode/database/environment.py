"""The values of one request, and how a condition's value is found among them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from salesmode.model.condition import Argument, Literal, Moment, RecordValue, RowValue, UserValue, Value

_MONTHS_PER = {"y": 12, "q": 3, "mo": 1}
_HOURS_PER = {"w": 168, "d": 24, "h": 1}


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables of the request, the caller's own record (with `teams`, `territories`, `roles`), and the
    clock.

    `locale` is the language of the answer. `now` is aware and in UTC; `timezone` is the app's, in which
    `$today` and the starts of periods are taken (RULING 14). `record`: what `$record` means, where a plugin
    asks. `depth`: how many plugins' hooks this is inside of, `busy`: the ids of the
    rows that are being written around it.
    """

    variables: Mapping[str, object]
    user: Mapping[str, object]
    now: datetime
    timezone: ZoneInfo
    fiscal_year_start: str = "01-01"
    locale: str = "en"
    record: Mapping[str, object] = field(default_factory=dict)
    depth: int = 0
    busy: frozenset[str] = frozenset()

    def with_variables(self, extra: Mapping[str, object]) -> "Environment":
        """The same request with more variables (the engine's own names start with `$`)."""
        return replace(self, variables={**self.variables, **extra})


def getter(value: Value) -> Callable[[Environment], object]:
    """A function that finds `value` in an Environment; made once per statement, called per request."""
    match value:
        case Literal(constant):
            return lambda _: constant
        case UserValue(name):
            return lambda environment: environment.user.get(name)
        case RecordValue(name):
            return lambda environment: environment.record[name]
        case Moment():
            return lambda environment: moment(value, environment)
        case Argument((str(name),)):
            return lambda environment: environment.variables[name]
        case Argument(path):
            return lambda environment: _walk(environment.variables, path)
        case RowValue(name):
            raise AssertionError(f"$row.{name} is a column, not a value of the request")


def _walk(value: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


def moment(value: Moment, environment: Environment) -> date | datetime:
    """`$now` and its offsets are aware UTC datetimes; the other bases are dates in the app's time zone."""
    today = environment.now.astimezone(environment.timezone).date()
    base: date | datetime
    match value.base:
        case "now":
            base = environment.now
        case "today":
            base = today
        case "month_start":
            base = today.replace(day=1)
        case "quarter_start":
            base = today.replace(month=today.month - (today.month - 1) % 3, day=1)
        case "year_start":
            base = today.replace(month=1, day=1)
        case other:
            raise AssertionError(f"unknown moment ${other}")
    return shifted(base, value.amount, value.unit)


def shifted(base: date | datetime, amount: int, unit: str) -> date | datetime:
    """`amount` of `unit` (y q mo w d h) later."""
    if unit in _MONTHS_PER:
        later: date | datetime = base + relativedelta(months=amount * _MONTHS_PER[unit])
        return later
    return base + timedelta(hours=amount * _HOURS_PER[unit])


def utc(value: date | datetime, timezone: ZoneInfo) -> datetime:
    """A day as the instant it begins in `timezone`; an instant as itself, in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=timezone).astimezone(UTC)
