"""From the headers of a request to who asks."""

from collections.abc import Mapping

from salesmode.diagnostics.refusal import Refusal
from salesmode.server.api_key_rows import START
from salesmode.server.api_keys import ApiKeys
from salesmode.server.tokens import Identity, Tokens

Headers = Mapping[bytes, bytes]


class Authentication:
    """A bearer token or key; with `dev`, also a plain `X-User`. Nothing else signs anybody in."""

    def __init__(self, tokens: Tokens, keys: ApiKeys, *, dev: bool = False) -> None:
        self._tokens = tokens
        self._keys = keys
        self._dev = dev

    async def identity(self, headers: Headers) -> Identity:
        """UNAUTHENTICATED for a request of nobody."""
        given = headers.get(b"authorization")
        if given is not None:
            scheme, _, token = given.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer" and token:
                return await self._borne(token.strip())
        elif self._dev and b"x-user" in headers:
            return Identity(headers[b"x-user"].decode("utf-8", "replace"))
        raise Refusal("UNAUTHENTICATED")

    async def _borne(self, token: str) -> Identity:
        if token.startswith(START):
            return await self._keys.identity(token)
        return await self._tokens.identity(token)
