"""GraphQL over HTTP: one ASGI application for `/graphql`.

The order of a request: accept → read → who asks → answer → reply. It speaks ASGI itself, since a layer in
between costs more than looking up a prepared plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.responses import RedirectResponse
from starlette.types import Message as Event, Receive, Scope, Send

from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.graph.errors import told
from salesmode.server.accept import JSON, RESPONSE, reply_type, wants_page, wants_stream
from salesmode.server.authentication import Authentication, Headers
from salesmode.server.callers import Callers
from salesmode.server.console import CONSOLE
from salesmode.server.event_stream import EventStream
from salesmode.server.languages import best_language
from salesmode.server.query import WrongRequest, query_of_get, query_of_post

_METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes
    media: str
    locale: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


class GraphQLOverHTTP:
    """Answers requests of one endpoint."""

    def __init__(
        self,
        endpoint: Endpoint,
        callers: Callers,
        authentication: Authentication,
        locales: tuple[str, ...],
        stream: EventStream,
        *,
        max_body: int,
    ) -> None:
        self._endpoint = endpoint
        self._callers = callers
        self._authentication = authentication
        self._locales = locales
        self._stream = stream
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        if scope["method"] == "GET" and not scope["query_string"] and wants_page(_text(headers, b"accept")):
            await RedirectResponse(CONSOLE, status_code=303)(scope, receive, send)
            return
        locale = best_language(_text(headers, b"accept-language"), self._locales)
        streamed = wants_stream(_text(headers, b"accept"))
        media = JSON if streamed else reply_type(_text(headers, b"accept"))
        try:
            if media is None:
                raise WrongRequest(406, "not_acceptable")
            query = await self._read(scope, headers, receive)
            if streamed and await self._is_signed_in(headers, locale):
                await self._stream.serve(query, lambda: self._sign_in(headers, locale), locale, receive, send)
                return
            reply = await self._answered(query, headers, media, locale)
        except WrongRequest as wrong:
            refusal = Refusal("BAD_REQUEST", wrong.message)
            allowed = (
                ((b"allow", b", ".join(each.encode() for each in _METHODS)),) if wrong.status == 405 else ()
            )
            reply = Reply(wrong.status, _refused(refusal, locale), media or JSON, locale, allowed)
        await _send(reply, send)

    async def _read(self, scope: Scope, headers: Headers, receive: Receive) -> Query:
        match scope["method"]:
            case "POST":
                body = await _body(headers, receive, self._max_body)
                return query_of_post(headers.get(b"content-type", b""), body)
            case "GET":
                return query_of_get(scope["query_string"])
        raise WrongRequest(405, "wrong_method")

    async def _sign_in(self, headers: Headers, locale: str) -> Caller:
        return await self._callers.caller(self._authentication.identity(headers), locale)

    async def _is_signed_in(self, headers: Headers, locale: str) -> bool:
        try:
            await self._sign_in(headers, locale)
        except Refusal:
            return False
        return True

    async def _answered(self, query: Query, headers: Headers, media: str, locale: str) -> Reply:
        try:
            caller = await self._sign_in(headers, locale)
        except Refusal as refusal:
            challenge = ((b"www-authenticate", b"Bearer"),)
            return Reply(401, _refused(refusal, locale), media, locale, challenge)
        answer = await self._endpoint.answer(query, caller)
        if answer.read_only_broken:
            return Reply(405, answer.body, media, locale, ((b"allow", b"POST"),))
        status = 400 if media == RESPONSE and not answer.executed else 200
        return Reply(status, answer.body, media, locale)


async def _body(headers: Headers, receive: Receive, most: int) -> bytes:
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > most:
        raise WrongRequest(413, "body_too_large", max=most)
    event: Event = await receive()
    body: bytes = event.get("body", b"")
    while event.get("more_body"):
        event = await receive()
        body += event.get("body", b"")
        if len(body) > most:
            raise WrongRequest(413, "body_too_large", max=most)
    return body


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


def _refused(refusal: Refusal, locale: str) -> bytes:
    return orjson.dumps({"errors": told(refusal, locale)})


async def _send(reply: Reply, send: Send) -> None:
    headers = [
        (b"content-type", f"{reply.media}; charset=utf-8".encode()),
        (b"content-length", str(len(reply.body)).encode()),
        (b"content-language", reply.locale.encode()),
        (b"vary", b"Accept, Accept-Language"),
        (b"cache-control", b"no-store"),
        *reply.headers,
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
