"""Databases of the little world: two of each engine, filled anew for each example."""

from collections.abc import Iterator, Sequence

import pytest

from tests.properties.bench import Bench, benches
from tests.support.postgres import PostgresServer


@pytest.fixture(scope="module")
def sqlite_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Bench]]:
    folder = tmp_path_factory.mktemp("pair")
    with benches(f"sqlite:///{folder / 'one.db'}", f"sqlite:///{folder / 'other.db'}") as found:
        yield found


@pytest.fixture(scope="module")
def postgresql_pair(postgres_server: PostgresServer) -> Iterator[Sequence[Bench]]:
    with postgres_server.database() as one, postgres_server.database() as other, benches(one, other) as found:
        yield found
