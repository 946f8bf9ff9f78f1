from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from salesmode.demo.recipes import WrongRecipe, recipe_of
from salesmode.demo.world import Row
from tests.demo.recipes.worlds import NOW, drawn


def moments(told: Mapping[str, object], row: Row | None = None) -> list[datetime]:
    found = drawn({"moment": told}, row, times=1000)
    assert all(isinstance(each, datetime) for each in found)
    return [each for each in found if isinstance(each, datetime)]


def test_moments_lie_between_their_bounds() -> None:
    found = moments({"from": "$now - 2w", "to": "$now - 1d"})
    assert min(found) >= NOW - timedelta(weeks=2)
    assert max(found) <= NOW - timedelta(days=1)


def test_of_several_bounds_the_latest_begins_and_the_earliest_ends() -> None:
    row: Row = {"created_at": NOW - timedelta(days=10), "due": NOW - timedelta(days=4)}
    found = moments({"from": ["created_at + 2d", "$now - 90d"], "to": ["due", "$now"]}, row)
    assert min(found) >= NOW - timedelta(days=8)
    assert max(found) <= NOW - timedelta(days=4)


def test_an_end_before_the_beginning_is_the_beginning() -> None:
    assert set(moments({"from": "$now", "to": "$now - 1y"})) == {NOW}


def test_without_a_moment_to_begin_from_there_is_none() -> None:
    assert drawn({"moment": {"from": "closed_at", "to": "$now"}}, {"closed_at": None}) == [None]


def test_a_day_counts_as_its_noon() -> None:
    told = {"from": "close_date", "to": "close_date"}
    assert set(moments(told, {"close_date": date(2026, 6, 15)})) == {NOW}


def test_months_and_their_beginnings_are_those_of_the_calendar() -> None:
    (found,) = set(moments({"from": "$month_start - 1mo", "to": "$month_start - 1mo"}))
    assert found.astimezone(ZoneInfo("Asia/Shanghai")) == datetime(
        2026, 5, 1, tzinfo=ZoneInfo("Asia/Shanghai")
    )
    (later,) = set(moments({"from": "signed + 1mo", "to": "signed + 1mo"}, {"signed": date(2026, 1, 31)}))
    assert later.date() == date(2026, 2, 28)


def test_growth_puts_more_towards_the_end() -> None:
    middle = NOW - timedelta(days=50)
    found = moments({"from": "$now - 100d", "to": "$now", "growth": 3})
    assert sum(each > middle for each in found) > 800


def test_months_without_weight_stay_empty() -> None:
    found = moments({"from": "$now - 1y", "to": "$now", "months": [1] * 6 + [0] * 6})
    in_quiet_months = sum(each.month > 6 for each in found)
    assert in_quiet_months < 20  # a bounded number of tries may end in a quiet month


def test_working_hours_are_those_of_the_app_on_working_days() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    found = moments({"from": "$now - 90d", "to": "$now", "hours": [9, 18]})
    since, until = NOW - timedelta(days=89), NOW - timedelta(days=1)
    inside = [each.astimezone(zone) for each in found if since < each < until]
    assert all(9 <= each.hour < 18 and each.weekday() < 5 for each in inside)


@pytest.mark.parametrize("text", ["$now - 3 months", "$yesterday", "Created_at"])
def test_a_bound_that_cannot_be_read_is_told(text: str) -> None:
    with pytest.raises(WrongRecipe, match="is no moment"):
        recipe_of({"moment": {"from": text, "to": "$now"}})
