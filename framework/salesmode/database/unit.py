"""Units of work: generators that yield steps and get rows back; they do no I/O of their own.

The same unit runs whole in one thread hop on SQLite and step by step on PostgreSQL, always in one
transaction.
"""

from collections.abc import Generator, Sequence
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


Unit = Generator[Step | ManyStep, Rows, object]
