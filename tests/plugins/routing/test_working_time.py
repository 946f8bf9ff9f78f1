"""Time limits that stand still when nobody works."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from salesmode_routing.working_time import WorkingTime, working_time_of
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.test_kinds import RULE, told

SHANGHAI = "Asia/Shanghai"
OFFICE = {
    "hours": ["13:30-18:00", "09:00-12:00"],
    "holidays": ["2026-10-01", "2026-10-02"],
    "workdays": ["2026-10-10"],
}


def office(**more: Any) -> WorkingTime:
    found = working_time_of({"working_time": {**OFFICE, **more}})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("start", "within", "end"),
    [
        ("2026-03-02 09:00", "1h", "2026-03-02 10:00"),
        ("2026-03-02 11:30", "1h", "2026-03-02 14:00"),  # over noon
        ("2026-03-02 11:00", "1h", "2026-03-02 12:00"),  # to the very end of the morning
        ("2026-03-02 17:45", "30m", "2026-03-03 09:15"),  # over night
        ("2026-03-06 17:00", "4h", "2026-03-09 12:00"),  # Friday to Monday
        ("2026-03-07 15:00", "1h", "2026-03-09 10:00"),  # begun on a Saturday
        ("2026-03-02 10:00", "1d", "2026-03-03 10:00"),
        ("2026-03-02 10:00", "2d", "2026-03-04 10:00"),
        ("2026-03-02 10:00", "48h", "2026-03-10 14:30"),
        ("2026-03-02 10:00", "1w", "2026-03-09 10:00"),
        ("2026-09-30 17:30", "1h", "2026-10-05 09:30"),  # over two holidays and a weekend
        ("2026-10-09 17:30", "1h", "2026-10-10 09:30"),  # a Saturday that is worked
    ],
)
def test_it_ends_when_so_much_work_is_done(start: str, within: str, end: str) -> None:
    here = ZoneInfo(SHANGHAI)
    begun = datetime.fromisoformat(start).replace(tzinfo=here).astimezone(UTC)
    found = office().after(begun, office().span(within), SHANGHAI)
    assert found.astimezone(here).strftime("%Y-%m-%d %H:%M") == end


def test_clocks_that_change_change_no_amount_of_work() -> None:
    night = working_time_of({"working_time": {"hours": ["00:00-24:00"], "days": ["saturday", "sunday"]}})
    assert night is not None
    begun = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # the day before clocks go forward in Berlin
    assert night.after(begun, timedelta(hours=30), "Europe/Berlin") - begun == timedelta(hours=30)


async def test_a_lead_of_the_evening_is_due_in_the_morning(open_world: OpenWorld) -> None:
    """The clock of the world stands at nine on a Monday morning."""
    world = await open_world(
        f"{RULE}sla: {{within: 4h, count: working, then: escalate}}\n---\n"
        "kind: settings\nname: routing\nvalues: {working_time: {hours: ['09:00-18:00']}}\n"
    )
    await world.people(ann={"weight": 1, "roles": ("sales",)})
    await world.pass_time("+7h")
    (lead,) = await world.make("lead", {"name": "late in the day"})
    due = await world.value("lead", lead, "sla_due")
    assert due - world.running.clock() == timedelta(hours=4 + 15)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", "nothing says when work is done"),
        ("{hours: ['18:00-09:00']}", "the settings of routing do not say when work is done"),
        ("{hours: ['09:00-18:00'], holidays: ['2026-02-30']}", "the settings of routing do not say when"),
    ],
)
def test_what_is_not_said_of_work_is_asked_for(settings: str, expected: str) -> None:
    text = f"{RULE}sla: {{within: 4h, count: working}}\n"
    if settings:
        text += f"---\nkind: settings\nname: routing\nvalues: {{working_time: {settings}}}\n"
    assert any(expected in each for each in told(text)), told(text)
