"""Role × object × field × channel: each probe asked in two worlds, the answers compared and judged."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field as attribute, replace
from random import Random
from typing import Any

import orjson

from salesmode.database.driver import Database
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.proving.channels import CHANNELS
from salesmode.proving.probe import Leak, Probe
from salesmode.proving.sight import Eye, Granted, Sight
from salesmode.proving.site import Site
from salesmode.proving.twin import twin_of
from salesmode.proving.world import ME, NOW, Loader, World, random_world
from salesmode.server.callers import Callers
from salesmode.server.tokens import Identity
from salesmode.tables import Tables

_BATCH = 12


@dataclass
class Verdict:
    """Of one role: how many probes there were about each object, and what leaked."""

    role: str
    probes: Counter[str] = attribute(default_factory=Counter)
    leaks: list[Leak] = attribute(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to one probe: data of its root field, or errors; `text` is what is compared."""

    text: str
    data: Any
    errors: Sequence[Mapping[str, Any]]

    @property
    def code(self) -> str | None:
        return self.errors[0].get("extensions", {}).get("code") if self.errors else None


async def prove(tables: Tables, database: Database, role: str, seed: int, *, share: int = 1) -> Verdict:
    """The probes of one role, or one of `share` of them; all rows of the database's tables are replaced."""
    asker = _Asker(tables, database)
    granted = Granted(tables.model, role)
    eye = Eye(tables, granted)

    async def look(world: World) -> Sight:
        await asker.load(world)
        return await eye.look(database, world, (await asker.caller()).environment)

    first = await look(random_world(tables.model, role, seed))
    twin = await twin_of(first, look, Random(f"twin {seed} {role}"))
    chosen = Random(f"share {seed} {role}")
    probes = [each for each in _probes(first, seed) if chosen.randrange(share) == 0]
    mine, others = [await asker.answers(world, probes) for world in (first.world, twin)]
    verdict = Verdict(role, Counter(each.object for each in probes))
    for probe, one, other in zip(probes, mine, others, strict=True):
        why = _wrong(probe, one, other)
        if why:
            verdict.leaks.append(_leak(granted, probe, why, one, other))
    return verdict


def _probes(sight: Sight, seed: int) -> Iterator[Probe]:
    for name, object_ in sight.granted.model.objects.items():
        site = Site(sight, object_, Random(f"probes {seed} {name}"))
        for field in site.fields:
            for channel in CHANNELS:
                yield from channel.probe(site, field, channel.name)


def _wrong(probe: Probe, one: Said, other: Said) -> str | None:
    """Why the answers say too much, or not what is granted."""
    if probe.granted is False:
        return _refused_by_name(probe, one)
    if "INTERNAL" in (one.code, other.code):
        return "an error of the engine"
    if probe.granted and one.code == "BAD_REQUEST":
        return "refused, though it is granted"
    if probe.kind == "mutation" and "VALIDATION_FAILED" in (one.code, other.code) and probe.code is None:
        return None
    if one.text != other.text:
        return "answers differ by what may not be read"
    if probe.code is not None and one.code != probe.code:
        return f"{one.code or 'done'}, where {probe.code} is due"
    return _unfit(probe, one)


def _refused_by_name(probe: Probe, one: Said) -> str | None:
    if one.code != "BAD_REQUEST":
        return "a name that is not granted is known"
    return "a refusal brings up a name that is not granted" if _brings_up(probe, one) else None


def _brings_up(probe: Probe, one: Said) -> bool:
    return probe.secret is not None and f"'{probe.secret}'" in one.text


def _unfit(probe: Probe, one: Said) -> str | None:
    if _brings_up(probe, one):
        return "a refusal brings up a name that is not granted"
    if probe.kind == "mutation":
        return (
            "locked where it is granted"
            if one.code == "FORBIDDEN" and probe.code is None and probe.channel == "update"
            else None
        )
    return None if one.errors or probe.check is None else probe.check(one.data)


def _leak(granted: Granted, probe: Probe, why: str, one: Said, other: Said) -> Leak:
    spans = [each.span for each in granted.grants(probe.object)]
    where = str(spans[0] if spans else granted.model.roles[granted.role].span)
    request = _document(probe.kind, [probe.text.replace("$id", f'"{probe.id}"')])
    return Leak(
        granted.role, probe.channel, probe.object, probe.field, where, why, request, one.text, other.text
    )


def _document(kind: str, texts: Sequence[str]) -> str:
    return f"{kind} {{ {' '.join(f'p{at}: {text}' for at, text in enumerate(texts))} }}"


class _Asker:
    """Asks the API as the role's user, in whichever world is loaded."""

    def __init__(self, tables: Tables, database: Database) -> None:
        self._database = database
        self._endpoint = Endpoint(tables, database)
        self._callers = Callers(tables, database)
        self._loader = Loader(tables)
        self._locale = tables.model.app.locales[0]

    async def load(self, world: World) -> None:
        await self._database.run(lambda: self._loader.load(world))

    async def caller(self) -> Caller:
        """The user as they are in the world that is loaded; the clock stands still."""
        found = await self._callers.caller(Identity(ME), self._locale)
        return replace(found, environment=replace(found.environment, now=NOW))

    async def answers(self, world: World, probes: Sequence[Probe]) -> list[Said]:
        """Readings together where they may be, each write alone in a world as it was."""
        await self.load(world)
        caller = await self.caller()
        found: dict[int, Said] = {}
        together = list({each.text: each for each in probes if _shared(each)}.values())
        known: dict[str, Said] = {}
        for start in range(0, len(together), _BATCH):
            part = together[start : start + _BATCH]
            texts = [each.text for each in part]
            known |= zip(texts, await self._batch(part, caller), strict=True)
        for at, probe in enumerate(probes):
            if probe.kind == "query":
                found[at] = known[probe.text] = known.get(probe.text) or await self._alone(probe, caller)
                continue
            found[at] = await self._alone(probe, caller)
            if not found[at].errors:
                await self.load(world)
        return [found[at] for at in range(len(probes))]

    async def _batch(self, probes: Sequence[Probe], caller: Caller) -> list[Said]:
        body = await self._ask(_document("query", [each.text for each in probes]), caller)
        if "errors" in body:
            return [await self._alone(each, caller) for each in probes]
        data = [body["data"][f"p{at}"] for at in range(len(probes))]
        return [Said(orjson.dumps(each).decode(), each, ()) for each in data]

    async def _alone(self, probe: Probe, caller: Caller) -> Said:
        said = await self._one(probe, probe.text, caller)
        onward = probe.onward(said.data) if probe.onward and said.data else None
        if onward is None:
            return said
        after = await self._one(probe, onward, caller)
        return Said(said.text + after.text, said.data, after.errors)

    async def _one(self, probe: Probe, text: str, caller: Caller) -> Said:
        given = {} if probe.id is None else {"id": probe.id}
        kind = f"{probe.kind}($id: ID!)" if given else probe.kind
        body = await self._ask(_document(kind, [text]), caller, given)
        data = (body.get("data") or {}).get("p0")
        return Said(orjson.dumps(body).decode(), data, body.get("errors", ()))

    async def _ask(self, text: str, caller: Caller, given: Mapping[str, str] | None = None) -> Any:
        return orjson.loads((await self._endpoint.answer(Query(text, given or {}), caller)).body)


def _shared(probe: Probe) -> bool:
    """What the schema surely has can be asked beside others."""
    return probe.kind == "query" and probe.granted is True and probe.onward is None
