"""Role × object × field × channel: each probe asked in two worlds, the answers compared and judged."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field as attribute
from random import Random

from salesmode.database.driver import Database
from salesmode.proving.asking import Asker, Said, document
from salesmode.proving.channels import CHANNELS
from salesmode.proving.eye import Eye
from salesmode.proving.probe import Leak, Probe
from salesmode.proving.sight import Granted, Sight
from salesmode.proving.site import Site
from salesmode.proving.twin import twin_of
from salesmode.proving.world import World, random_world
from salesmode.tables import Tables

ALL = frozenset(each.name for each in CHANNELS)


_CREATING = ("create", "create nested", "conflict", "upsert")


@dataclass
class Verdict:
    """Of one role: how many probes there were about each object, and what leaked."""

    role: str
    probes: Counter[str] = attribute(default_factory=Counter)
    leaks: list[Leak] = attribute(default_factory=list)


async def prove(
    tables: Tables,
    database: Database,
    role: str,
    seed: int,
    *,
    share: int = 1,
    channels: Collection[str] = ALL,
) -> Verdict:
    """The probes of one role, through all channels or some, or one of `share` of them; all rows of the
    database's tables are replaced.
    """
    asker = Asker(tables, database)
    granted = Granted(tables.model, role)
    eye = Eye(tables, granted)

    async def look(world: World) -> Sight:
        await asker.show(world)
        return await eye.look(database, world, (await asker.caller()).environment)

    first = await look(random_world(tables.model, role, seed))
    twin = await twin_of(first, look, Random(f"twin {seed} {role}"))
    chosen = Random(f"share {seed} {role}")
    probes = [each for each in _probes(first, seed, channels) if chosen.randrange(share) == 0]
    mine, others = [await asker.answers(world, probes) for world in (first.world, twin)]
    verdict = Verdict(role, Counter(each.object for each in probes))
    for probe, one, other in zip(probes, mine, others, strict=True):
        why = _wrong(probe, one, other)
        if why:
            verdict.leaks.append(_leak(granted, probe, why, one, other))
    return verdict


def _probes(sight: Sight, seed: int, channels: Collection[str]) -> Iterator[Probe]:
    through = [each for each in CHANNELS if each.name in channels]
    for name, object_ in sight.granted.model.objects.items():
        site = Site(sight, object_, Random(f"probes {seed} {name}"))
        for field in site.fields:
            for channel in through:
                yield from channel.probe(site, field, channel.name)


def _wrong(probe: Probe, one: Said, other: Said) -> str | None:
    """Why the answers say too much, or not what is granted."""
    if probe.granted is False:
        return _refused_by_name(probe, one)
    if "INTERNAL" in (one.code, other.code):
        return "an error of the engine"
    if probe.granted and one.code == "BAD_REQUEST":
        return "refused, though it is granted"
    if _ruled(probe) and not {one.code, other.code}.isdisjoint(_ruling(probe)):
        return None
    if one.text != other.text and not probe.ruled:
        return "answers differ by what may not be read"
    if probe.code is not None and one.code != probe.code:
        return f"{one.code or 'done'}, where {probe.code} is due"
    return _unfit(probe, one)


def _ruled(probe: Probe) -> bool:
    """Whether the rules of the metadata may refuse it, which see everything."""
    return probe.kind in ("mutation", "import") and probe.code is None


def _ruling(probe: Probe) -> Collection[str]:
    """The codes by which they refuse; the right to create is one to a row that nobody has seen yet."""
    return ("VALIDATION_FAILED", "FORBIDDEN") if probe.channel in _CREATING else ("VALIDATION_FAILED",)


def _refused_by_name(probe: Probe, one: Said) -> str | None:
    if one.code != "BAD_REQUEST":
        return "a name that is not granted is known"
    return "a refusal brings up a name that is not granted" if _brings_up(probe, one) else None


def _brings_up(probe: Probe, one: Said) -> bool:
    return probe.secret is not None and f"'{probe.secret}'" in one.text


def _unfit(probe: Probe, one: Said) -> str | None:
    if _brings_up(probe, one):
        return "a refusal brings up a name that is not granted"
    if one.code == "FORBIDDEN" and probe.code is None and probe.channel == "update" and not _gone_over(one):
        return "locked where it is granted"
    return None if one.errors or probe.check is None else probe.check(one.data)


def _gone_over(one: Said) -> bool:
    """Whether a `check` refused the row as it would be, such as a detail gone over to a foreign parent."""
    return '"code":"check"' in one.text


def _leak(granted: Granted, probe: Probe, why: str, one: Said, other: Said) -> Leak:
    spans = [each.span for each in granted.grants(probe.object)]
    where = str(spans[0] if spans else granted.model.roles[granted.role].span)
    request = document(probe.kind, [probe.text.replace("$id", f'"{probe.id}"')])
    return Leak(
        granted.role, probe.channel, probe.object, probe.field, where, why, request, one.text, other.text
    )
