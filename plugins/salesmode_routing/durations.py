"""Time spans as written: `30m`, `48h`, `30d`, `2w`."""

from datetime import timedelta

from salesmode.model.condition import Moment

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span_of(raw: str) -> timedelta:
    """The schema has made sure of its form."""
    return timedelta(**{_UNITS[raw[-1]]: int(raw[:-1])})


def ago(span: timedelta) -> Moment:
    """`$now - span`, in whole hours."""
    return Moment("now", -int(span.total_seconds() // 3600), "h")
