"""JSON Web Tokens: who signs in, and which of their roles they use (DESIGN §5).

A token says by which algorithm it is signed, and that only chooses where its key is looked for: HS256 takes
the secret and nothing else, the others take a public key of the set that verifies by that algorithm.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import jwt

from salesmode.diagnostics.refusal import Refusal
from salesmode.server.key_sets import ALGORITHMS, Key, KeySet

_HMAC = "HS256"
_KEPT = 4096
_LEEWAY = 10  # seconds that the clock of who signs may be ahead


@dataclass(frozen=True, slots=True)
class Identity:
    """A user by name. `roles`: the only roles that this sign-in may use; None for all that the user has."""

    name: str
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Which tokens are believed: those signed with the `secret`, those of the `key_set` (a URL or a file).

    `issuer` and `audience`: whom a token has to be from, and for, where they are set.
    """

    secret: str | None = None
    key_set: str | None = None
    issuer: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    identity: Identity
    expires: float
    key: Key | None


def new_token(
    secret: str,
    name: str,
    *,
    lifetime: timedelta,
    roles: list[str] | None = None,
    issuer: str | None = None,
    audience: str | None = None,
) -> str:
    """A token for a user, signed with the secret; `roles` can only narrow what the user has."""
    now = datetime.now(UTC)
    claims = {"sub": name, "iat": now, "exp": now + lifetime, "iss": issuer, "aud": audience, "roles": roles}
    said: dict[str, Any] = {each: value for each, value in claims.items() if value is not None}
    return jwt.encode(said, secret, algorithm=_HMAC)


class Tokens:
    """Reads tokens. The signature of one that was read before is not verified again; that its key is still
    there, and its expiry, are.
    """

    def __init__(self, trust: Trust, *, clock: Callable[[], float] = time.time) -> None:
        self._trust = trust
        self._keys = None if trust.key_set is None else KeySet(trust.key_set)
        self._clock = clock
        self._read: OrderedDict[str, _Read] = OrderedDict()

    async def identity(self, token: str) -> Identity:
        """Who the token is for. UNAUTHENTICATED for one that is wrong, too old or not for anybody."""
        known = self._read.get(token)
        if known is None or not self._stands(known):
            self._read.pop(token, None)
            known = self._read[token] = await self._verified(token)
        self._read.move_to_end(token)
        while len(self._read) > _KEPT:
            self._read.popitem(last=False)
        if self._clock() >= known.expires:
            raise Refusal("UNAUTHENTICATED")
        return known.identity

    def _stands(self, known: _Read) -> bool:
        return known.key is None or (self._keys is not None and self._keys.holds(known.key))

    async def _verified(self, token: str) -> _Read:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") == _HMAC and self._trust.secret is not None:
                return self._claimed(token, self._trust.secret, _HMAC, None)
            key = await self._public_key(header)
            return self._claimed(token, key.verifying, key.algorithm, key)
        except jwt.PyJWTError:
            raise Refusal("UNAUTHENTICATED") from None

    async def _public_key(self, header: dict[str, Any]) -> Key:
        found = None
        if self._keys is not None and header.get("alg") in ALGORITHMS:
            found = await self._keys.key(header.get("kid"), header["alg"])
        if found is None:
            raise jwt.InvalidKeyError
        return found

    def _claimed(self, token: str, verifying: Any, algorithm: str, key: Key | None) -> _Read:
        trust = self._trust
        claims = jwt.decode(
            token,
            verifying,
            algorithms=[algorithm],
            issuer=trust.issuer,
            audience=trust.audience,
            leeway=_LEEWAY,
            options={"require": ["sub"], "verify_aud": trust.audience is not None},
        )
        return _Read(Identity(claims["sub"], _roles(claims)), claims.get("exp", inf), key)


def _roles(claims: dict[str, Any]) -> frozenset[str] | None:
    roles = claims.get("roles")
    if roles is None:
        return None
    if not isinstance(roles, list) or not all(isinstance(each, str) for each in roles):
        raise Refusal("UNAUTHENTICATED")
    return frozenset(roles)
