"""Probers of moves between stages: what is told of the way ahead, and who goes it."""

from functools import partial
from typing import Any

from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.pipeline import PIPELINE
from salesmode.pipelines.places import places, telling
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes
from salesmode.proving.site import Site
from salesmode.proving.world import Row
from salesmode.proving.writing import echoed, written_in


def ahead(site: Site, field: Field, channel: str) -> Probes:
    """The next stages of every row, which gates that see everything decide; none where the row's own stage is
    hidden, and no field that the role does not know.
    """
    if not telling(site.object):
        return
    text = f"{site.many} {{ nodes {{ id nextStages {{ name label allowed blockedBy {{ path code }} }} }} }}"
    check = partial(_ahead, site, field)
    yield Probe(
        channel=channel,
        object=site.name,
        field=field.name,
        text=text,
        granted=shows_places(site),
        ruled=True,
        check=check,
    )


def move(site: Site, field: Field, channel: str) -> Probes:
    """A row that may be updated, one that may not, and a hidden one: with the field written on the way."""
    if not telling(site.object):
        return
    rows = site.visible
    may = [row for row in rows if site.sight.may("update", site.name, row)]
    for row in (*may[:1], *[each for each in rows if each not in may][:1], *site.hidden[:1]):
        yield _move(site, field, channel, row, allowed=row in may)


def _move(site: Site, field: Field, channel: str, row: Row, *, allowed: bool) -> Probe:
    to = site.random.choice(places(site.granted.model.pipelines[row[PIPELINE]])).name
    text = f'move{site.type}(id: $id, to: "{to}", input: {{{written_in(site, field)}}}, comment: "c") '
    sees = site.sight.sees(site.name, row["id"])
    return Probe(
        channel=channel,
        object=site.name,
        field=field.name,
        text=f"{text}{{ id {echoed(site, field)} }}",
        kind="mutation",
        granted=site.writes("update", field) and shows_places(site),
        code=None if sees else "NOT_FOUND",
        id=row["id"],
        ruled=sees,
        check=lambda _: None if allowed else "moved, where it may not be updated",
    )


def shows_places(site: Site) -> bool:
    """Whether the role sees of some rows where they stand."""
    fields = site.object.fields
    return all(site.compared(fields[name]) for name in telling(site.object))


def shows_stays(site: Site) -> bool:
    """Whether the role sees of some rows how long they stood where."""
    return shows_places(site) and site.granted.tells_places(site.name)


def _ahead(site: Site, field: Field, data: Any) -> str | None:
    rows = {row["id"]: row for row in site.visible}
    if {each["id"] for each in data["nodes"]} != set(rows):
        return "other rows than the visible ones"
    known = site.seen(field) or site.writes("create", field) or site.writes("update", field)
    for node in data["nodes"]:
        if node["nextStages"] and not stands(site, rows[node["id"]]):
            return "a way ahead from where it may not be seen to stand"
        blocked = [each for stage in node["nextStages"] for each in stage["blockedBy"]]
        if not known and any(camel(field.name) in each["path"] for each in blocked):
            return "a field that the role does not know"
    return None


def stands(site: Site, row: Row) -> bool:
    """Whether the role sees where the row stands."""
    states = (site.sight.state(site.name, row["id"], each) for each in _telling(site))
    return all(state == "clear" for state, _ in states)


def _telling(site: Site) -> list[Field]:
    return [site.object.fields[name] for name in telling(site.object)]
