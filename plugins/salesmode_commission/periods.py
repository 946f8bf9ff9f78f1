"""Weeks, months and quarters by their first day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from salesmode_commission.plans import Period


def first_day(day: date, per: Period) -> date:
    """The first day of the period of that day; weeks begin on Monday."""
    match per:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def following(first: date, per: Period) -> date:
    """The first day of the next period."""
    return first_day(first + timedelta(days={"week": 7, "month": 32, "quarter": 95}[per]), per)


def last_day(first: date, per: Period) -> date:
    """The last day of the period that begins then."""
    return following(first, per) - timedelta(days=1)


def preceding(first: date, per: Period) -> date:
    """The first day of the period before."""
    return first_day(first - timedelta(days=1), per)


def begins(day: date, timezone: str) -> datetime:
    """The instant at which a day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def day_of(moment: date | datetime, timezone: str) -> date:
    """The day of a date or an instant where the company is."""
    return moment.astimezone(ZoneInfo(timezone)).date() if isinstance(moment, datetime) else moment
