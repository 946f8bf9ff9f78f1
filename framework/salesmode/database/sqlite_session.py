"""One SQLite connection: how it is set up, and the clock of the statement that runs on it."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from salesmode.database.driver import Options
from salesmode.database.errors import (
    NotWritable,
    SerializationFailure,
    StatementTimeout,
    StatementTooDeep,
    ValueOutOfRange,
)
from salesmode.database.sqlite_functions import register
from salesmode.database.sqlite_violation import violation, violation_at_commit
from salesmode.database.unit import ManyStep, Rows, Step

# How often a running statement looks at the clock, in instructions of SQLite's machine: 20 to 50 ms apart.
# Each look needs the interpreter's lock, so a smaller number would make long queries wait for busy threads.
_CLOCK_EVERY = 1_000_000
_TOO_DEEP = ("parser stack overflow", "Expression tree is too large")
_BUSY_MILLISECONDS = 10_000
_NEVER = float("inf")


class Session:
    """One connection, used by one thread at a time. `abandoned`: whether nobody waits for its work now."""

    def __init__(self, path: str, options: Options, *, readonly: bool) -> None:
        self.abandoned: Callable[[], bool] = bool
        self._timeout = options.statement_timeout
        self._deadline = _NEVER
        self.connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=1000
        )
        try:
            self._prepare(options, readonly)
        except BaseException:
            self.connection.close()
            raise

    def _prepare(self, options: Options, readonly: bool) -> None:
        register(self.connection)
        self.connection.set_progress_handler(self._enough, _CLOCK_EVERY)
        for setting in (
            f"busy_timeout = {_BUSY_MILLISECONDS}",
            "journal_mode = WAL",
            f"synchronous = {'FULL' if options.durable else 'NORMAL'}",
            "foreign_keys = ON",
            "cache_size = -16384",
            f"query_only = {'ON' if readonly else 'OFF'}",
        ):
            self.connection.execute(f"PRAGMA {setting}").fetchall()

    def _enough(self) -> bool:
        return time.monotonic() > self._deadline or self.abandoned()

    def rows(self, sql: str, arguments: Any) -> Rows:
        """All rows of one data statement, within its time."""
        self._deadline = time.monotonic() + self._timeout
        try:
            return self.connection.execute(sql, arguments).fetchall()
        except sqlite3.IntegrityError as error:
            raise violation(self.connection, error, sql, arguments=arguments) from error
        except (sqlite3.OperationalError, OverflowError) as error:
            raise _meaning(error, self._timeout) from error
        finally:
            self._deadline = _NEVER

    def step(self, step: Step | ManyStep) -> Rows:
        """One step of a unit of work."""
        if isinstance(step, Step):
            return self.rows(step.sql, step.arguments)
        for arguments in step.arguments:
            self.rows(step.sql, arguments)
        return []

    def begin(self) -> None:
        """Start the one write transaction that SQLite allows at a time; other processes are waited for."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise _meaning(error, self._timeout) from error

    def commit(self) -> None:
        """Keep what was done, if the foreign keys that wait for this hold."""
        try:
            self.connection.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            raise violation_at_commit(self.connection) from error

    def roll_back(self) -> None:
        """Undo what is open; some errors have done so already."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")


def _meaning(error: sqlite3.OperationalError | OverflowError, timeout: float) -> Exception:
    if isinstance(error, OverflowError) or str(error) == "integer overflow":
        return ValueOutOfRange()
    if str(error).startswith(_TOO_DEEP):
        return StatementTooDeep()
    match error.sqlite_errorcode:
        case sqlite3.SQLITE_INTERRUPT:
            return StatementTimeout(timeout)
        case sqlite3.SQLITE_BUSY:
            return SerializationFailure()
        case sqlite3.SQLITE_READONLY:
            return NotWritable()
        case _:
            return error
