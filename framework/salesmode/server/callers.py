"""Who asks, with their record and their rights, known without asking the database each time.

What is known is trusted for a second, so that other processes' changes arrive; a change of users, teams or
territories in this process ends the trust at once.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from salesmode.access.compose import held, policy_of
from salesmode.access.policy import Policy
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.endpoint import Caller
from salesmode.queries.profile import Profile
from salesmode.server.tokens import Identity
from salesmode.tables import Tables

_TRUSTED = 1.0
_UNSETTLED = 2.0  # a change is heard before it is committed
_KEPT = 10_000
_WRITES = ("INSERT INTO", "UPDATE ", "DELETE FROM")
ABOUT = ("user", "team", "territory", "territory_member")


@dataclass(frozen=True, slots=True)
class _Known:
    policy: Policy
    user: Mapping[str, object]
    since: float


class Callers:
    """Finds callers by identity; at most one statement a second for each. `now` is the clock of requests."""

    def __init__(
        self,
        tables: Tables,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._model = tables.model
        self._database = database
        self._clock = clock
        self._now = now
        self._profile = Profile(tables)
        self._zone = ZoneInfo(tables.model.app.timezone)
        self._names = tuple(tables.table(each).name for each in ABOUT if each in tables.model.objects)
        self._known: OrderedDict[Identity, _Known] = OrderedDict()
        self._changed = float("-inf")
        database.listeners.append(self._hear)

    async def caller(self, identity: Identity, locale: str) -> Caller:
        """UNAUTHENTICATED where there is no such user, or no longer."""
        known = self._known.get(identity)
        if known is None or not self._trusted(known):
            known = await self._found(identity)
            self._keep(identity, known)
        environment = self._environment(known.user, locale)
        return Caller(known.policy, environment)

    def forget(self) -> None:
        """Some process has changed users, teams or territories."""
        self._known.clear()

    def leave(self, database: Database) -> None:
        """Hear no more of what the database does."""
        database.listeners.remove(self._hear)

    def _trusted(self, known: _Known) -> bool:
        now = self._clock()
        return now - known.since < _TRUSTED and known.since > self._changed + _UNSETTLED

    async def _found(self, identity: Identity) -> _Known:
        since = self._clock()
        arguments = self._profile.arguments(identity.name, self._environment({}, ""))
        rows = await self._database.fetch(Step(self._profile.statement.sql, arguments))
        user = self._profile.user(rows[0]) if rows else None
        if user is None or user.get("active", True) is not True:
            self._known.pop(identity, None)
            raise Refusal("UNAUTHENTICATED")
        roles = self._roles(user, identity)
        return _Known(policy_of(self._model, roles), {**user, "roles": tuple(sorted(roles))}, since)

    def _roles(self, user: Mapping[str, object], identity: Identity) -> frozenset[str]:
        """All roles of the user; a sign-in that names roles uses those of them that the user has, inherited
        or not.
        """
        own = user["roles"]
        assert isinstance(own, tuple)
        return (
            frozenset(own) if identity.roles is None else identity.roles & frozenset(held(self._model, own))
        )

    def _environment(self, user: Mapping[str, object], locale: str) -> Environment:
        return Environment(
            {}, user, self._now(), self._zone, self._model.app.fiscal_year_start, locale=locale
        )

    def _keep(self, identity: Identity, known: _Known) -> None:
        self._known[identity] = known
        self._known.move_to_end(identity)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)

    def _hear(self, sql: str) -> None:
        """A write may stand behind a WITH."""
        if sql.startswith("SELECT") or not any(write in sql for write in _WRITES):
            return
        if any(name in sql for name in self._names):
            self._changed = self._clock()
