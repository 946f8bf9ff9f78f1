"""GraphQL over Server-Sent Events, in the mode of distinct connections: one operation for each request."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Receive, Send

from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.endpoint import Endpoint, Query, refused
from salesmode.graph.follower import Lost
from salesmode.server.subscriptions import SignIn, Subscriptions

STREAM = "text/event-stream"

_COMPLETE = b"event: complete\ndata: \n\n"
_ALIVE = b":\n\n"
_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept, Accept-Language"),
    (b"x-accel-buffering", b"no"),
)


class EventStream:
    """Streams the answers of one endpoint. A client that does not read is given up after `slow` seconds."""

    def __init__(self, endpoint: Endpoint, subscriptions: Subscriptions, *, slow: float) -> None:
        self._endpoint = endpoint
        self._subscriptions = subscriptions
        self._slow = slow

    async def serve(self, query: Query, sign_in: SignIn, locale: str, receive: Receive, send: Send) -> None:
        """Answer until there is no more to tell, or the client has gone."""
        headers = [*_HEADERS, (b"content-language", locale.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        sending = asyncio.create_task(self._send(self._events(query, sign_in, locale), send))
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (sending, gone):
                each.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)

    async def _send(self, events: AsyncIterator[bytes], send: Send) -> None:
        async for each in events:
            event = {"type": "http.response.body", "body": each, "more_body": True}
            await asyncio.wait_for(send(event), self._slow)
        await send({"type": "http.response.body", "body": _COMPLETE})

    async def _events(self, query: Query, sign_in: SignIn, locale: str) -> AsyncIterator[bytes]:
        try:
            caller = await sign_in()
            subscription = self._endpoint.subscription(query, caller)
            if subscription is None:
                yield _next((await self._endpoint.answer(query, caller)).body)
                return
            async for each in self._subscriptions.answers(query, subscription, sign_in):
                yield _ALIVE if each is None else _next(each)
        except Lost:
            lost = Refusal("RATE_LIMITED", Message("subscription_lost"))
            yield _next(b'{"errors":%s}' % refused(lost, locale))
        except Exception as error:
            yield _next(b'{"errors":%s}' % refused(error, locale))


def _next(body: bytes) -> bytes:
    return b"event: next\ndata: %s\n\n" % body


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
