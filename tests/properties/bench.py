"""Databases that are filled anew for each example, and one question asked of them."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from salesmode.access.policy import Policy
from salesmode.access.scope import PolicyScope
from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement
from salesmode.database.unit import Step
from salesmode.queries.pick import Pick
from salesmode.queries.planner import plan
from salesmode.tables import Tables, tables_of
from tests.properties.little_world import MODEL, NOW, LittleWorld
from tests.support.rows import Filler
from tests.support.world import SHANGHAI


class Bench:
    """One database with the tables of the little world.

    No dataclass: an example that fails is told with all fields of those, and the tables would bury it.
    """

    def __init__(self, runner: asyncio.Runner, database: Database, filler: Filler) -> None:
        self.runner, self.database, self.filler = runner, database, filler

    @property
    def tables(self) -> Tables:
        return self.filler.tables

    def load(self, world: LittleWorld) -> None:
        """Exactly this world's rows."""
        self.runner.run(self.database.run(lambda: self._replaced(world)))

    def _replaced(self, world: LittleWorld) -> UnitOf[None]:
        yield from self.filler.empty()
        rows = {name: list(found.values()) for name, found in world.rows.items()}
        yield from self.filler.fill(rows, world.changes)

    def statement(self, pick: Pick, policy: Policy) -> Statement:
        return plan(pick, PolicyScope(self.tables, policy))

    def answer(self, statement: Statement, user: Mapping[str, Any], **variables: object) -> str | None:
        """The bytes that the user would get, as text."""
        environment = Environment(variables, user, NOW, SHANGHAI)
        step = Step(statement.sql, statement.bind(environment))
        return self.runner.run(self.database.fetch_text(step))


@contextmanager
def benches(*urls: str) -> Iterator[tuple[Bench, ...]]:
    """One for each address, sharing their plans; nothing of it need survive a crash."""
    with asyncio.Runner() as runner, ExitStack() as stack:
        found = []
        for url in urls:
            database = runner.run(connect(url, Options(durable=False)))
            stack.callback(lambda database=database: runner.run(database.close()))
            tables = tables_of(MODEL, database.dialect)
            runner.run(database.with_connection(tables.create))
            found.append(Bench(runner, database, Filler(tables)))
        yield tuple(found)
