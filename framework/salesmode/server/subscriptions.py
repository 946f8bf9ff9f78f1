"""A subscription as a stream of answers, whatever carries it.

Whose it is, is asked again for each change and each time that nothing happens for a while: it ends with the
token, with the user, and with a right that is needed to ask for it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

from salesmode.graph.endpoint import Caller, Endpoint, Query, Subscription
from salesmode.server.callers import ABOUT, Callers

SignIn = Callable[[], Awaitable[Caller]]


class Subscriptions:
    """The subscriptions of one endpoint."""

    def __init__(self, endpoint: Endpoint, callers: Callers, *, heartbeat: float) -> None:
        self._endpoint = endpoint
        self._callers = callers
        self._heartbeat = heartbeat

    async def answers(
        self, query: Query, subscription: Subscription, sign_in: SignIn
    ) -> AsyncIterator[bytes | None]:
        """Execution results; None where there was nothing for a while.

        Raises a Refusal (UNAUTHENTICATED above all) or what is wrong with the document now, and Lost.
        """
        objects = {subscription.object, *ABOUT}
        async with self._endpoint.feed.follow(objects) as follower:
            yield None
            while True:
                change = await follower.next(self._heartbeat)
                if change is not None and change.object in ABOUT:
                    self._callers.forget()
                caller = await sign_in()
                if change is None:
                    yield None
                elif change.object == subscription.object:
                    now = self._endpoint.subscription(query, caller)
                    told = await now.told(change) if now else None
                    if told is not None:
                        yield told
