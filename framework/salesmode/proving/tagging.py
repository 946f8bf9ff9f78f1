"""Probers of tags: who sees which on which record, what finds records by them, and who sets, removes and
promotes them.
"""

from functools import partial
from typing import Any

from salesmode.model.field import Field
from salesmode.model.tag import TAG, TAGS, Tag
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes
from salesmode.proving.site import Site
from salesmode.proving.tagged import promotes, sets, settable, shown
from salesmode.proving.world import Row


def tags(site: Site, field: Field, channel: str) -> Probes:
    """The list of a record, with the label that is no field. Once for each object."""
    if not _is_first(site, field):
        return
    text = f"{site.many}(first: 100) {{ nodes {{ id tags {{ id name label state values }} }} }}"
    granted = any(shown(site.granted, each) for each in site.tags)
    yield _probe(site, field, channel, text, granted=granted, check=partial(_listed, site))


def where_tags(site: Site, field: Field, channel: str) -> Probes:
    """Records by the names of their tags; a tag that is not seen anywhere is an unknown name."""
    if not _is_first(site, field):
        return
    for tag in site.tags:
        granted = shown(site.granted, tag)
        for where in (f"has: {tag.name}", f"hasAny: [{tag.name}]", f"hasAll: [{tag.name}]"):
            check = partial(_found, site, tag)
            yield _filter(site, field, channel, where, granted=granted, check=check)
    seen = any(shown(site.granted, each) for each in site.tags)
    for where in ("isEmpty: true", 'none: {id: {eq: "00000000-0000-7000-8000-000000000000"}}'):
        yield _filter(site, field, channel, where, granted=seen, check=None)


def set_tags(site: Site, field: Field, channel: str) -> Probes:
    """Set and removed, on a record where it may be, on one where it may not, and on a hidden one."""
    if not _is_first(site, field):
        return
    for tag in site.tags:
        known = shown(site.granted, tag)
        allowed = any(settable(site.granted, each) for each in site.tags if each.auto is None)
        for row in _kinds(site, tag):
            code = None if tag.auto is not None else _code(site, tag, row)
            for word in ("tag", "untag"):
                text = f"{word}{site.type}(id: $id, tag: {tag.name}) {{ id {site.one} {{ id }} }}"
                yield _write(site, field, channel, text, row, granted=known and allowed, code=code)


def promote(site: Site, field: Field, channel: str) -> Probes:
    if not _is_first(site, field):
        return
    for tag in (each for each in site.tags if each.promote_to):
        for row in _kinds(site, tag):
            text = f"promote{site.type}Tag(id: $id, tag: {tag.name}) {{ __typename }}"
            may = shown(site.granted, tag) and promotes(site.granted, site.name)
            yield _write(site, field, channel, text, row, granted=may, code=_code(site, tag, row))


def _is_first(site: Site, field: Field) -> bool:
    return TAGS in site.object.inverses and field == site.fields[0]


def _kinds(site: Site, tag: Tag) -> list[Row]:
    may = [row for row in site.visible if sets(site.sight, tag, row)]
    others = [row for row in site.visible if row not in may]
    return [*may[:1], *others[:1], *site.hidden[:1]]


def _code(site: Site, tag: Tag, row: Row) -> str | None:
    """What a write of the tag is refused with before anything else is looked at."""
    if not site.sight.sees(site.name, row["id"]):
        return "NOT_FOUND"
    return None if sets(site.sight, tag, row) else "FORBIDDEN"


def _listed(site: Site, data: Any) -> str | None:
    """Every visible record has the tags that are seen, and no others."""
    rows = site.sight.rows(TAG)
    for node in data["nodes"]:
        due = {each["id"] for each in rows if each[site.name] == node["id"]}
        if {each["id"] for each in node["tags"]} != due:
            return "other tags than those that are seen"
    return None


def _found(site: Site, tag: Tag, data: Any) -> str | None:
    having = {row[site.name] for row in site.sight.rows(TAG) if row["name"] == tag.name}
    due = {row["id"] for row in site.visible} & having
    return None if {each["id"] for each in data["nodes"]} == due else "other records than those that show it"


def _filter(site: Site, field: Field, channel: str, where: str, **known: Any) -> Probe:
    text = f"{site.many}(first: 100, where: {{{TAGS}: {{{where}}}}}) {{ totalCount nodes {{ id }} }}"
    return _probe(site, field, channel, text, **known)


def _write(site: Site, field: Field, channel: str, text: str, row: Row, **known: Any) -> Probe:
    return _probe(site, field, channel, text, kind="mutation", id=row["id"], **known)


def _probe(site: Site, field: Field, channel: str, text: str, **known: Any) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, **known)
