"""Fixtures for every room: fresh databases on both engines, and a shell that leaks nothing into a test."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support.postgres import PostgresServer, serve

ENGINES = ("sqlite", "postgresql")
_LONGEST = ("test_tutorial", "test_stories", "test_matrix")

# Time limits per example say more about the machine than about the code. A run of all tests tries the same
# examples each time, so that it fails for what was changed and not by chance. New ones are looked for with
# HYPOTHESIS_PROFILE=thorough; its `--hypothesis-seed` brings a run back.
hypothesis.settings.register_profile("salesmode", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.register_profile(
    "thorough", deadline=None, print_blob=True, derandomize=False, max_examples=2_000
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "salesmode"))


def pytest_configure() -> None:
    """Forget what the developer's shell says about databases and secrets."""
    for name in [name for name in os.environ if name.startswith(("PG", "SALESMODE_"))]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it in the end."""
    items.sort(key=lambda each: each.path.stem not in _LONGEST)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay until the end: nobody need look for garbage there
    again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL, started when the first test of this process asks for it."""
    with serve() as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database of this test alone; the file does not exist yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of this test alone."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs once per engine, each time with an empty database of its own."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="module")
def module_sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SQLite database that the tests of one module share."""
    return f"sqlite:///{tmp_path_factory.mktemp('module') / 'test.db'}"


@pytest.fixture(scope="module")
def module_postgresql_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database that the tests of one module share."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(scope="module", params=ENGINES)
def module_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The tests of the module run once per engine, on one database that starts empty.

    Tests may come in any order, so an engine may come again: then with another empty database.
    """
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('module') / 'test.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield url
