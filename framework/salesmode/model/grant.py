"""The engine's own object `grant`: a right on one record, given to a user or to a team (D26)."""

GRANT = "grant"
TABLE = "sm_grant"

RIGHTS = ("follow", "view", "collaborate", "credit")
CREDIT = "credit"

GRANTEES = ("user", "team")
"""The fields that say whose a right is: one of them is filled."""

GRANTS = "grants"
"""The to-many of every owned object, and what history calls a change of it."""
