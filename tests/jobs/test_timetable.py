"""When a clock that moves stops for work, and leases that are taken several at once."""

from datetime import timedelta
from functools import partial

import pytest

from salesmode.jobs import Timetable
from salesmode.jobs.work import Hand, Work
from tests.jobs.crm import NOON, Crm, crm

pytestmark = pytest.mark.anyio


async def idle(_: Hand) -> int:
    return 0


EARLY, LATE, OFTEN = (
    Work("early", "0 1 * * *", idle),
    Work("late", "0 7 * * *", idle),
    Work("often", "*/15 * * * *", idle),
)


def timetable(found: Crm, *works: Work) -> Timetable:
    return Timetable(found.api.tables, found.api.database, works, lambda: found.now)


async def test_of_many_days_each_is_ended_by_what_is_due_often(sqlite_url: str) -> None:
    async with crm(sqlite_url) as found:
        table = timetable(found, EARLY, LATE, OFTEN)
        many = dict(table.stops(NOON, NOON + timedelta(days=30)))
        few = dict(table.stops(NOON, NOON + timedelta(days=5)))
    assert len(many) == 2 * 30 + 1
    assert [each for each in many.values() if EARLY in each and OFTEN not in each] == [[EARLY]] * 30
    assert sum(OFTEN in each for each in many.values()) == 30  # the last day ends with the clock
    assert {tuple(each) for each in few.values()} == {(EARLY, LATE, OFTEN)}


async def test_more_work_than_is_taken_at_once_is_done_once_and_in_order(database_url: str) -> None:
    done: list[str] = []

    async def noted(name: str, _: Hand) -> int:
        done.append(name)
        return 1

    names = [f"w{number:02}" for number in range(20)]
    works = [Work(name, f"{number} 13 * * *", partial(noted, name)) for number, name in enumerate(names)]
    async with crm(database_url) as found:
        table = timetable(found, *reversed(works))
        await table.begin()
        found.now = NOON + timedelta(days=1)
        assert await table.run(works[:3]) == 3
        assert await table.run() == 17
        assert await table.run() == 0
        assert {each.worker for each in await table.entries()} == {None}
    assert done == names
