"""`salesmode worker`, and servers that work too: what is due is done, and what was committed is told."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import pytest

from salesmode.cli.project import opened
from salesmode.database.unit import Step
from tests.cli.kit import PRODUCT, SECRET, Server, salesmode, serving, shop, until, write
from tests.jobs.receiver import Receiver, receiving

HOOK = """
kind: webhook
name: stock
url: {env: STOCK_URL}
secret: {env: STOCK_SECRET}
on: {object: product}
fields: [name, price]
"""
JOB = """
kind: job
name: nightly
schedule: "0 2 * * *"
on: {object: product, where: {price: {isNull: true}}}
do: {set: {price: "1.00"}}
"""
CREATE = 'mutation { createProduct(input: {name: "%s", price: "12.50"}) { product { id } } }'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Path:
    """An app that is applied, with an administrator."""
    folder = shop(tmp_path / "shop", hook=HOOK, job=JOB)
    assert salesmode("apply", folder, "--database", database_url, "--admin", "ann").code == 0
    return folder


def known(receiver: Receiver, database_url: str) -> dict[str, str]:
    return {
        "STOCK_URL": receiver.url,
        "STOCK_SECRET": "secret",
        "SALESMODE_DATABASE": database_url,
        "SALESMODE_SECRET": SECRET,
    }


def product(app: Path, database_url: str, name: str) -> None:
    rows = app / "rows.csv"
    rows.write_text(f"name,price\n{name},12.50\n")
    said = salesmode("import", "product", rows, app, "--database", database_url)
    assert said.code == 0, said


@contextmanager
def working(*arguments: object, **environment: str) -> Iterator[TextIO]:
    """What a worker in a process of its own says, from the line on that says that it works; it has to end
    well, and to say nothing more.
    """
    command = [str(Path(sys.executable).with_name("salesmode")), "worker", *map(str, arguments)]
    with subprocess.Popen(
        command, env=os.environ | environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "is worked for" in process.stderr.readline()
        try:
            yield process.stderr
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate()[1]
        assert (process.returncode, rest) == (0, "")


def test_a_worker_tells_what_others_commit(app: Path, database_url: str, receiver: Receiver) -> None:
    with working(app, "--private-addresses", **known(receiver, database_url)) as said:
        product(app, database_url, "Lamp")
        until(lambda: len(receiver.requests) == 1)
        assert receiver.requests[0].told["record"] == {"name": "Lamp", "price": "12.50"}
        write(app, hook=HOOK.replace("[name, price]", "[price]"))
        assert said.readline() == "shop is served as changed\n"
        product(app, database_url, "Table")
        until(lambda: len(receiver.requests) == 2)
        assert receiver.requests[1].told["record"] == {"price": "12.50"}


def test_a_server_of_one_process_works_too_unless_told(
    app: Path, database_url: str, receiver: Receiver
) -> None:
    environment = known(receiver, database_url)
    token = salesmode("token", "--user", "ann", **environment).out.strip()
    with serving("serve", app, "--no-work", ready="/graphql", **environment) as server:
        assert "errors" not in server.answer(CREATE % "Lamp", token)
        assert health(server) == (503, "never begun")
    (waiting,) = state(app, environment)["outbox"]
    assert (waiting["listener"], waiting["waiting"], waiting["dead"]) == ("webhook stock", 1, 0)
    works = [each["name"] for each in state(app, environment)["work"] if each["last"]]
    assert works == []
    later = f"webhook stock did not take the event {event(database_url)}: 127.0.0.1 is no public address\n"
    with serving("serve", app, ready="/graphql", later=later, **environment) as server:
        until(lambda: health(server) == (200, "working"))
        until(lambda: failed(database_url))


def health(server: Server) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{server.url}/health/work") as response:
            return response.status, json.loads(response.read())["status"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())["status"]


def event(database_url: str) -> str:
    """The id of the only event that waits."""
    return asyncio.run(_asked(database_url, "SELECT id FROM sm_outbox"))


def failed(database_url: str) -> bool:
    """Whether it was tried, and put down why it failed."""
    return asyncio.run(_asked(database_url, "SELECT error FROM sm_outbox")) is not None


async def _asked(database_url: str, sql: str) -> Any:
    async with opened(database_url) as database:
        return (await database.fetch(Step(sql, ())))[0][0]


def state(app: Path, environment: dict[str, str]) -> dict[str, list[dict[str, object]]]:
    said = salesmode("worker", app, "--list", "--json", **environment)
    assert said.code == 0, said
    found: dict[str, list[dict[str, object]]] = json.loads(said.out)
    return found


def test_what_waits_is_shown_and_done_once(app: Path, database_url: str, receiver: Receiver) -> None:
    environment = known(receiver, database_url)
    product(app, database_url, "Lamp")
    assert "webhook stock" in salesmode("worker", app, "--list", **environment).out
    said = salesmode("worker", app, "--once", **environment)
    assert "1 record or event handled." in said.out
    assert receiver.requests == [], "it is no public address"
    said = salesmode("worker", app, "--list", **environment)
    assert "job nightly" in said.out
    assert salesmode("worker", app, "--dead", "--json", **environment).out.strip() == "[]"
    assert salesmode("worker", app, "--replay", "all", **environment).out == (
        "0 events will be delivered again.\n"
    )


def test_wrong_usage_is_told(app: Path, database_url: str) -> None:
    assert salesmode("worker", app, "--once", "--list").code == 2
    said = salesmode("worker", app, "--database", database_url, "--replay", "all", "--replay", "x")
    assert said.code == 2
    assert "stands alone" in said.err


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", app="kind: app\nname: shop\n", product=PRODUCT)
    said = salesmode("worker", folder, "--once")
    assert said.code == 1
    assert "salesmode apply" in said.err
