"""What every driver does: reads, units of work, and a connection for changes of the schema."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn, TypeVar

from sqlalchemy import Connection

from salesmode.database.errors import DatabaseError
from salesmode.database.statement import Dialect
from salesmode.database.unit import Call, ManyStep, Rows, Step

T = TypeVar("T")

UnitOf = Generator[Step | ManyStep | Call, Rows, T]
Listener = Callable[[str], None]
Hear = Callable[[str | None], None]
Ending = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a database is used; the defaults fit both engines.

    `statement_timeout`: seconds that one statement may take. `connections`: how many reads run at once (and,
    on PostgreSQL, units of work). `pgbouncer`: PostgreSQL is reached through PgBouncer in transaction mode.
    `durable`: SQLite waits for the disk at each commit (synchronous FULL), else only at checkpoints (NORMAL):
    a loss of power may then undo the last commits, but never corrupts.
    """

    statement_timeout: float = 5.0
    connections: int = 8
    pgbouncer: bool = False
    durable: bool = True


@dataclass(eq=False)
class Database(ABC):
    """One database.

    `listeners` are called with the SQL of each data statement (not BEGIN, COMMIT or schema changes), perhaps
    from another thread; they must not raise.
    """

    dialect: ClassVar[Dialect]
    options: Options
    listeners: list[Listener] = field(default_factory=list, kw_only=True)

    @abstractmethod
    async def fetch(self, step: Step) -> Rows:
        """All rows of one reading statement."""

    @abstractmethod
    async def fetch_text(self, step: Step) -> str | None:
        """The first column of the first row of one reading statement; None without rows."""

    @abstractmethod
    async def run(self, factory: Callable[[], UnitOf[T]]) -> T:
        """Run a unit of work in one write transaction; an error rolls it back and comes out.

        The factory may be called again: a deadlock or serialization failure starts the unit anew.
        When a statement is refused, its error is raised inside the unit at that `yield`, so that the unit can
        say what it means; the unit may not go on after that. A foreign key is looked at when the unit is
        through, and its violation comes out of here.
        """

    @abstractmethod
    async def look(self, factory: Callable[[], UnitOf[T]]) -> T:
        """Run a unit of work that only reads: all that it sees is of one moment, and it waits for no writer.
        A step that would write is NotWritable.
        """

    async def tried(self, factory: Callable[[], UnitOf[T]]) -> T:
        """What a unit of work gives; nothing that it writes is kept."""

        def ending() -> UnitOf[NoReturn]:
            raise _Tried((yield from factory()))

        try:
            await self.run(ending)
        except _Tried as end:
            value: T = end.value
        return value

    @abstractmethod
    async def with_connection(self, function: Callable[[Connection], T]) -> T:
        """Call `function` with a SQLAlchemy connection in one transaction: schema changes, inspection.

        No statement timeout. On SQLite no other write runs meanwhile and foreign keys are not enforced, which
        rebuilding a table needs: who changes rows here checks them.
        """

    @abstractmethod
    async def listen(self, channel: str, hear: Hear) -> Ending:
        """Call `hear` with each notice that any process sends on the channel, and with None when no more can
        be heard; gives what ends it. On SQLite there are no notices between processes, and it never calls.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close every connection; waits for what runs."""

    def heard(self, sql: str) -> None:
        """Tell the listeners."""
        for listener in self.listeners:
            listener(sql)


class _Tried(Exception):
    """Ends a transaction that shall leave nothing; `value` is what its unit gave."""

    def __init__(self, value: Any) -> None:
        self.value = value


class UnitWentOn(AssertionError):
    """A programmer's error: a unit swallowed the error of its statement, or went on with another one."""


def raise_inside(unit: UnitOf[T], error: DatabaseError) -> NoReturn:
    """Raise the error of a unit's statement at its `yield`; what comes out ends the transaction."""
    with suppress(StopIteration):
        unit.throw(error)
    raise UnitWentOn
