"""Runs commands as a person would, and servers as processes of their own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from salesmode.cli import main

SECRET = "a secret that is long enough for a test"

APP = """
kind: app
name: shop
version: "1.0.0"
locales: [en]
currency: EUR
timezone: Europe/Berlin
"""
PRODUCT = """
kind: object
name: product
fields:
  name: {type: text, required: true, unique: true, max_length: 50}
  price: {type: money}
  margin: {type: percent}
"""
CLERK = """
kind: role
name: clerk
objects:
  product:
    read: true
    fields: {name: read, price: read}
"""


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


def salesmode(*arguments: object, **environment: str) -> Said:
    """Run a command in this process; nothing may come out of it but words and an exit code."""
    result = CliRunner().invoke(main, [str(each) for each in arguments], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return Said(result.exit_code, result.stdout, result.stderr)


def refusing(*arguments: object, **environment: str) -> Said:
    """Run a serving command that has to refuse, in a process of its own: one that serves would never end."""
    command = [str(Path(sys.executable).with_name("salesmode")), *map(str, arguments)]
    ended = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in ended.stderr
    return Said(ended.returncode, ended.stdout, ended.stderr)


def write(folder: Path, **files: str) -> Path:
    """A folder with these files; `app` is app.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def shop(folder: Path, **more: str) -> Path:
    """A small app of its own."""
    return write(folder, **{"app": APP, "product": PRODUCT, "clerk": CLERK} | more)


@dataclass(frozen=True)
class Server:
    """A running command that serves: what it printed before, where it is, and its process."""

    said: list[str]
    url: str
    process: "subprocess.Popen[str]"

    def ask(self, query: str, **headers: str) -> tuple[int, dict[str, Any]]:
        """Status and answer to a GraphQL request with these headers (`_` for `-`)."""
        request = urllib.request.Request(
            f"{self.url}/graphql",
            json.dumps({"query": query}).encode(),
            {"Content-Type": "application/json"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def answer(self, query: str, token: str) -> dict[str, Any]:
        """The whole answer to whom the token is for."""
        return self.ask(query, Authorization=f"Bearer {token}")[1]


@contextmanager
def serving(
    *arguments: object, ready: str, later: str = "", cwd: Path | None = None, **environment: str
) -> Iterator[Server]:
    """A serving command on a free port, from the line that says `ready` on; it has to end well, having said
    nothing more than `later`.
    """
    command = [str(Path(sys.executable).with_name("salesmode")), *map(str, arguments), "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield _started(process, ready)
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate()[0]
        assert (process.returncode, rest) == (0, later)


def _started(process: "subprocess.Popen[str]", ready: str) -> Server:
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        if ready in line:
            break
    address = next((word for line in said for word in line.split() if word.endswith("/graphql")), "")
    assert address, said
    return Server(said, address.removesuffix("/graphql"), process)


def until(holds: Callable[[], bool], within: float = 30) -> None:
    """Ask again and again whether something holds; that it does not in the end fails."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it does not come to hold"
