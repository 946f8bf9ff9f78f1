"""GraphQL over WebSocket by the protocol graphql-transport-ws: any number of operations on one connection.

Who asks is told by `Authorization` in the payload of `connection_init`, or by the header of the connection.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.endpoint import Caller, Endpoint, Query, refused
from salesmode.graph.follower import Lost
from salesmode.server.authentication import Authentication
from salesmode.server.callers import Callers
from salesmode.server.languages import best_language
from salesmode.server.query import WrongRequest, query_of
from salesmode.server.rates import Rates
from salesmode.server.settings import Settings
from salesmode.server.subscriptions import Subscriptions

PROTOCOL = "graphql-transport-ws"

_IN_PAYLOAD = ("authorization", "x-user", "accept-language")


class Closed(Exception):
    """The connection ends with this code, for this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class GraphQLOverWebSocket:
    """Serves connections to one endpoint."""

    def __init__(
        self,
        endpoint: Endpoint,
        subscriptions: Subscriptions,
        callers: Callers,
        authentication: Authentication,
        rates: Rates,
        locales: tuple[str, ...],
        settings: Settings,
    ) -> None:
        self.endpoint = endpoint
        self.subscriptions = subscriptions
        self.callers = callers
        self.authentication = authentication
        self.rates = rates
        self.locales = locales
        self.settings = settings

    async def serve(self, websocket: WebSocket) -> None:
        """One connection, until it ends."""
        if PROTOCOL not in websocket.scope.get("subprotocols", ()):
            await websocket.accept()
            await websocket.close(4406, "Subprotocol not acceptable")
            return
        await websocket.accept(PROTOCOL)
        await _Connection(self, websocket).serve()


class _Connection:
    def __init__(self, server: GraphQLOverWebSocket, websocket: WebSocket) -> None:
        self._server = server
        self._websocket = websocket
        self._headers: dict[bytes, bytes] = dict(websocket.scope["headers"])
        self._locale = server.locales[0]
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._acknowledged = False
        self._ending: asyncio.Future[Closed] = asyncio.get_running_loop().create_future()

    async def serve(self) -> None:
        """Until the client leaves or has to be sent away."""
        reading = asyncio.create_task(self._read())
        try:
            waited: set[asyncio.Future[Any]] = {reading, self._ending}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            tasks = [reading, *self._operations.values()]
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._ending.done():
                closed = self._ending.result()
                with suppress(RuntimeError, TimeoutError):
                    async with asyncio.timeout(self._server.settings.slow):
                        await self._websocket.close(closed.code, closed.reason)

    def _end(self, closed: Closed) -> None:
        if not self._ending.done():
            self._ending.set_result(closed)

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(self._server.settings.init_within):
                await self._receive()
            while True:
                await self._receive()
        except TimeoutError:
            self._end(Closed(4408, "Connection initialisation timeout"))
        except Closed as closed:
            self._end(closed)
        except WebSocketDisconnect:
            return

    async def _receive(self) -> None:
        text = await self._text()
        try:
            message = orjson.loads(text)
            kind = message["type"]
        except (orjson.JSONDecodeError, TypeError, KeyError):
            raise Closed(4400, "Invalid message received") from None
        match kind:
            case "connection_init":
                await self._init(message.get("payload") or {})
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                return
            case "subscribe":
                self._subscribe(message)
            case "complete":
                self._complete(message.get("id"))
            case _:
                raise Closed(4400, "Invalid message received")

    async def _text(self) -> str:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1000))
        text = event.get("text")
        if text is None:
            raise Closed(4400, "Invalid message received")
        if len(text) > self._server.settings.max_body:
            raise Closed(1009, "Message too big")
        return str(text)

    async def _init(self, payload: Any) -> None:
        if self._acknowledged:
            raise Closed(4429, "Too many initialisation requests")
        given = payload if isinstance(payload, Mapping) else {}
        for name, value in given.items():
            if name.lower() in _IN_PAYLOAD and isinstance(value, str):
                self._headers[name.lower().encode()] = value.encode("utf-8", "replace")
        accepted = self._headers.get(b"accept-language", b"").decode("latin-1")
        self._locale = best_language(accepted, self._server.locales)
        try:
            await self._sign_in()
        except Refusal:
            raise Closed(4403, "Forbidden") from None
        self._acknowledged = True
        await self._send({"type": "connection_ack"})

    async def _sign_in(self) -> Caller:
        identity = await self._server.authentication.identity(self._headers)
        return await self._server.callers.caller(identity, self._locale)

    def _subscribe(self, message: Mapping[str, Any]) -> None:
        id_, payload = message.get("id"), message.get("payload")
        if not isinstance(id_, str) or not id_:
            raise Closed(4400, "Invalid message received")
        if not self._acknowledged:
            raise Closed(4401, "Unauthorized")
        if id_ in self._operations:
            raise Closed(4409, f"Subscriber for {id_[:80]} already exists")
        if len(self._operations) >= self._server.settings.operations:
            raise Closed(4429, "Too many operations")
        try:
            query = query_of(payload)
        except WrongRequest:
            raise Closed(4400, "Invalid message received") from None
        task = asyncio.create_task(self._operate(id_, query))
        self._operations[id_] = task
        task.add_done_callback(lambda done: self._forget(id_, done))

    def _forget(self, id_: str, done: asyncio.Task[None]) -> None:
        if self._operations.get(id_) is done:
            del self._operations[id_]

    def _complete(self, id_: Any) -> None:
        task = self._operations.pop(id_, None) if isinstance(id_, str) else None
        if task is not None:
            task.cancel()

    async def _operate(self, id_: str, query: Query) -> None:
        try:
            if await self._answered(id_, query):
                self._operations.pop(id_, None)
                await self._send({"type": "complete", "id": id_})
        except Closed as closed:
            self._end(closed)
        except (RuntimeError, WebSocketDisconnect):
            return  # the client has gone

    async def _answered(self, id_: str, query: Query) -> bool:
        """Whether the operation was executed; else the client has been told why not."""
        server = self._server
        try:
            caller = await self._sign_in()
            server.rates.spend(caller)
            subscription = server.endpoint.subscription(query, caller)
            if subscription is None:
                answer = await server.endpoint.answer(query, caller)
                await (self._next(id_, answer.body) if answer.executed else self._errors(id_, answer.body))
                return answer.executed
            async for each in server.subscriptions.answers(query, subscription, self._sign_in):
                if each is not None:
                    await self._next(id_, each)
        except Lost:
            raise Closed(1013, "The subscription could not keep up") from None
        except (Closed, RuntimeError, WebSocketDisconnect):
            raise
        except Refusal as refusal:
            if refusal.code == "UNAUTHENTICATED":
                raise Closed(4403, "Forbidden") from None
            await self._errors(id_, b'{"errors":%s}' % refused(refusal, self._locale))
        except Exception as error:
            await self._errors(id_, b'{"errors":%s}' % refused(error, self._locale))
        return False

    async def _next(self, id_: str, body: bytes) -> None:
        await self._send({"id": id_, "type": "next", "payload": orjson.Fragment(body)})

    async def _errors(self, id_: str, body: bytes) -> None:
        self._operations.pop(id_, None)
        await self._send({"id": id_, "type": "error", "payload": orjson.loads(body)["errors"]})

    async def _send(self, message: Mapping[str, Any]) -> None:
        """A client that does not read is sent away."""
        try:
            async with asyncio.timeout(self._server.settings.slow):
                await self._websocket.send_text(orjson.dumps(message).decode())
        except TimeoutError:
            raise Closed(1013, "Too slow") from None
