"""Both servers as processes of their own, on the same database, for as long as a block runs."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.question import USER

ROOT = Path(__file__).parents[1]
SALESMODE = str(Path(sys.executable).with_name("salesmode"))
_PATIENCE = 30  # seconds for a server to come up, once its data is there


@dataclass(frozen=True)
class Running:
    """A server and what gets one in. `secret` signs tokens."""

    process: int
    port: int
    token: str
    secret: str


@contextmanager
def salesmode(url: str, folder: Path, size: str) -> Iterator[Running]:
    """`salesmode demo` on that database; its secret is kept somewhere below `folder`."""
    port = free_port()
    command = [SALESMODE, "demo", "--size", size, "--port", str(port), "--database", url]
    with _process(command, folder) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line.strip())
            if line.startswith("Another token"):
                break
        else:
            raise RuntimeError("the demo did not start")
        token = next(after for before, after in pairwise(said) if before.startswith(USER))
        (secret,) = folder.rglob("*.secret")
        yield Running(process.pid, port, token, secret.read_text(encoding="utf-8").strip())


@contextmanager
def by_hand(url: str, like: Running) -> Iterator[Running]:
    """The hand-written server on the same database, with the same tokens."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.plain.server", url, str(port), like.secret]
    with _process(command, ROOT) as process:
        _wait_for(port)
        yield Running(process.pid, port, like.token, like.secret)


@contextmanager
def _process(command: list[str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        with process:
            try:
                yield process
            finally:
                process.terminate()
    finally:
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
