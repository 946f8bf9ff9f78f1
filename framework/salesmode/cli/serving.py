"""Runs an application until it is told to stop; the commands `serve` and `demo` share it."""

import errno
import signal
import socket
from types import FrameType
from typing import Annotated, Literal

import typer
import uvicorn
from starlette.types import ASGIApp

from salesmode.cli.connections import Connection
from salesmode.cli.faults import Fault, usage

HOST = "127.0.0.1"
PORT = 8000

_STOP_WITHIN = 5  # seconds
_START_WITHIN = 60  # seconds; a worker that takes longer on a busy machine would keep the change from all

HostOption = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port to listen on; 0 takes a free one.")
]


class _Server(uvicorn.Server):
    """Ends its requests at a signal and returns, so that who started it can close the database."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's interface
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def listening(host: str, port: int) -> socket.socket:
    """The port, taken before anything else is done; a Fault where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise _cannot_listen(host, port, error) from error


def _cannot_listen(host: str, port: int, error: OSError) -> Fault:
    if error.errno == errno.EADDRINUSE:
        return Fault(f"port {port} of {host} is taken by another program", hint="--port 0 takes a free one")
    reason = (error.strerror or str(error)).partition(" (")[0]
    return usage(f"cannot listen on {host}, port {port}: {reason}")


def address(at: socket.socket) -> str:
    """`http://127.0.0.1:8000`; a server on all addresses is reached at this machine's own."""
    host, port = at.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"


async def serve_until_stopped(
    application: ASGIApp, at: socket.socket, *, lifespan: Literal["on", "off"] = "off"
) -> None:
    """Answer requests until a signal says stop."""
    await _Server(config_of(application, lifespan=lifespan)).serve(sockets=[at])


def config_of(
    application: ASGIApp, *, lifespan: Literal["on", "off"] = "on", workers: int = 1
) -> uvicorn.Config:
    """How the server runs. Subscriptions do not end by themselves, so a stop waits only so long."""
    return uvicorn.Config(
        application,
        http=Connection,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        lifespan=lifespan,
        timeout_graceful_shutdown=_STOP_WITHIN,
        timeout_worker_healthcheck=_START_WITHIN,
    )
