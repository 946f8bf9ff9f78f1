"""One who waits for changes. Whoever is too slow is given up, so that what waits is never without end."""

import asyncio

from salesmode.graph.change import Change


class Lost(Exception):
    """No more is to be had: the follower fell behind, or nothing can be heard of the database now."""


class Follower:
    """Changes of some objects, in the order of their commits; at most `pending` of them wait."""

    def __init__(self, objects: frozenset[str], pending: int) -> None:
        self.objects = objects
        self._pending = pending
        self._waiting: asyncio.Queue[Change | None] = asyncio.Queue()
        self._lost = False

    def tell(self, change: Change) -> None:
        """Another change; one too many, and all are forgotten."""
        if change.object in self.objects and not self._lost:
            if self._waiting.qsize() >= self._pending:
                self.give_up()
            else:
                self._waiting.put_nowait(change)

    def give_up(self) -> None:
        """Whoever waits gets Lost."""
        self._lost = True
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)

    async def next(self, seconds: float) -> Change | None:
        """The next change; None if there is none for so long. Raises Lost."""
        if self._lost:
            raise Lost
        try:
            change = await asyncio.wait_for(self._waiting.get(), seconds)
        except TimeoutError:
            return None
        if change is None:
            raise Lost
        return change
