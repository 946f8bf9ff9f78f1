"""JSON Web Tokens: who signs in, and which of their roles they use (DESIGN §5)."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import jwt

from salesmode.diagnostics.refusal import Refusal

_ALGORITHM = "HS256"
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Identity:
    """A user by name. `roles`: the only roles that this sign-in may use; None for all that the user has."""

    name: str
    roles: frozenset[str] | None = None


def new_token(secret: str, name: str, *, lifetime: timedelta, roles: list[str] | None = None) -> str:
    """A token for a user; `roles` can only narrow what the user has."""
    now = datetime.now(UTC)
    claims: dict[str, Any] = {"sub": name, "iat": now, "exp": now + lifetime}
    return jwt.encode(claims if roles is None else claims | {"roles": roles}, secret, algorithm=_ALGORITHM)


class Tokens:
    """Reads tokens. The signature of one that was read before is not verified again; its expiry is."""

    def __init__(self, secret: str, *, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock
        self._read: OrderedDict[str, tuple[Identity, float]] = OrderedDict()

    def identity(self, token: str) -> Identity:
        """Who the token is for. UNAUTHENTICATED for one that is wrong, too old or not for anybody."""
        known = self._read.get(token)
        if known is None:
            claims = self._claims(token)
            known = self._read[token] = (Identity(claims["sub"], _roles(claims)), claims.get("exp", inf))
        self._read.move_to_end(token)
        while len(self._read) > _KEPT:
            self._read.popitem(last=False)
        identity, expires = known
        if self._clock() >= expires:
            raise Refusal("UNAUTHENTICATED")
        return identity

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._secret, algorithms=[_ALGORITHM], options={"require": ["sub"]})
        except jwt.PyJWTError:
            raise Refusal("UNAUTHENTICATED") from None


def _roles(claims: dict[str, Any]) -> frozenset[str] | None:
    roles = claims.get("roles")
    if roles is None:
        return None
    if not isinstance(roles, list) or not all(isinstance(each, str) for each in roles):
        raise Refusal("UNAUTHENTICATED")
    return frozenset(roles)
