"""Whose records somebody may hand over: everybody's, or those of the people in the own teams (D8, D59)."""

from salesmode.hookspecs import Desk, Refusal, UnitOf
from salesmode.model.app import Model
from salesmode.model.condition import Compare, UserValue
from salesmode_routing.pools import holders


def everybodys(model: Model) -> frozenset[str]:
    """Who may hand over what anybody has; administrators are among them."""
    return holders(model, _named(model, "hand_over"))


def teams(model: Model) -> frozenset[str]:
    """Who may hand over what people of the own teams have, and of those below."""
    return holders(model, _named(model, "team_hand_over"))


def check_leaver(desk: Desk, user: str) -> UnitOf[None]:
    """FORBIDDEN where the caller may hand over for the own teams only, and the user is in none of them."""
    roles = desk.caller.roles
    if roles & everybodys(desk.model) or not roles & teams(desk.model):
        return
    if not (yield from desk.read("user", (), ids=[user], where=Compare("team", "in", UserValue("teams")))):
        raise Refusal("FORBIDDEN")


def _named(model: Model, setting: str) -> frozenset[str]:
    return frozenset(model.settings.get("routing", {}).get(setting, ()))
