"""Threads that serve jobs, each on a connection of its own; a hop costs less than an executor's."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from salesmode.database.errors import DatabaseError
from salesmode.database.sqlite_session import Session

T = TypeVar("T")
Job = tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[[Session], Any]]


class Threads:
    """As many threads as sessions, all served from one queue."""

    def __init__(self, name: str, sessions: list[Session]) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._sessions = sessions
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, args=(session,), name=f"salesmode-{name}", daemon=True)
            for session in sessions
        ]
        for thread in self._threads:
            thread.start()

    async def call(self, function: Callable[[Session], T]) -> T:
        """Call the function in the next free thread; it is stopped when the caller is cancelled."""
        if self._closed:
            raise DatabaseError("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, function))
        return await future

    async def close(self) -> None:
        """Finish what is queued, end the threads and close their connections."""
        self._closed = True
        for _ in self._threads:
            self._jobs.put(None)
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        for thread in self._threads:
            thread.join()
        for session in self._sessions:
            session.connection.close()

    def _serve(self, session: Session) -> None:
        while (job := self._jobs.get()) is not None:
            loop, future, function = job
            session.abandoned = future.cancelled
            if not future.cancelled():
                with suppress(RuntimeError):  # the loop was closed: nobody waits any more
                    loop.call_soon_threadsafe(_settle, future, *_outcome(function, session))
            del job, future, function


def _outcome(function: Callable[[Session], Any], session: Session) -> tuple[Any, BaseException | None]:
    try:
        return function(session), None
    except BaseException as error:
        return None, error


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
