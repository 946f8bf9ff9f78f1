"""Both engines in turn, with the rows of the test world."""

from collections.abc import Iterator

import pytest

from tests.conditions.world import Engine, engine


@pytest.fixture(scope="module")
def loaded(module_database_url: str) -> Iterator[Engine]:
    """A database with every row of the world; tests only read it."""
    with engine(module_database_url) as found:
        yield found
