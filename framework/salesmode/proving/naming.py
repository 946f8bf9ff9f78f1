"""Probers of names: what schema, metadata and refusals tell of fields that a role has no right to."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes
from salesmode.proving.site import Site, leaf
from salesmode.proving.values import spelled
from salesmode.proving.world import ME

_MEASURES = ("Sum", "Avg", "Min", "Max", "CountDistinct")


def introspection(site: Site, field: Field, channel: str) -> Probes:
    for suffix, members, has in _types(site, field):
        text = f'__type(name: "{site.type}{suffix}") {{ {members} {{ name }} }}'
        check = None if has else partial(_absent, camel(field.name), members)
        yield _probe(site, field, channel, text, granted=None, check=check)


def metadata(site: Site, field: Field, channel: str) -> Probes:
    def check(data: Any) -> str | None:
        objects = [each for each in data["objects"] if each["name"] == site.name]
        told = any(camel(field.name) in {one["name"] for one in each["fields"]} for each in objects)
        known = site.seen(field) or any(site.writes(each, field) for each in ("create", "update"))
        return "a field that the role has no right to" if told and not known else None

    text = "metadata { objects { name title fields { name label type } } }"
    yield _probe(site, field, channel, text, granted=None, check=check)


def suggestion(site: Site, field: Field, channel: str) -> Probes:
    """Names that are nearly right: what is near and not granted is not brought up."""
    near = f"{camel(field.name)}X"
    if not site.seen(field):
        text = f"{site.many} {{ nodes {{ {near} }} }}"
        yield _probe(site, field, channel, text, granted=False, secret=_secret(site, field))
    if not site.compared(field):
        for text in (
            f"{site.many}(where: {{{near}: {{eq: 1}}}}) {{ totalCount }}",
            f"{site.many}(orderBy: [{{{near}: ASC}}]) {{ totalCount }}",
            f"{site.one}Aggregate(groupBy: [{{field: {near}}}]) {{ count }}",
        ):
            yield _probe(site, field, channel, text, granted=False, secret=_secret(site, field))


def _secret(site: Site, field: Field) -> str | None:
    """The field's name, unless it is also that of a root field which the role has."""
    found = (each for each in site.granted.model.objects.values() if site.granted.reads(each.name))
    shown = {name for each in found for name in (camel(each.name), camel(each.plural))}
    return None if camel(field.name) in shown else camel(field.name)


def unknown(site: Site, field: Field, channel: str) -> Probes:
    """A forbidden name is refused in the words for one that does not exist."""
    if not site.seen(field):
        text = f"{site.many} {{ nodes {{ {leaf(field)} }} }}"
        yield _probe(site, field, channel, text, granted=False)
    if not site.compared(field):
        value = next(iter(site.values(field)), None)
        given = "isNull: true" if value is None else f"eq: {spelled(field, value)}"
        text = f"{site.many}(where: {{{camel(field.name)}: {{{given}}}}}) {{ totalCount }}"
        yield _probe(site, field, channel, text, granted=False)


def explanation(site: Site, field: Field, channel: str) -> Probes:
    """It tells what hidden values decide, so no role but the administrator's has it."""
    for row in site.all[:1]:
        about = f'user: "{ME}", object: {site.name}, id: "{row["id"]}", field: "{camel(field.name)}"'
        text = f"explainAccess({about}) {{ text }}"
        yield _probe(site, field, channel, text, granted=False)
        text = f'explainStage(object: {site.name}, id: "{row["id"]}") {{ text }}'
        yield _probe(site, field, channel, text, granted=False)


def _types(site: Site, field: Field) -> Iterator[tuple[str, str, bool]]:
    seen, compared = site.seen(field), site.compared(field)
    yield from (
        ("", "fields", seen),
        ("Where", "inputFields", compared),
        ("OrderBy", "inputFields", compared),
    )
    yield from (("Field", "enumValues", compared), ("AggregateKey", "fields", compared))
    yield from ((f"Aggregate{each}", "fields", compared) for each in _MEASURES)
    yield ("Create", "inputFields", site.writes("create", field))
    yield ("Update", "inputFields", site.writes("update", field))


def _absent(name: str, members: str, data: Any) -> str | None:
    found = {each["name"] for each in (data or {}).get(members) or ()}
    return "a name that the role has no right to" if name in found else None


def _probe(site: Site, field: Field, channel: str, text: str, **known: Any) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, **known)


Prober = Callable[[Site, Field, str], Probes]
