"""One write of one record, as it was committed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from salesmode.database.driver import Database
from salesmode.database.unit import Rows, Step

Operation = Literal["created", "updated", "deleted", "restored"]


@dataclass(frozen=True, eq=False)
class Change:
    """`old`: what the written fields were, as JSON texts by field name.

    All subscribers of a process get the same object, so what two of them would ask in the same words is asked
    once.
    """

    operation: Operation
    object: str
    record_id: str
    version: int
    old: Mapping[str, str | None]
    _asked: dict[tuple[str, tuple[Any, ...]], asyncio.Task[Rows]] = field(default_factory=dict, repr=False)

    async def ask(self, step: Step, database: Database) -> Rows:
        """The rows of a statement about this change."""
        key = (step.sql, tuple(tuple(each) if isinstance(each, list) else each for each in step.arguments))
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(database.fetch(step))
        return await asyncio.shield(self._asked[key])
