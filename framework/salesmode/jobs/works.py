"""All timed work of an app: the engine's own, its jobs, and its plugins'."""

from collections.abc import Iterator
from functools import lru_cache

from salesmode.jobs.actions import work_of
from salesmode.jobs.plugin_work import plugin_works
from salesmode.jobs.sweeps import SWEEPS
from salesmode.jobs.work import Work
from salesmode.tables import Tables


@lru_cache(maxsize=8)
def works_of(tables: Tables) -> tuple[Work, ...]:
    """In the order in which they are done where they are due at the same time."""
    return tuple(_works(tables))


def _works(tables: Tables) -> Iterator[Work]:
    yield from SWEEPS
    yield from map(work_of, tables.model.jobs.values())
    yield from plugin_works(tables)
