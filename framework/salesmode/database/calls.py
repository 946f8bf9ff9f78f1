"""Code that is not the engine's, in threads of its own: who takes too long is left behind.

A thread cannot be ended from outside. One that is left behind is told to stop, which a loop of Python heeds
and a call that waits for something does not before it returns; it never gets other work again.
"""

import asyncio
import ctypes
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue

from salesmode.database.unit import Call, Late, Rows

_KEPT = 16


class LeftBehind(BaseException):
    """Raised in a thread whose answer nobody waits for any more."""


class _Helper:
    """One thread, which does one thing after the other."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._answer: Future[object] | None = None
        self._thread = threading.Thread(target=self._serve, name="salesmode-plugin", daemon=True)
        self._thread.start()

    def give(self, function: Callable[[], object]) -> Future[object]:
        """Whoever gives it work has it alone until the work is done."""
        answer = self._answer = Future()
        answer.set_running_or_notify_cancel()  # so that giving up waiting does not settle it
        self._work.put(function)
        return answer

    def late(self) -> Late:
        """Where it is now."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        return Late("" if frame is None else "".join(traceback.format_stack(frame)))

    def leave(self, answer: Future[object]) -> None:
        """Nobody waits for that answer any more."""
        with self._lock:
            if self._answer is answer:
                self._answer = None
                ident = ctypes.c_ulong(self._thread.ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(LeftBehind))

    def _serve(self) -> None:
        with suppress(LeftBehind):
            while (work := self._work.get()) is not None:
                found = work()
                del work
                if not self._settle(found):
                    return
                del found

    def _settle(self, found: object) -> bool:
        """Answer, and be there for others again; False where nobody waits."""
        with self._lock:
            answer, self._answer = self._answer, None
        if answer is None:
            return False
        if len(_idle) < _KEPT:
            _idle.append(self)
        else:
            self._work.put(None)
        answer.set_result(found)
        return True


_idle: deque[_Helper] = deque()


def _helper() -> _Helper:
    try:
        return _idle.pop()
    except IndexError:
        return _Helper()


def called(call: Call) -> Rows:
    """Do it and wait for it."""
    helper = _helper()
    answer = helper.give(call.function)
    try:
        return ((answer.result(call.seconds),),)
    except TimeoutError:
        return ((helper.late(),),)
    finally:
        helper.leave(answer)


async def awaited(call: Call) -> Rows:
    """Do it, and let others go on meanwhile."""
    helper = _helper()
    answer = helper.give(call.function)
    try:
        return ((await asyncio.wait_for(asyncio.wrap_future(answer), call.seconds),),)
    except TimeoutError:
        return ((helper.late(),),)
    finally:
        helper.leave(answer)


def dismiss(function: Callable[[], object]) -> None:
    """Do it some time; nobody waits."""
    _helper().give(function)
