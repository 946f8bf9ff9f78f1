"""Time that passes only when it is told to."""

import re
from datetime import UTC, datetime

from salesmode.database.environment import shifted

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday morning in Asia


class Clock:
    """Gives the same moment until it is moved."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def after(self, amount: int, unit: str) -> datetime:
        """The moment that is `amount` of `unit` (y q mo w d h) later."""
        moved = shifted(self._now, amount, unit)
        assert isinstance(moved, datetime)
        return moved

    def move(self, to: datetime) -> None:
        """It is that moment now."""
        self._now = to


def duration_of(text: str) -> tuple[int, str]:
    """`+40d` as amount and unit."""
    amount, unit = re.fullmatch(r"\+?([0-9]+)(mo|[hdwqy])", text).groups()  # type: ignore[union-attr]
    return int(amount), unit
