"""How a database says no, in the same words on both engines; never with SQL in the message."""

from typing import Literal

ViolationKind = Literal["unique", "foreign_key", "check", "not_null"]


class DatabaseError(Exception):
    """The database refused or failed."""


class CannotConnect(DatabaseError):
    """The address is wrong, nothing answers there, or what answers is not supported."""


class ConstraintViolation(DatabaseError):
    """A constraint of the database does not hold. The transaction is rolled back.

    `constraint` is its name; for `not_null`, which has none, `table.column`; empty where it cannot be told.
    """

    def __init__(self, constraint: str, kind: ViolationKind) -> None:
        super().__init__(f"{kind} violated: {constraint}")
        self.constraint = constraint
        self.kind = kind


class StatementTimeout(DatabaseError):
    """One statement took longer than the `seconds` that it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__("a statement took too long and was stopped")
        self.seconds = seconds


class StatementTooDeep(DatabaseError):
    """SQLite's parser does not go as deep as the statement is nested."""

    def __init__(self) -> None:
        super().__init__("a statement is nested too deeply")


class ValueOutOfRange(DatabaseError):
    """A value is too large for its column or index, or a calculation left the range of its type."""

    def __init__(self) -> None:
        super().__init__("a value is out of range")


class NotWritable(DatabaseError):
    """A unit of work that only looks would have written."""

    def __init__(self) -> None:
        super().__init__("nothing can be written where one only looks")


class SerializationFailure(DatabaseError):
    """The unit of work met another one (a deadlock, a lock that did not come) each time it was tried."""

    def __init__(self) -> None:
        super().__init__("the transaction could not be separated from others that run at the same time")
