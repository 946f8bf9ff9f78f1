"""What jobs do to records: all that is due, once, whatever is in the way of others."""

import logging
from datetime import timedelta

import pytest

from tests.jobs.crm import NOON, Crm, crm

pytestmark = pytest.mark.anyio

REMIND = """
kind: job
name: remind
schedule: "0 8 * * *"
on: {object: customer, where: {next_follow_up: {lt: $now}}}
do:
  create:
    object: task
    values: {subject: Follow up, customer: $record.id, assignee: $record.owner, due: $today + 2d}
once: {per: next_follow_up}
"""


def job(on: str, do: str, more: str = "") -> str:
    return f'kind: job\nname: nightly\nschedule: "0 2 * * *"\non: {on}\ndo: {do}\n{more}'


async def run(found: Crm, *, hours: int = 24) -> int:
    """What one worker does after so many hours."""
    worker = found.worker()
    await worker.timetable.begin()
    found.now += timedelta(hours=hours)
    return await worker.timetable.run()


async def test_a_reminder_comes_once_for_each_date(database_url: str) -> None:
    async with crm(database_url, REMIND) as found:
        ann = await found.api.person("ann", "admin")
        late = await found.new("customer", name="Late", owner=ann, next_follow_up=NOON - timedelta(days=1))
        await found.new("customer", name="Early", next_follow_up=NOON + timedelta(days=90))
        worker = found.worker()
        await worker.timetable.begin()
        counts = await found.days(40, worker)
        assert sum(counts) == 1
        assert await found.rows("SELECT subject, customer_id, assignee_id FROM tasks") == [
            ("Follow up", late, ann)
        ]
        await found.api.change("customer", late, next_follow_up=NOON + timedelta(days=39))
        assert sum(await found.days(10, worker)) == 1
        assert len(await found.rows("SELECT id FROM tasks")) == 2


async def test_what_is_created_without_an_occasion_is_created_once_for_ever(database_url: str) -> None:
    document = job("{object: customer}", "{create: {object: task, values: {subject: Call}}}")
    async with crm(database_url, document) as found:
        for number in range(3):
            await found.new("customer", name=f"C{number}")
        worker = found.worker()
        await worker.timetable.begin()
        assert sum(await found.days(5, worker)) == 3
        assert len(await found.rows("SELECT id FROM tasks")) == 3


async def test_a_period_is_an_occasion(database_url: str) -> None:
    document = job(
        "{object: customer}", "{create: {object: task, values: {subject: Review}}}", "once: {in: month}"
    )
    async with crm(database_url, document) as found:
        await found.new("customer", name="C")
        worker = found.worker()
        await worker.timetable.begin()
        await found.days(40, worker)
        assert len(await found.rows("SELECT id FROM tasks")) == 2, "March and April"


async def test_values_are_set_where_they_are_not(database_url: str) -> None:
    document = job("{object: customer, where: {score: {gt: 5}}}", "{set: {grade: a, parent: $record.id}}")
    async with crm(database_url, document.replace(", parent: $record.id", "")) as found:
        for number in range(10):
            await found.new("customer", name=f"C{number}", score=number, grade="a" if number > 7 else None)
        assert await run(found) == 2, "6 and 7; 8 and 9 have it"
        assert await run(found) == 0
        rows = await found.rows("SELECT score, grade, version FROM customers ORDER BY score")
        assert rows[5:] == [(5, None, 1), (6, "a", 2), (7, "a", 2), (8, "a", 1), (9, "a", 1)]


async def test_values_may_be_those_of_other_fields(database_url: str) -> None:
    document = job("{object: customer, where: {score: 1}}", "{set: {next_follow_up: $record.created_at}}")
    async with crm(database_url, document) as found:
        await found.new("customer", name="One", score=1)
        assert await run(found) == 1
        assert await run(found) == 0
        assert await found.rows("SELECT count(*) FROM customers WHERE next_follow_up = created_at") == [(1,)]


async def test_one_that_may_not_change_keeps_no_other_from_it(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = job("{object: customer, where: {name: {startsWith: C}}}", "{set: {grade: c}}")
    async with crm(database_url, document) as found:
        for number in range(4):
            await found.new("customer", name=f"C{number}", score=1 if number == 2 else None)
        with caplog.at_level(logging.WARNING, "salesmode.jobs"):
            assert await run(found) == 3
        assert "no_c_with_score" in caplog.text
        rows = await found.rows("SELECT name, grade FROM customers ORDER BY name")
        assert rows == [("C0", "c"), ("C1", "c"), ("C2", None), ("C3", "c")]


async def test_records_move_by_the_rules_of_their_pipeline(database_url: str) -> None:
    document = job("{object: deal, where: {stage: talk}}", "{move: lost, set: {reason: Nobody called}}")
    async with crm(database_url, document) as found:
        await found.new("deal", name="Old")
        moved = await found.new("deal", name="Going")
        await found.api.move("deal", moved, "offer")
        assert await run(found) == 1
        rows = await found.rows("SELECT name, stage, reason, status FROM deals ORDER BY name")
        assert rows == [("Going", "offer", None, "open"), ("Old", "lost", "Nobody called", "lost")]
        assert await run(found) == 0


async def test_a_move_that_a_gate_stops_is_tried_again_at_the_next_time(database_url: str) -> None:
    document = job("{object: deal, where: {status: open}}", "{move: lost}")
    async with crm(database_url, document) as found:
        deal = await found.new("deal", name="Old")
        assert await run(found) == 0
        await found.api.change("deal", deal, reason="Too dear")
        assert await run(found) == 1


async def test_tags_are_set_and_removed(database_url: str) -> None:
    tag = "kind: tag\nname: dormant\nobject: customer"
    setting = job("{object: customer, where: {score: 1}}", "{tag: dormant}")
    taking = setting.replace("nightly", "daily").replace("score: 1", "score: 2").replace("tag:", "untag:")
    async with crm(database_url, tag, setting, taking) as found:
        customer = await found.new("customer", name="C", score=1)
        worker = found.worker()
        await worker.timetable.begin()
        assert sum(await found.days(3, worker)) == 1
        await found.api.change("customer", customer, score=2)
        assert sum(await found.days(3, worker)) == 1
        assert await found.rows("SELECT count(*) FROM sm_tag WHERE deleted_at IS NULL") == [(0,)]


async def test_statements_do_not_grow_with_records(database_url: str) -> None:
    document = job("{object: customer}", "{create: {object: task, values: {subject: Call}}}")
    numbers = []
    async with crm(database_url, document) as found:
        for size in (1, 50):
            for number in range(size):
                await found.new("customer", name=f"C{number}")
            found.api.heard.clear()
            assert await run(found) == size
            numbers.append(len(found.api.heard))
    assert numbers[0] >= numbers[1] - 1


async def test_stock_is_taken_once_a_day(database_url: str) -> None:
    document = job("{object: deal}", "{snapshot: true}").replace('"0 2 * * *"', '"0 */6 * * 1"')
    async with crm(database_url, document) as found:
        await found.new("deal", name="D")
        worker = found.worker()
        await worker.timetable.begin()
        await found.days(15, worker)
        rows = await found.rows("SELECT name, object FROM sm_snapshot ORDER BY name")
        assert rows == [(f"Nightly 2026-03-{day:02}", "deal") for day in (2, 9, 16)]
        assert await found.rows("SELECT count(*), count(DISTINCT deal_id) FROM sm_snapshot_item") == [(3, 1)]
