"""How many rows one request may write."""

from salesmode.diagnostics import Message, Refusal

MOST = 1000
"""RULING 34; import is for more."""


def within(rows: int, limit: str, most: int | None = MOST) -> None:
    """BAD_REQUEST where there are more; never capped in silence."""
    if most is not None and rows > most:
        raise Refusal("BAD_REQUEST", Message("limit", {"limit": limit, "max": most}))
