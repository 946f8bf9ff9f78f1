"""Which constraint was violated: SQLite names only some, the others are found by looking.

A unique index over plain columns is reported by its columns, a foreign key not at all.
"""

import re
import sqlite3
from collections.abc import Sequence

from salesmode.database.errors import ConstraintViolation

_INDEX = re.compile(r"index '(?P<name>.*)'$")
_FOREIGN_KEY = re.compile(
    r"CONSTRAINT\s+(?P<name>\"[^\"]+\"|\w+)\s+FOREIGN\s+KEY\s*\(\s*(?P<column>\"[^\"]+\"|\w+)\s*\)",
    re.IGNORECASE,
)
Arguments = Sequence[object]


def violation(
    connection: sqlite3.Connection, error: sqlite3.IntegrityError, sql: str, *, arguments: Arguments
) -> ConstraintViolation:
    """The error of a statement that was just refused, inside its transaction, which is still open."""
    detail = str(error).partition("constraint failed: ")[2]
    match error.sqlite_errorname:
        case "SQLITE_CONSTRAINT_NOTNULL":
            return ConstraintViolation(detail, "not_null")
        case "SQLITE_CONSTRAINT_CHECK":
            return ConstraintViolation(detail, "check")
        case "SQLITE_CONSTRAINT_FOREIGNKEY":
            return ConstraintViolation(_foreign_key(connection, sql, arguments), "foreign_key")
        case "SQLITE_CONSTRAINT_PRIMARYKEY":
            return ConstraintViolation(f"pk_{detail.partition('.')[0]}", "unique")
        case _:
            return ConstraintViolation(_unique(connection, detail), "unique")


def violation_at_commit(connection: sqlite3.Connection) -> ConstraintViolation:
    """The foreign key that was put off and still does not hold, in a transaction that cannot be committed."""
    return ConstraintViolation(_broken_foreign_key(connection), "foreign_key")


def _unique(connection: sqlite3.Connection, detail: str) -> str:
    named = _INDEX.match(detail)
    if named:
        return named["name"]
    table = detail.partition(".")[0]
    columns = [each.strip().partition(".")[2] for each in detail.split(",")]
    for _, index, unique, *_ in connection.execute(f"PRAGMA index_list({_quoted(table)})").fetchall():
        if unique and columns == [
            row[2] for row in connection.execute(f"PRAGMA index_info({_quoted(index)})")
        ]:
            return str(index)
    return ""


def _foreign_key(connection: sqlite3.Connection, sql: str, arguments: Arguments) -> str:
    """Do the same once more with the check put off, look at what is wrong, and undo it."""
    connection.execute("SAVEPOINT violated")
    connection.execute("PRAGMA defer_foreign_keys = ON")
    try:
        connection.execute(sql, arguments).fetchall()
        return _broken_foreign_key(connection)
    except sqlite3.Error:
        return ""
    finally:
        connection.execute("ROLLBACK TO violated")
        connection.execute("RELEASE violated")
        connection.execute("PRAGMA defer_foreign_keys = OFF")


def _broken_foreign_key(connection: sqlite3.Connection) -> str:
    wrong = connection.execute("PRAGMA foreign_key_check").fetchone()
    return _foreign_key_name(connection, wrong[0], wrong[3]) if wrong else ""


def _foreign_key_name(connection: sqlite3.Connection, table: str, number: int) -> str:
    keys = connection.execute(f"PRAGMA foreign_key_list({_quoted(table)})").fetchall()
    column = next(key[3] for key in keys if key[0] == number)
    sql = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    found = (each for each in _FOREIGN_KEY.finditer(sql[0]) if each["column"].strip('"') == column)
    return next((each["name"].strip('"') for each in found), "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
