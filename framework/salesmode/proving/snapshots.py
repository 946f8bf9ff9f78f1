"""Probers of snapshots: who takes one, and what is told when they are compared."""

from collections import Counter
from collections.abc import Iterator

from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.snapshot import ITEM, SNAPSHOT
from salesmode.pipelines.places import telling
from salesmode.proving.analyses import OWNER, tells_of
from salesmode.proving.moving import shows_places
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes, empty
from salesmode.proving.site import Site

_LINE = "count amountThen amountNow"
_SEVERAL = 2


def comparison(site: Site, field: Field, channel: str) -> Probes:
    """Of the records now and of one snapshot with another, as a whole, and of the rows in which the field is
    filled.
    """
    if not telling(site.object):
        return
    filled = f", where: {{{camel(field.name)}: {{{empty(field)}: false}}}}"
    for asked in _asked(site):
        text = f"{asked}{filled}, by: [CATEGORY]) {{ key {{ group category }} {_LINE} }}"
        yield _probe(site, field, channel, text, granted=shows_places(site) and site.compared(field))
        if field.name in telling(site.object):
            text = f"{asked}, by: [CATEGORY, PIPELINE]) {{ key {{ group category pipeline }} {_LINE} }}"
            yield _probe(site, field, channel, text, granted=shows_places(site))
        if field.name == OWNER:
            text = f"{asked}, by: [OWNER]) {{ key {{ group owner {{ id name }} }} {_LINE} }}"
            granted = shows_places(site) and tells_of(site, OWNER)
            yield _probe(site, field, channel, text, granted=granted)


def _asked(site: Site) -> Iterator[str]:
    """With those snapshots of the object that hold most."""
    rows = site.sight.world.rows
    held = Counter(each[SNAPSHOT] for each in rows[ITEM].values())
    heads = sorted(rows[SNAPSHOT].values(), key=lambda row: (-held[row["id"]], row["id"]))
    ids = [row["id"] for row in heads if row["object"] == site.name][:_SEVERAL]
    for id_ in ids[:1]:
        yield f'{site.one}SnapshotComparison(from: "{id_}"'
    if len(ids) == _SEVERAL:
        yield f'{site.one}SnapshotComparison(from: "{ids[1]}", to: "{ids[0]}"'


def take(site: Site, field: Field, channel: str) -> Probes:
    """One of all records, seen or not."""
    if field.name not in telling(site.object):
        return
    right = any(each.snapshot for each in site.granted.grants(site.name))
    yield Probe(
        channel=channel,
        object=site.name,
        field=field.name,
        text=f'take{site.type}Snapshot(name: "taken") {{ snapshot {{ name object }} }}',
        kind="mutation",
        granted=right and shows_places(site),
        check=lambda data: (
            None if data["snapshot"]["object"] == site.name else "a snapshot of something else"
        ),
    )


def _probe(site: Site, field: Field, channel: str, text: str, *, granted: bool) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, granted=granted)
