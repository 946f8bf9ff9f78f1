"""How many operations one user may ask for: a bucket that fills as time goes by, in this process alone."""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.endpoint import Caller

_KEPT = 10_000


class TooMany(Refusal):
    """RATE_LIMITED; after `seconds` there is room for one again."""

    def __init__(self, rate: float, seconds: int) -> None:
        super().__init__("RATE_LIMITED", Message("rate", {"max": f"{rate:g}", "seconds": seconds}))
        self.seconds = seconds


class Rates:
    """`rate`: operations a second, None for any number. `burst`: how many at once, else what a second has."""

    def __init__(
        self, rate: float | None, burst: float | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = max(1.0, rate or 0.0) if burst is None else burst
        self._clock = clock
        self._left: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def spend(self, caller: Caller) -> None:
        """Count one operation of the caller. TooMany where there is no room for it."""
        if self._rate is None:
            return
        user, now = caller.environment.user["id"], self._clock()
        left, since = self._left.pop(user, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        self._left[user] = (left - 1.0 if left >= 1.0 else left, now)
        if len(self._left) > _KEPT:
            self._left.popitem(last=False)
        if left < 1.0:
            raise TooMany(self._rate, ceil((1.0 - left) / self._rate))
