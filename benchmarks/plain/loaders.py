"""One batch query per relation: the first rows of each parent by a window function."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aiodataloader import DataLoader
from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.schema import Table

from benchmarks.plain.database import Database, Rows
from benchmarks.plain.rights import Caller
from benchmarks.plain.tables import activities, customers, opportunities, users


@dataclass
class Loaders:
    """What one request needs; rows are gathered per level of the query."""

    database: Database
    caller: Caller

    async def customers(self, ids: list[str], first: int) -> Rows:
        page = select(customers).where(self.caller.customers(), customers.c.id.in_(ids))
        return await self.database.rows(page.order_by(customers.c.name, customers.c.id).limit(first))

    @cached_property
    def owners(self) -> "DataLoader[str, Row[Any] | None]":
        async def load(ids: list[str]) -> list[Row[Any] | None]:
            wanted = select(users).where(self.caller.users(), users.c.id.in_(ids))
            found = {row.id: row for row in await self.database.rows(wanted)}
            return [found.get(each) for each in ids]

        return DataLoader(load)

    @cached_property
    def deals(self) -> "DataLoader[tuple[str, int], Sequence[Row[Any]]]":
        order = (opportunities.c.amount.desc().nulls_last(), opportunities.c.id)
        return self._children(opportunities, opportunities.c.customer_id, self.caller.opportunities(), order)

    @cached_property
    def talks(self) -> "DataLoader[tuple[str, int], Sequence[Row[Any]]]":
        order = (activities.c.at.desc().nulls_last(), activities.c.id)
        return self._children(activities, activities.c.opportunity_id, self.caller.activities(), order)

    def _children(
        self,
        table: Table,
        parent: ColumnElement[Any],
        visible: ColumnElement[bool],
        order: tuple[ColumnElement[Any], ...],
    ) -> "DataLoader[tuple[str, int], Sequence[Row[Any]]]":
        async def load(keys: list[tuple[str, int]]) -> list[Sequence[Row[Any]]]:
            number = func.row_number().over(partition_by=parent, order_by=order).label("number")
            below = [key for key, _ in keys]
            numbered = (
                select(table, parent.label("parent"), number).where(visible, parent.in_(below)).subquery()
            )
            page = select(numbered).where(numbered.c.number <= max(first for _, first in keys))
            gathered: dict[str, list[Row[Any]]] = defaultdict(list)
            for row in await self.database.rows(page.order_by(numbered.c.parent, numbered.c.number)):
                gathered[row.parent].append(row)
            return [gathered[key][:first] for key, first in keys]

        return DataLoader(load)
