"""Values as they are written in SQL."""

from decimal import Decimal
from typing import Any


def literal_sql(value: Any) -> str:
    """A driver's value in SQL. A quoted text stands for a value of any type that is written so."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, list | tuple):
        return literal_sql(f"{{{','.join(map(_element, value))}}}")
    text = value if isinstance(value, str) else value.isoformat()
    return "'" + text.replace("'", "''") + "'"


def _element(text: str) -> str:
    """An element of a PostgreSQL array in its text form."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
