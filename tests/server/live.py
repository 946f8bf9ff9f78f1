"""The application behind a real server, on a port of its own, in the test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp


class _Quiet(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Signals are the test runner's."""


@asynccontextmanager
async def live(app: ASGIApp, *, lifespan: Literal["on", "off"] = "off") -> AsyncIterator[str]:
    """`127.0.0.1:PORT`, once the server has started."""
    with socket.create_server(("127.0.0.1", 0)) as at:
        config = uvicorn.Config(app, log_level="error", lifespan=lifespan, timeout_graceful_shutdown=1)
        server = _Quiet(config)
        serving = asyncio.create_task(server.serve(sockets=[at]))
        while not server.started:
            await asyncio.wait({serving}, timeout=0.01)
        try:
            yield f"127.0.0.1:{at.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
