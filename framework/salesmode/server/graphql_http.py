"""GraphQL over HTTP: one ASGI application for `/graphql`.

The order of a request: accept → read → who asks → how often → answer → reply. It speaks ASGI itself, since a
layer in between costs more than looking up a prepared plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import RedirectResponse
from starlette.types import Message as Event, Receive, Scope, Send

from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.endpoint import Caller, Endpoint, Query, refused
from salesmode.server.accept import JSON, RESPONSE, reply_type, wants_page, wants_stream
from salesmode.server.authentication import Authentication, Headers
from salesmode.server.callers import Callers
from salesmode.server.console import CONSOLE
from salesmode.server.event_stream import EventStream
from salesmode.server.languages import best_language
from salesmode.server.query import WrongRequest, query_of_get, query_of_post
from salesmode.server.rates import Rates, TooMany
from salesmode.server.settings import Settings

Asked = Query | list[Query]

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
        rates: Rates,
        locales: tuple[str, ...],
        stream: EventStream,
        settings: Settings,
    ) -> None:
        self._endpoint = endpoint
        self._callers = callers
        self._authentication = authentication
        self._rates = rates
        self._locales = locales
        self._stream = stream
        self._max_body = settings.max_body
        self._batch = settings.batch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        if scope["method"] == "GET" and not scope["query_string"] and wants_page(_text(headers, b"accept")):
            await RedirectResponse(CONSOLE, status_code=303)(scope, receive, send)
            return
        locale = best_language(_text(headers, b"accept-language"), self._locales)
        streamed = wants_stream(_text(headers, b"accept"))
        media = JSON if streamed else reply_type(_text(headers, b"accept"))
        try:
            asked = await self._read(scope, headers, receive, media)
            caller = await self._sign_in(headers, locale)
            found = self._single(asked, caller) if streamed else await self._answered(asked, caller, media)
        except Exception as error:
            found = _refused(error, media or JSON, locale)
        if isinstance(found, Reply):
            await _send(found, send)
        else:
            await self._stream.serve(found, lambda: self._sign_in(headers, locale), locale, receive, send)

    async def _read(self, scope: Scope, headers: Headers, receive: Receive, media: str | None) -> Asked:
        if media is None:
            raise WrongRequest(406, "not_acceptable")
        match scope["method"]:
            case "POST":
                body = await _body(headers, receive, self._max_body)
                return query_of_post(headers.get(b"content-type", b""), body, batch=self._batch)
            case "GET":
                return query_of_get(scope["query_string"])
        raise WrongRequest(405, "wrong_method")

    async def _sign_in(self, headers: Headers, locale: str) -> Caller:
        return await self._callers.caller(await self._authentication.identity(headers), locale)

    def _single(self, asked: Asked, caller: Caller) -> Query:
        if isinstance(asked, list):
            raise WrongRequest(400, "one_request")
        self._rates.spend(caller)
        return asked

    async def _answered(self, asked: Asked, caller: Caller, media: str | None) -> Reply:
        assert media is not None
        locale = caller.environment.locale
        if isinstance(asked, list):
            bodies = [await self._one_of_many(each, caller) for each in asked]
            return Reply(200, b"[%s]" % b",".join(bodies), media, locale)
        self._rates.spend(caller)
        answer = await self._endpoint.answer(asked, caller)
        if answer.read_only_broken:
            return Reply(405, answer.body, media, locale, ((b"allow", b"POST"),))
        status = 400 if media == RESPONSE and not answer.executed else 200
        return Reply(status, answer.body, media, locale)

    async def _one_of_many(self, query: Query, caller: Caller) -> bytes:
        try:
            self._rates.spend(caller)
        except TooMany as error:
            return _errors(error, caller.environment.locale)
        return (await self._endpoint.answer(query, caller)).body


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


def _refused(error: Exception, media: str, locale: str) -> Reply:
    """What is told of a request that never came to be answered."""
    status, headers = _status(error)
    said = Refusal("BAD_REQUEST", error.message) if isinstance(error, WrongRequest) else error
    return Reply(status, _errors(said, locale), media, locale, headers)


def _status(error: Exception) -> tuple[int, tuple[tuple[bytes, bytes], ...]]:
    match error:
        case WrongRequest(status=405):
            return 405, ((b"allow", b", ".join(each.encode() for each in _METHODS)),)
        case WrongRequest():
            return error.status, ()
        case TooMany():
            return 429, ((b"retry-after", str(error.seconds).encode()),)
        case Refusal(code="UNAUTHENTICATED"):
            return 401, ((b"www-authenticate", b"Bearer"),)
        case _:
            return 500, ()


def _errors(error: Exception, locale: str) -> bytes:
    return b'{"errors":%s}' % refused(error, locale)


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
