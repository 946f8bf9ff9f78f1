"""How many rows one request may write."""

from salesmode.diagnostics import Message, Refusal

MOST = 1000
"""RULING 34; import is for more."""


def within(rows: int, limit: str) -> None:
    """BAD_REQUEST where there are more; never capped in silence."""
    if rows > MOST:
        raise Refusal("BAD_REQUEST", Message("limit", {"limit": limit, "max": MOST}))
