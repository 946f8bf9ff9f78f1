"""A connection that was made before its server began to stop is answered, or given up after a while."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from salesmode.cli.serving import config_of

pytestmark = pytest.mark.anyio

Stop = Callable[[], Awaitable[None]]

REQUEST = b"GET / HTTP/1.1\r\nHost: crm\r\n\r\n"


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Stop, asyncio.StreamReader, asyncio.StreamWriter]]:
    """What stops a server and its taking of connections, and one on which nothing was asked yet."""
    with socket.create_server(("127.0.0.1", 0)) as at:
        server = uvicorn.Server(config_of(hello, lifespan="off"))
        serving = asyncio.create_task(server._serve([at]))

        async def until(holds: Callable[[], object]) -> None:
            async with asyncio.timeout(10):
                while not holds():
                    await asyncio.wait({serving}, timeout=0.01)

        async def stop() -> None:
            (listening,) = server.servers
            server.should_exit = True
            await until(lambda: not listening.is_serving())

        await until(lambda: server.started)
        reader, writer = await asyncio.open_connection(*at.getsockname())
        await until(lambda: server.server_state.connections)
        yield stop, reader, writer
        writer.close()
        await serving


async def test_a_request_that_is_on_its_way_when_the_server_stops_is_answered() -> None:
    async with connected() as (stop, reader, writer):
        await stop()
        writer.write(REQUEST)
        answer = await asyncio.wait_for(reader.read(), 10)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\nhello")
        assert b"connection: close" in answer


async def test_a_connection_on_which_nothing_comes_ends() -> None:
    async with connected() as (stop, reader, _):
        await stop()
        assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_a_connection_that_was_answered_before_ends_at_once() -> None:
    async with connected() as (stop, reader, writer):
        writer.write(REQUEST)
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 OK")
        await stop()
        assert await asyncio.wait_for(reader.read(), 0.9) == b""
