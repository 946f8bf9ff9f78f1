"""A request's whole way through this room, in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from salesmode.access.policy import Policy
from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.cache import ByteCache
from salesmode.graph.change import Change
from salesmode.graph.errors import told
from salesmode.graph.execute import Request, execute, whole
from salesmode.graph.feed import Feed
from salesmode.graph.limits import DEFAULT, Limits, limit_rows
from salesmode.graph.plans import Plan
from salesmode.graph.prepare import Counters, Preparer, bound
from salesmode.graph.watch import Watch
from salesmode.tables import Tables

CACHE_BYTES = 64 * 1024 * 1024
ANSWER_BYTES = 32 * 1024 * 1024  # introspection of a thousand objects has 70 MB, packed 4 MB


@dataclass(frozen=True, slots=True)
class Query:
    """The GraphQL part of a request. `read_only`: a mutation is refused (a GET)."""

    text: str
    variables: Mapping[str, Any]
    operation_name: str | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: what they may do, and their record, language and clock (`environment`, without variables)."""

    policy: Policy
    environment: Environment


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is JSON. `executed` is false where the request itself was refused: there is no `data` then."""

    body: bytes
    executed: bool
    read_only_broken: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """A field of Subscription with the rights that its caller has now."""

    watch: Watch
    plan: Plan
    environment: Environment
    scope: PolicyScope
    database: Database

    @property
    def object(self) -> str:
        """Whose changes it is about."""
        return self.watch.object.name

    async def told(self, change: Change) -> bytes | None:
        """The JSON of an execution result; None where the caller is told nothing of this change."""
        text = await self.watch.told(change, self.environment, self.database)
        if text is None:
            return None
        return await whole(self.plan, [text], self.environment, self.scope, self.database)


class Endpoint:
    """The GraphQL API of one model on one database, for any number of policies."""

    def __init__(
        self,
        tables: Tables,
        database: Database,
        *,
        limits: Limits = DEFAULT,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._preparer = Preparer(tables, ByteCache(cache_bytes), limits)
        self._answers = ByteCache(ANSWER_BYTES)
        self._limits = limits
        self._database = database
        self.feed = Feed(database)

    @property
    def counters(self) -> Counters:
        """How often something had to be made."""
        return self._preparer.counters

    @property
    def cached_bytes(self) -> int:
        """About how much memory documents and plans hold."""
        return self._preparer.cache.bytes

    @property
    def answered_bytes(self) -> int:
        """How much memory answers to introspection and `metadata` hold."""
        return self._answers.bytes

    async def answer(self, query: Query, caller: Caller) -> Answer:
        """prepare → bind → execute. Nothing that goes wrong comes out as an exception."""
        try:
            prepared = self._preparer.document(query.text, query.operation_name, caller.policy)
            kind = prepared.document.kind
            if query.read_only and kind != "query":
                return _refused(Refusal("BAD_REQUEST", Message("get_reads")), caller, read_only_broken=True)
            if kind == "subscription":
                raise Refusal("BAD_REQUEST", Message("subscribe"))
            variables = prepared.given(query.variables)
            plan = self._preparer.plan(prepared, variables)
            environment = replace(caller.environment, variables=bound(plan, variables))
            request = Request(variables, environment, self._answers, self._limits)
            text = await execute(plan, request, prepared.scope, self._database)
            if kind == "mutation":
                self.feed.wake()
            return Answer(text, executed=True)
        except Exception as error:
            return _refused(error, caller)

    def subscription(self, query: Query, caller: Caller) -> Subscription | None:
        """What the caller subscribes to; None for a query or mutation. Raises what `refused` can tell."""
        prepared = self._preparer.document(query.text, query.operation_name, caller.policy)
        if prepared.document.kind != "subscription":
            return None
        variables = prepared.given(query.variables)
        plan = self._preparer.plan(prepared, variables)
        (watch,) = plan.parts
        if not isinstance(watch, Watch):
            raise Refusal("BAD_REQUEST")
        environment = replace(caller.environment, variables=bound(plan, variables))
        limit_rows(sum(each.rows(environment) for each in watch.statements), self._limits)
        return Subscription(watch, plan, environment, prepared.scope, self._database)


def refused(error: Exception, locale: str) -> bytes:
    """The `errors` of a request that was not executed."""
    known = Refusal("QUERY_TOO_COMPLEX") if isinstance(error, RecursionError) else error
    return orjson.dumps(told(known, locale))


def _refused(error: Exception, caller: Caller, *, read_only_broken: bool = False) -> Answer:
    body = b'{"errors":%s}' % refused(error, caller.environment.locale)
    return Answer(body, executed=False, read_only_broken=read_only_broken)
