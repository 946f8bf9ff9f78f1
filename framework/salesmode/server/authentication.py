"""From the headers of a request to who asks."""

from collections.abc import Mapping

from salesmode.diagnostics.refusal import Refusal
from salesmode.server.tokens import Identity, Tokens

Headers = Mapping[bytes, bytes]


class Authentication:
    """A bearer token; with `dev`, also a plain `X-User`. Nothing else signs anybody in."""

    def __init__(self, secret: str, *, dev: bool = False) -> None:
        self._tokens = Tokens(secret)
        self._dev = dev

    def identity(self, headers: Headers) -> Identity:
        """UNAUTHENTICATED for a request of nobody."""
        given = headers.get(b"authorization")
        if given is not None:
            scheme, _, token = given.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer" and token:
                return self._tokens.identity(token.strip())
        elif self._dev and b"x-user" in headers:
            return Identity(headers[b"x-user"].decode("utf-8", "replace"))
        raise Refusal("UNAUTHENTICATED")
