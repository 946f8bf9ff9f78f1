"""Units of work: generators that yield steps and get rows back; they do no I/O of their own.

The same unit runs whole in one thread hop on SQLite and step by step on PostgreSQL, always in one
transaction.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

Row = Sequence[object]
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Step:
    """One statement with its arguments for the driver; answers all its rows (none: an empty list)."""

    sql: str
    arguments: Sequence[object]


@dataclass(frozen=True, slots=True)
class ManyStep:
    """One statement run once per tuple of arguments, if possible in one round trip; answers no rows."""

    sql: str
    arguments: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Call:
    """Code that is not the engine's. It runs in a thread of its own; answers one row of one value: what it
    gave, or a `Late` where it took longer than `seconds`. It does not raise.
    """

    function: Callable[[], object]
    seconds: float


@dataclass(frozen=True, slots=True)
class Late:
    """Nobody waits any more; `place` is where the code was then, for the log."""

    place: str


Unit = Generator[Step | ManyStep | Call, Rows, object]
