"""Going over all records page by page, so that each page can be a transaction of its own."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.tables import Tables

_FIRST = "00000000-0000-0000-0000-000000000000"


class Place(NamedTuple):
    """Behind a record, among those of the sweep's part of that number."""

    number: int = 0
    after: str = _FIRST

    @property
    def next(self) -> "Place":
        """The beginning of the next part."""
        return Place(self.number + 1)

    def behind(self, id_: str) -> "Place":
        """Further in the same part."""
        return Place(self.number, id_)


Page: TypeAlias = Callable[[Tables, Environment, Place], UnitOf[tuple[int, Place | None]]]
"""What is to be done to the records from a place on: how many changed, and where to go on, or None."""


def all_pages(page: Page, tables: Tables, environment: Environment) -> UnitOf[int]:
    """Every page in one transaction; gives how many records changed."""
    count, place = 0, Place()
    while True:
        changed, further = yield from page(tables, environment, place)
        count += changed
        if further is None:
            return count
        place = further
