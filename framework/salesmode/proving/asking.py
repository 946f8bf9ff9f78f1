"""Asks the API, the subscriptions and the exports as the role's user, many probes at once where it can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database
from salesmode.diagnostics import Message, Refusal
from salesmode.exchange.columns import Heading, exportable, identifying, importable
from salesmode.exchange.export import exported
from salesmode.exchange.faults import BadFile
from salesmode.exchange.formats import Line, Table
from salesmode.exchange.incorporate import Incoming, NothingWritten, Outcome, incorporate, told_of
from salesmode.graph.change import Change, Operation
from salesmode.graph.endpoint import Caller, Endpoint, Query, refused
from salesmode.proving.probe import Probe
from salesmode.proving.world import ME, NOW, Loader, World
from salesmode.records.subject import Subject, subject_of
from salesmode.server.callers import Callers
from salesmode.server.tokens import Identity
from salesmode.tables import Tables

_BATCH = 20  # as many root fields as one request may have

_OPERATIONS: tuple[Operation, ...] = ("created", "updated", "deleted")

_Key = tuple[str, str, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to one probe: data of its root field, or errors; `text` is what is compared."""

    text: str
    data: Any
    errors: Sequence[Mapping[str, Any]]

    @property
    def code(self) -> str | None:
        return self.errors[0].get("extensions", {}).get("code") if self.errors else None


class Asker:
    """Asks the API as the role's user, in whichever world is loaded."""

    def __init__(self, tables: Tables, database: Database) -> None:
        self._database, self._tables = database, tables
        self._endpoint = Endpoint(tables, database)
        self._callers = Callers(tables, database)
        self._loader = Loader(tables)
        self._locale = tables.model.app.locales[0]
        self._shown: World | None = None

    async def show(self, world: World) -> None:
        """Load the records of a world, without history: what differs from the world shown before."""
        shown, self._shown = self._shown, world
        await self._database.run(lambda: self._loader.turn(shown, world))

    async def _load(self, world: World) -> None:
        self._shown = None
        await self._database.run(lambda: self._loader.load(world))

    async def caller(self) -> Caller:
        """The user as they are in the world that is loaded; the clock stands still."""
        found = await self._callers.caller(Identity(ME), self._locale)
        return replace(found, environment=replace(found.environment, now=NOW))

    async def answers(self, world: World, probes: Sequence[Probe]) -> list[Said]:
        """Readings and refusals together where they may be, each write alone in a world as it was."""
        await self._load(world)
        caller = await self.caller()
        known: dict[_Key, Said] = {}
        for kind, granted, ask in (
            ("query", True, self._read),
            ("query", False, self._refused),
            ("mutation", False, self._refused),
        ):
            wanted = {_key(each): each for each in probes if _shared(each, kind, granted=granted)}
            for start in range(0, len(wanted), _BATCH):
                part = dict(list(wanted.items())[start : start + _BATCH])
                known |= zip(part, await ask(list(part.values()), caller), strict=True)
        await self._load(world)  # whatever should have been refused and was not
        found: list[Said] = []
        for probe in probes:
            said = known.get(_key(probe)) or await self._alone(probe, caller)
            if probe.kind not in ("mutation", "export"):
                known[_key(probe)] = said
            elif not said.errors:
                await self._load(world)
            found.append(said)
        return found

    async def _read(self, probes: Sequence[Probe], caller: Caller) -> list[Said]:
        body = await self._ask(document("query", [each.text for each in probes]), caller)
        if "errors" in body:
            return [await self._alone(each, caller) for each in probes]
        data = [body["data"][f"p{at}"] for at in range(len(probes))]
        return [Said(orjson.dumps(each).decode(), each, ()) for each in data]

    async def _refused(self, probes: Sequence[Probe], caller: Caller) -> list[Said]:
        """What is refused by name is refused before anything is executed, each on a line of its own; a probe
        whose line has no error is asked alone.
        """
        texts = [each.text.replace("$id", f'"{each.id}"') for each in probes]
        body = await self._ask(document(probes[0].kind, texts), caller)
        errors: dict[int, list[Any]] = {}
        for each in body.get("errors", ()):
            errors.setdefault(min((at["line"] for at in each.get("locations", ())), default=0), []).append(
                each
            )
        return [
            Said(orjson.dumps({"errors": errors[line]}).decode(), None, errors[line])
            if line in errors
            else await self._alone(probe, caller)
            for line, probe in enumerate(probes, 2 if len(probes) > 1 else 1)
        ]

    async def _alone(self, probe: Probe, caller: Caller) -> Said:
        said = await self._one(probe, probe.text, caller)
        onward = probe.onward(said.data) if probe.onward and said.data else None
        if onward is None:
            return said
        after = await self._one(probe, onward, caller)
        return Said(said.text + after.text, said.data, after.errors)

    async def _one(self, probe: Probe, text: str, caller: Caller) -> Said:
        if probe.kind == "subscription":
            return await self._pushed(probe, caller)
        if probe.kind == "export":
            return await self._taken(probe, caller)
        if probe.kind == "import":
            return await self._brought(probe, caller)
        given = {} if probe.id is None else {"id": probe.id}
        kind = f"{probe.kind}($id: ID!)" if given else probe.kind
        body = await self._ask(document(kind, [text]), caller, given)
        data = (body.get("data") or {}).get("p0")
        return Said(orjson.dumps(body).decode(), data, body.get("errors", ()))

    async def _pushed(self, probe: Probe, caller: Caller) -> Said:
        """What the subscriber is told when the record comes, changes in the field and goes."""
        try:
            query = Query(document("subscription", [probe.text]), {})
            subscription = self._endpoint.subscription(query, caller)
        except Exception as error:  # whatever it is, a client is told it
            return _failed(error)
        assert subscription is not None
        found = []
        for operation in _OPERATIONS:
            change = Change(operation, probe.object, str(probe.id), 1, {probe.field: None})
            body = await subscription.told(change)
            found.append(None if body is None else orjson.loads(body)["data"]["p0"])
        return Said(orjson.dumps(found).decode(), found, ())

    async def _taken(self, probe: Probe, caller: Caller) -> Said:
        """The rows of an export."""
        asked = orjson.loads(probe.text)
        scope = PolicyScope(self._tables, caller.policy)
        try:
            columns = exportable(scope, probe.object, asked["columns"])
            where = asked.get("where")
            rows = exported(self._database, scope, probe.object, columns, caller.environment, where=where)
            found = [list(row) async for row in rows]
        except Exception as error:  # whatever it is, somebody is told it
            return _failed(error)
        return Said(orjson.dumps(found, default=str).decode(), found, ())

    async def _brought(self, probe: Probe, caller: Caller) -> Said:
        """What would come of a file with one row."""
        cells = orjson.loads(probe.text)
        try:
            subject = subject_of(PolicyScope(self._tables, caller.policy), probe.object)
            heading = importable(subject, list(cells), ["id"])
            incoming = Incoming(subject, heading, identifying(subject, ["id"]), dry_run=True)
            table = Table(tuple(cells), [Line(1, cells)], verbatim=True)
            await self._database.run(lambda: incorporate(incoming, table, caller.environment))
        except NothingWritten as nothing:
            return _outcome(nothing.outcome, heading, subject)
        except Exception as error:  # whatever it is, somebody is told it
            return _failed(error)
        raise AssertionError("a dry run writes nothing")

    async def _ask(self, text: str, caller: Caller, given: Mapping[str, str] | None = None) -> Any:
        return orjson.loads((await self._endpoint.answer(Query(text, given or {}), caller)).body)


def document(kind: str, texts: Sequence[str]) -> str:
    """Each field on its own line; what is about one field alone is one line."""
    fields = [f"p{at}: {text}" for at, text in enumerate(texts)]
    return f"{kind} {{ {fields[0]} }}" if len(fields) == 1 else "\n".join((f"{kind} {{", *fields, "}"))


def _outcome(outcome: Outcome, heading: Heading, subject: Subject) -> Said:
    """Where a named validation fails, what it says may depend on anything (RULING 9)."""
    rules = {each.name for each in subject.object.validations}
    tell = partial(told_of, heading=heading, subject=subject, locale="en")
    said = [each for row in outcome.refused for each in tell(row)]
    codes = {each.code for row in outcome.refused for each in row.problems}
    code = "VALIDATION_FAILED" if codes & rules else "REFUSED"
    errors = [{"message": each, "extensions": {"code": code}} for each in said]
    return Said(orjson.dumps([outcome.written.updated, said]).decode(), outcome.written.updated, errors)


def _failed(error: Exception) -> Said:
    """A column that is none is refused like any other name."""
    known = (
        Refusal("BAD_REQUEST", Message("unknown_name", {"name": ""})) if isinstance(error, BadFile) else error
    )
    errors = orjson.loads(refused(known, "en"))
    return Said(orjson.dumps(errors).decode(), None, errors)


def _key(probe: Probe) -> _Key:
    """Equal questions have one answer, but for writes that happen."""
    return probe.kind, probe.object, probe.field if probe.kind == "subscription" else "", probe.text, probe.id


def _shared(probe: Probe, kind: str, *, granted: bool) -> bool:
    """What the schema surely has, or has not, can be asked beside others."""
    return probe.kind == kind and probe.granted is granted and (not granted or probe.onward is None)
