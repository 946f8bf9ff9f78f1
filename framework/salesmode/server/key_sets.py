"""The public keys of others' tokens: a JSON Web Key Set at a URL or in a file, read again as keys change."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, build_opener

import jwt
import orjson

LOG = logging.getLogger("salesmode.server")

WEB = ("https://", "http://")

_LOOKED_AFTER = 300.0  # seconds until known keys are read again, so that one that was taken back ends
_AGAIN = 30.0  # seconds between two looks for keys that are not known
_WITHIN = 5.0
_MOST_BYTES = 1_000_000
# What a key is decides what it may verify; a token has no say in it.
_ALGORITHMS: Mapping[tuple[str, str | None], str] = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}
ALGORITHMS = frozenset(_ALGORITHMS.values())


@dataclass(frozen=True, slots=True)
class Key:
    """One public key. `text` is all that the set says of it."""

    id: str | None
    algorithm: str
    text: str
    verifying: Any = field(compare=False, repr=False)


class KeySet:
    """The keys of one address. Reading never holds up the event loop, nor a caller whose key is known."""

    def __init__(self, address: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._keys: tuple[Key, ...] = ()
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def key(self, id_: str | None, algorithm: str) -> Key | None:
        """The key of that id which verifies by that algorithm. Without an id, the only key that does."""
        found = self._known(id_, algorithm)
        if found is None:
            self._read_after(_AGAIN)
            if self._reading is not None:
                await asyncio.shield(self._reading)
            return self._known(id_, algorithm)
        self._read_after(_LOOKED_AFTER)
        return found

    def holds(self, key: Key) -> bool:
        """Whether it is still one of them."""
        self._read_after(_LOOKED_AFTER)
        return key in self._keys

    def _known(self, id_: str | None, algorithm: str) -> Key | None:
        fit = [each for each in self._keys if each.algorithm == algorithm and id_ in (None, each.id)]
        return fit[0] if len(fit) == 1 else None

    def _read_after(self, seconds: float) -> None:
        if self._reading is None and self._clock() - self._read_at >= seconds:
            self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            self._keys = tuple(_keys(await asyncio.to_thread(_content, self._address)))
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            LOG.warning("the keys at %s cannot be read: %s", self._address, error)
        finally:
            self._read_at = self._clock()
            self._reading = None


class _NoRedirects(HTTPRedirectHandler):
    """Keys come from where they were said to be, and from nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _content(address: str) -> bytes:
    if not address.startswith(WEB):
        return Path(address).read_bytes()
    with build_opener(_NoRedirects).open(address, timeout=_WITHIN) as response:
        content: bytes = response.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise URLError("too large for a set of keys")
    return content


def _keys(content: bytes) -> Iterator[Key]:
    """Those that verify signatures by what is taken here; others are no mistake, they serve someone else."""
    for each in orjson.loads(content)["keys"]:
        algorithm = _ALGORITHMS.get((each.get("kty"), each.get("crv")))
        signs = each.get("use", "sig") == "sig" and each.get("alg", algorithm) == algorithm
        if algorithm is not None and signs:
            yield Key(each.get("kid"), algorithm, _text(each), _verifying(each, algorithm))


def _text(key: Any) -> str:
    return orjson.dumps(key, option=orjson.OPT_SORT_KEYS).decode()


def _verifying(key: Any, algorithm: str) -> Any:
    try:
        return jwt.PyJWK(key, algorithm).key
    except jwt.PyJWTError as error:
        raise ValueError(f"not a key: {error}") from error
