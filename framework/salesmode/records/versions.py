"""Optimistic locking: the caller says which version it has seen."""

from collections.abc import Sequence

from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.records.locking import Locked


def same_version(rows: Sequence[Locked], version: int | None) -> None:
    """CONFLICT where a row has moved on (RULING 23)."""
    if version is not None and any(each.version != version for each in rows):
        raise Refusal("CONFLICT", problems=[Problem(("ifVersion",), "version", Message("version"))])
