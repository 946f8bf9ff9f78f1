"""Signing in by a key of the API. A key that was looked up is trusted for a second, as its user is."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest

from salesmode.database.driver import Database
from salesmode.diagnostics.refusal import Refusal
from salesmode.server.api_key_rows import NOTED_EVERY, ApiKey, ApiKeyRows, hash_of, prefix_of
from salesmode.server.tokens import Identity
from salesmode.tables import Tables

LOG = logging.getLogger("salesmode.server")

_TRUSTED = 1.0
_KEPT = 4096


@dataclass(slots=True)
class _Known:
    key: ApiKey
    since: float
    noted: datetime | None


class ApiKeys:
    """Finds who a key is of; at most one statement a second for each, and one a minute to note its use."""

    def __init__(
        self, tables: Tables, database: Database, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rows = ApiKeyRows(tables)
        self._database = database
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._noting: set[asyncio.Task[None]] = set()

    async def identity(self, key: str) -> Identity:
        """Who the key is of. UNAUTHENTICATED for one that is wrong, too old or taken back."""
        hashed, now = hash_of(key), datetime.now(UTC)
        known = self._known.get(hashed)
        if known is None or self._clock() - known.since >= _TRUSTED:
            known = await self._found(key, hashed)
        found = known.key
        if found.user is None or not found.good_at(now):
            raise Refusal("UNAUTHENTICATED")
        if known.noted is None or now - known.noted >= NOTED_EVERY:
            known.noted = now
            self._note(found.prefix, now)
        return Identity(found.user, None if found.roles is None else frozenset(found.roles))

    async def _found(self, key: str, hashed: str) -> _Known:
        since, prefix = self._clock(), prefix_of(key)
        rows = await self._database.fetch(self._rows.finding(prefix)) if prefix else []
        found = self._rows.key(rows[0]) if rows else None
        if found is None or not compare_digest(found.hash, hashed):
            raise Refusal("UNAUTHENTICATED")
        known = self._known[hashed] = _Known(found, since, found.last_used_at)
        self._known.move_to_end(hashed)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return known

    def _note(self, prefix: str, now: datetime) -> None:
        task = asyncio.create_task(self._noted(prefix, now))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _noted(self, prefix: str, now: datetime) -> None:
        """Nobody waits for it, and a sign-in does not fail with it."""
        try:
            await self._database.run(lambda: self._rows.noted(prefix, now))
        except Exception:
            LOG.warning("the use of the key %s could not be noted", prefix, exc_info=True)
