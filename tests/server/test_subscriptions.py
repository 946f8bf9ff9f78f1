"""Subscriptions over WebSocket and Server-Sent Events, by a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from salesmode.server.application import application
from salesmode.server.settings import Settings
from salesmode.server.tokens import new_token
from tests.server.live import live
from tests.server.office import HOUR, SECRET, Office

pytestmark = pytest.mark.anyio

SOON = 10
PROTOCOL = Subprotocol("graphql-transport-ws")
WATCH = "subscription { dealChanged { operation record { id name } changedFields } }"


def bearer(name: str = "ann", lifetime: timedelta = HOUR) -> dict[str, str]:
    return {"Authorization": f"Bearer {new_token(SECRET, name, lifetime=lifetime)}"}


@pytest.fixture
async def at(served: Office) -> AsyncIterator[str]:
    """The address of the served CRM."""
    settings = Settings(heartbeat=0.2, init_within=0.5, operations=3)
    async with live(application(served.model, served.database, secret=SECRET, settings=settings)) as address:
        yield address


class Talk:
    """A WebSocket that speaks the protocol message by message."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def hear(self) -> Any:
        return orjson.loads(await asyncio.wait_for(self.connection.recv(), SOON))

    async def closed(self) -> int:
        """The code with which the server ends the connection."""
        with suppress(ConnectionClosed):
            while True:
                await self.hear()
        assert self.connection.close_code is not None
        return self.connection.close_code

    async def init(self, **payload: str) -> "Talk":
        await self.send(type="connection_init", payload=payload or bearer())
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def subscribe(self, id_: str = "1", query: str = WATCH, **variables: Any) -> None:
        await self.send(type="subscribe", id=id_, payload={"query": query, "variables": variables})


@asynccontextmanager
async def talk(at: str, **headers: str) -> AsyncIterator[Talk]:
    url = f"ws://{at}/graphql"
    async with connect(url, subprotocols=[PROTOCOL], additional_headers=headers) as connection:
        yield Talk(connection)


async def watching(talk: Talk, served: Office) -> None:
    """Subscribe, and come back when changes are heard; those made for that have the name `sync`."""
    await talk.subscribe()
    first = asyncio.ensure_future(talk.hear())
    while not first.done():
        await served.new("deal", name="sync")
        await asyncio.wait({first}, timeout=0.1)


async def told(talk: Talk) -> Any:
    """The next message that is not about a `sync`."""
    while True:
        found = await talk.hear()
        if not _is_sync(found):
            return found


def _is_sync(message: Any) -> bool:
    return message["type"] == "next" and message["payload"]["data"]["dealChanged"]["record"]["name"] == "sync"


async def test_a_change_is_told_over_websocket(served: Office, at: str) -> None:
    async with talk(at) as ann:
        await ann.init()
        await watching(ann, served)
        id_ = await served.new("deal", name="big")
        assert await told(ann) == {
            "type": "next",
            "id": "1",
            "payload": {
                "data": {
                    "dealChanged": {
                        "operation": "created",
                        "record": {"id": id_, "name": "big"},
                        "changedFields": ["name"],
                    }
                }
            },
        }
        await ann.send(type="complete", id="1")
        await served.change("deal", id_, {"name": "bigger"})
        await ann.send(type="ping")
        assert await told(ann) == {"type": "pong"}


async def test_a_query_over_websocket_is_one_answer_and_its_end(at: str) -> None:
    async with talk(at, **bearer()) as ann:
        await ann.send(type="connection_init")
        assert await ann.hear() == {"type": "connection_ack"}
        await ann.subscribe("q", "{ viewer { name } }")
        answer = {"data": {"viewer": {"name": "ann"}}}
        assert await ann.hear() == {"type": "next", "id": "q", "payload": answer}
        assert await ann.hear() == {"type": "complete", "id": "q"}
        await ann.subscribe("w", "subscription { nothingChanged { id } }")
        wrong = await ann.hear()
        assert (wrong["type"], wrong["id"]) == ("error", "w")
        assert wrong["payload"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_nobody_is_forbidden(at: str) -> None:
    async with talk(at) as nobody:
        await nobody.send(type="connection_init")
        assert await nobody.closed() == 4403


async def test_who_does_not_follow_the_protocol_is_sent_away(at: str) -> None:
    async with talk(at) as early:
        await early.subscribe()
        assert await early.closed() == 4401
    async with talk(at) as silent:
        assert await silent.closed() == 4408
    async with talk(at) as twice:
        await twice.init()
        await twice.send(type="connection_init")
        assert await twice.closed() == 4429
    async with talk(at) as same:
        await same.init()
        await same.subscribe()
        await same.subscribe()
        assert await same.closed() == 4409
    async with talk(at) as wrong:
        await wrong.connection.send("no json")
        assert await wrong.closed() == 4400
    async with talk(at) as many:
        await many.init()
        for id_ in "abcd":
            await many.subscribe(id_)
        assert await many.closed() == 4429
    async with connect(f"ws://{at}/graphql", subprotocols=[Subprotocol("graphql-ws")]) as other:
        assert await Talk(other).closed() == 4406


async def test_a_deactivated_user_hears_no_more(served: Office, at: str) -> None:
    user = await served.new("user", name="bob", roles=["admin"])
    async with talk(at) as bob:
        await bob.init(**bearer("bob"))
        await watching(bob, served)
        await served.change("user", user, {"active": False})
        assert await bob.closed() == 4403


async def test_a_subscription_ends_with_its_token(at: str) -> None:
    async with talk(at) as ann:
        await ann.init(**bearer(lifetime=timedelta(seconds=1)))
        await ann.subscribe()
        assert await ann.closed() == 4403


async def test_gql_subscribes_unchanged(served: Office, at: str) -> None:
    transport = WebsocketsTransport(url=f"ws://{at}/graphql", init_payload=bearer(), subprotocols=[PROTOCOL])
    async with Client(transport=transport) as session:
        heard = session.subscribe(gql(WATCH))
        first = asyncio.ensure_future(anext(heard))
        while not first.done():
            await served.new("deal", name="again")
            await asyncio.wait({first}, timeout=0.1)
        assert first.result()["dealChanged"]["record"]["name"] == "again"
        await heard.aclose()


async def events(answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """Kind and data of each event; comments as `("", None)`."""
    kind = ""
    async for line in answer.aiter_lines():
        if line.startswith(":"):
            yield "", None
        elif line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data:"):
            data = line.removeprefix("data:").strip()
            yield kind, orjson.loads(data) if data else None


@asynccontextmanager
async def streamed(at: str, query: str, **headers: str) -> AsyncIterator[httpx.Response]:
    headers = {"Accept": "text/event-stream", **headers}
    async with (
        httpx.AsyncClient(timeout=SOON) as client,
        client.stream("POST", f"http://{at}/graphql", json={"query": query}, headers=headers) as answer,
    ):
        yield answer


async def test_a_change_is_told_as_an_event(served: Office, at: str) -> None:
    async with streamed(at, WATCH, **bearer()) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        stream = events(answer)
        assert await anext(stream) == ("", None), "it is alive, and listening"
        await served.new("deal", name="big")
        told = [each async for each in _until_told(stream)][-1]
        assert told[0] == "next"
        assert told[1]["data"]["dealChanged"]["record"]["name"] == "big"


async def _until_told(stream: AsyncIterator[tuple[str, Any]]) -> AsyncIterator[tuple[str, Any]]:
    async for each in stream:
        yield each
        if each[0]:
            return


async def test_a_query_as_events_is_one_answer_and_its_end(at: str) -> None:
    async with streamed(at, "{ viewer { name } }", **bearer()) as answer:
        found = [each async for each in events(answer)]
    assert found == [("next", {"data": {"viewer": {"name": "ann"}}}), ("complete", None)]


async def test_a_wrong_document_as_events_is_told(at: str) -> None:
    async with streamed(at, "subscription { nothingChanged { id } }", **bearer()) as answer:
        (kind, told), end = [each async for each in events(answer)]
    assert (kind, end) == ("next", ("complete", None))
    assert told["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_nobody_gets_no_stream(at: str) -> None:
    async with streamed(at, WATCH) as answer:
        assert answer.status_code == 401


async def test_a_stream_ends_with_the_user(served: Office, at: str) -> None:
    user = await served.new("user", name="bob", roles=["admin"])
    async with streamed(at, WATCH, **bearer("bob")) as answer:
        stream = events(answer)
        await anext(stream)
        await served.change("user", user, {"active": False})
        told = [each async for each in stream]
    assert told[-1] == ("complete", None)
    assert told[-2][1]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_pages_of_other_sites_may_ask_only_where_told(served: Office) -> None:
    asked = {"Origin": "https://crm.example", "Access-Control-Request-Method": "POST"}
    assert (await served.client.options("/graphql", headers=asked)).status_code == 405
    app = application(
        served.model, served.database, secret=SECRET, settings=Settings(origins=("https://crm.example",))
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://crm") as client:
        answer = await client.options("/graphql", headers=asked)
        assert answer.headers["access-control-allow-origin"] == "https://crm.example"
        other = await client.options("/graphql", headers={**asked, "Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers


async def test_each_operation_of_a_connection_counts_as_one_request(served: Office) -> None:
    app = application(served.model, served.database, secret=SECRET, settings=Settings(rate=0.01, burst=2))
    async with live(app) as address, talk(address) as ann:
        await ann.init()
        for id_ in ("1", "2"):
            await ann.subscribe(id_, "{ viewer { name } }")
            assert [(await ann.hear())["type"] for _ in range(2)] == ["next", "complete"]
        await ann.subscribe("3", "{ viewer { name } }")
        refused = await ann.hear()
        assert (refused["type"], refused["id"]) == ("error", "3")
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
