"""Code that is not the engine's, run for a unit of work in a thread of its own."""

import asyncio
from collections.abc import Callable
from threading import Event, current_thread

import pytest

from salesmode.database.driver import Database, UnitOf
from salesmode.database.unit import Call, Late, Step


def calling(*functions: Callable[[], object], seconds: float = 60) -> Callable[[], UnitOf[list[object]]]:
    def unit() -> UnitOf[list[object]]:
        found = []
        for each in functions:
            rows = yield Call(each, seconds)
            found.append(rows[0][0])
        return found

    return unit


async def test_it_answers_what_the_code_gives_and_no_statement_is_heard(database: Database) -> None:
    heard: list[str] = []
    database.listeners.append(heard.append)
    found = await database.run(calling(lambda: 7, lambda: None, current_thread))
    assert found[:2] == [7, None]
    assert found[2] is not current_thread()
    assert heard == []


async def test_one_thread_serves_one_call_after_the_other(database: Database) -> None:
    assert len(set(await database.run(calling(current_thread, current_thread)))) == 1


async def test_whoever_takes_too_long_is_left_behind(database: Database) -> None:
    release, thread = Event(), []

    def slow() -> None:
        thread.append(current_thread())
        release.wait()

    found = await database.run(calling(slow, current_thread, seconds=0.05))
    assert isinstance(found[0], Late)
    assert "release.wait()" in found[0].place
    assert found[1] is not thread[0]
    release.set()
    await asyncio.to_thread(thread[0].join)


async def test_a_unit_that_is_refused_meanwhile_leaves_nothing(database: Database) -> None:
    def unit() -> UnitOf[None]:
        yield Step("UPDATE cities SET name = 'x'", ())
        yield Call(lambda: None, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(unit)
    names = await database.fetch(Step("SELECT count(*) FROM cities WHERE name = 'x'", ()))
    assert names[0][0] == 0


async def test_a_cancelled_caller_waits_for_nobody(database: Database) -> None:
    begun, release = Event(), Event()

    def slow() -> None:
        begun.set()
        release.wait()

    running = asyncio.ensure_future(database.run(calling(slow)))
    await asyncio.to_thread(begun.wait)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    release.set()
    assert await database.run(calling(lambda: 1)) == [1]
