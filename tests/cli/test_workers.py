"""`salesmode serve --workers 2`: both serve, a change reaches both while requests go on, and both end."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from tests.cli.kit import PRODUCT, Server, salesmode, serving, shop, until, write

LABEL = "{ metadata { objects { name label } } }"
HEADERS = {"Content-Type": "application/json", "X-User": "ann"}


def ask(server: Server) -> tuple[int | None, str]:
    """Who answered, and the label of the product as it is served there."""
    with closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)) as connection:
        label = answered(connection)
        return _holder(server.process.pid, connection.sock.getsockname()[1]), label


def answered(connection: http.client.HTTPConnection) -> str:
    connection.request("POST", "/graphql", json.dumps({"query": LABEL}), HEADERS)
    objects = json.loads(connection.getresponse().read())["data"]["metadata"]["objects"]
    label: str = next(each["label"] for each in objects if each["name"] == "product")
    return label


def _holder(parent: int, port: int) -> int | None:
    """The worker that holds the other end of a connection, if it still does."""
    for child in psutil.Process(parent).children():
        if any(each.raddr and each.raddr.port == port for each in _connections(child)):
            return child.pid
    return None


def _connections(process: psutil.Process) -> list[Any]:
    try:
        return list(process.net_connections("tcp"))
    except psutil.NoSuchProcess:
        return []


def both(server: Server, label: str) -> set[int]:
    """The two workers, when each of them has answered with that label."""
    found: set[int] = set()

    def asked() -> bool:
        worker, served = ask(server)
        if worker is not None and served == label:
            found.add(worker)
        return len(found) == 2

    until(asked, within=120)
    return found


@dataclass
class Asker:
    """Asks again and again, each time over a new connection, and keeps what went wrong."""

    server: Server
    answers: int = 0
    wrong: list[Exception] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                with closing(http.client.HTTPConnection(urlsplit(self.server.url).netloc)) as connection:
                    answered(connection)
                self.answers += 1
            except Exception as error:
                self.wrong.append(error)


@contextmanager
def asking(server: Server) -> Iterator[Asker]:
    asker = Asker(server)
    thread = threading.Thread(target=asker.run)
    thread.start()
    try:
        yield asker
    finally:
        asker.enough.set()
        thread.join()


def test_two_workers_serve_and_a_change_reaches_both_without_dropping_a_request(
    tmp_path: Path,
) -> None:
    app = shop(tmp_path / "shop")
    assert salesmode("apply", app, "--admin", "ann").code == 0
    command = ("serve", app, "--dev", "--workers", "2")
    with serving(*command, ready="/graphql", later="shop is served as changed\n") as server:
        first = both(server, "Product")
        with asking(server) as asker:
            write(app, product=PRODUCT.replace("fields:", "label: Gadget\nfields:"))
            second = both(server, "Gadget")
            until(lambda: not any(psutil.pid_exists(each) for each in first))
        assert asker.wrong == []
        assert asker.answers > 0
        assert first.isdisjoint(second)
    assert not any(psutil.pid_exists(each) for each in second)
