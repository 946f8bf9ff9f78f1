"""When cron is due, on days when clocks are put forward and back too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import given, strategies as st

from salesmode.jobs.schedule import following, latest

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
FORWARD, BACK = datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)


def times(schedule: str, day: datetime) -> list[str]:
    """All times of that day, on the clock of Greenwich."""
    start, end = day - timedelta(seconds=1), day.replace(hour=23, minute=59)
    found, due = [], following(schedule, start.astimezone(UTC), BERLIN)
    while due <= end:
        found.append(f"{due:%H:%M}")
        due = following(schedule, due, BERLIN)
    return found


def test_it_is_due_by_the_clock_of_the_app() -> None:
    eight = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert latest("0 8 * * *", eight, SHANGHAI) == eight, "the moment itself counts"
    assert latest("0 8 * * *", eight - timedelta(microseconds=1), SHANGHAI) == eight - timedelta(days=1)
    assert following("0 8 * * *", eight, SHANGHAI) == eight + timedelta(days=1)
    assert following("0 8 * * 1-5", eight + timedelta(days=4), SHANGHAI) == eight + timedelta(days=7)


@pytest.mark.parametrize(
    ("schedule", "day", "expected"),
    [
        ("30 2 * * *", BACK, ["00:30"]),
        ("30 2 * * *", FORWARD, ["01:30"]),
        ("0 3 * * *", FORWARD, ["01:00"]),
        ("0 2,3 * * *", BACK, ["00:00", "02:00"]),
    ],
)
def test_an_hour_that_comes_twice_or_not_at_all_is_due_once(
    schedule: str, day: datetime, expected: list[str]
) -> None:
    assert times(schedule, day) == expected


def test_what_is_due_every_hour_is_due_in_each() -> None:
    assert (len(times("0 * * * *", BACK)), len(times("0 * * * *", FORWARD))) == (25, 23)
    assert len(times("*/15 */1 * * *", BACK)) == 100


DAYS = ["l * *", "15w * *", "* * 1#2", "* * l5", "13 * 5", "29 2 *", "31 * *", "1 */3 *", "* feb,dec mon-fri"]


@given(
    st.sampled_from(["0 8", "5-50/7 3-23/4", "* *", "59 23"]),
    st.sampled_from(DAYS),
    st.integers(0, 5 * 365 * 24 * 60),
)
def test_where_clocks_never_change_it_is_what_cron_says(times: str, days: str, minutes: int) -> None:
    schedule, utc = f"{times} {days}", ZoneInfo("UTC")
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    just_after = now + timedelta(microseconds=1)
    assert following(schedule, now, utc) == croniter(schedule, now).get_next(datetime)
    assert latest(schedule, now, utc) == croniter(schedule, just_after).get_prev(datetime)


SCHEDULES = ["30 2 * * *", "59 1 * * *", "0 1,2,3 * * *", "*/20 * * * *", "0 8 * * 1", "59 23 * 10,3 0"]
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"]
CHANGES = [
    datetime(2026, *each, tzinfo=UTC)
    for each in ((3, 8, 7), (3, 29, 1), (4, 4, 15), (10, 3, 15), (10, 25, 1), (11, 1, 6))
]


@given(
    st.sampled_from(SCHEDULES),
    st.sampled_from(ZONES),
    st.sampled_from([*CHANGES, datetime(2026, 7, 1, tzinfo=UTC)]),
    st.integers(-4 * 60, 4 * 60),
)
def test_what_follows_the_latest_is_still_to_come(
    schedule: str, zone: str, day: datetime, minutes: int
) -> None:
    now, at = day + timedelta(minutes=minutes), ZoneInfo(zone)
    last = latest(schedule, now, at)
    assert last <= now < following(schedule, now, at)
    assert following(schedule, last, at) == following(schedule, now, at)
    assert latest(schedule, last, at) == last
