"""Probers of what looks at pipelines as a whole: numbers of rows, which tell of hidden ones if they count."""

from collections import Counter
from functools import partial
from typing import Any

from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.pipeline import PIPELINE, STAGE, STAGE_CHANGE, STATUS, STATUSES
from salesmode.pipelines.places import telling
from salesmode.proving.moving import shows_places, shows_stays, stands
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes, empty
from salesmode.proving.site import Site
from salesmode.proving.tagged import shown

OWNER = "owner"
_TAG_FUNNEL = "tag line entered open promoted conversion states { state count }"
_FUNNEL = "entered open won lost conversion stages { stage entered passed conversion medianDays meanDays }"


def funnel(site: Site, field: Field, channel: str) -> Probes:
    """Each pipeline's, as a whole, and of the rows in which the field is filled."""
    if not telling(site.object):
        return
    for pipeline in site.granted.model.pipelines_of(site.name):
        asked = f"{site.one}Funnel(pipeline: {pipeline.name}"
        filled = f"{asked}, where: {{{camel(field.name)}: {{{empty(field)}: false}}}}) {{ {_FUNNEL} }}"
        yield _probe(site, field, channel, filled, granted=shows_stays(site) and site.compared(field))
        if field.name in telling(site.object):
            text = f'{asked}, from: "2000-01-01", to: "2100-01-01") {{ {_FUNNEL} }}'
            check = partial(_entered, site, pipeline.name)
            yield _probe(site, field, channel, text, granted=shows_stays(site), check=check)


def tag_funnel(site: Site, field: Field, channel: str) -> Probes:
    """Of each tag, on all records and on those in which the field is filled; of tags, where they are few."""
    for tag in site.granted.model.tags_of(site.name):
        asked = f"{site.one}TagFunnel(tag: {tag.name}"
        granted = shown(site.granted, tag)
        filled = f"{asked}, where: {{{camel(field.name)}: {{{empty(field)}: false}}}}) {{ {_TAG_FUNNEL} }}"
        yield _probe(site, field, channel, filled, granted=granted and site.compared(field))
        if field.name == "id":
            text = f'{asked}, from: "2000-01-01", to: "2100-01-01") {{ {_TAG_FUNNEL} }}'
            yield _probe(site, field, channel, text, granted=granted)


def forecast(site: Site, field: Field, channel: str) -> Probes:
    """By every dimension at once, as a whole, and of the rows in which the field is filled."""
    if not telling(site.object):
        return
    by = "CATEGORY, PIPELINE, GRANULARITY, MONTH"
    lines = "{ key { category pipeline granularity month } count amount weighted }"
    text = f'{site.one}Forecast(by: [{by}], from: "2000-01-01", to: "2100-01-01") {lines}'
    yield _probe(site, field, channel, text, granted=shows_places(site))
    filled = f"where: {{{camel(field.name)}: {{{empty(field)}: false}}}}"
    text = f"{site.one}Forecast({filled}, by: [CATEGORY]) {{ key {{ category }} count amount weighted }}"
    yield _probe(site, field, channel, text, granted=shows_places(site) and site.compared(field))
    yield from _by_product(site, field, channel)
    for name in (OWNER, "team") if field.name == OWNER else ():
        text = f"{site.one}Forecast(by: [{name.upper()}]) {{ key {{ {name} {{ id name }} }} count amount }}"
        yield _probe(site, field, channel, text, granted=shows_places(site) and tells_of(site, name))


def _by_product(site: Site, field: Field, channel: str) -> Probes:
    """By what records are made of, if they are made of anything; asked once for each object."""
    products = site.granted.model.products.get(site.name)
    if products is None or field.name not in telling(site.object):
        return
    line = site.at(products.object)
    known = line.object.fields
    made_of = all(line.compared(known[each]) for each in (products.link, products.product))
    seen = shows_places(site) and made_of
    due, many = (name and line.compared(known[name]) for name in (products.delivery, products.quantity))
    for by, key, more, granted in (
        ("PRODUCT", "product { id }", "", seen),
        ("DELIVERY", "delivery", "", seen and bool(due)),
        ("PRODUCT", "product { id }", "quantity", seen and bool(many)),
    ):
        text = f"{site.one}Forecast(by: [{by}]) {{ key {{ {key} }} count amount weighted {more} }}"
        yield _probe(site, field, channel, text, granted=granted)


def win_rate(site: Site, field: Field, channel: str) -> Probes:
    """Of each pipeline, by stage and by owner, and of the rows in which the field is filled."""
    if not telling(site.object):
        return
    line = "won closed rate low high enough"
    for pipeline in site.granted.model.pipelines_of(site.name):
        asked = f"{site.one}WinRate(pipeline: {pipeline.name}"
        filled = f"{asked}, where: {{{camel(field.name)}: {{{empty(field)}: false}}}}) {{ {line} }}"
        yield _probe(site, field, channel, filled, granted=shows_stays(site) and site.compared(field))
        if field.name == STAGE:
            text = f'{asked}, by: STAGE, from: "2000-01-01", to: "2100-01-01") {{ key {{ stage }} {line} }}'
            yield _probe(site, field, channel, text, granted=shows_stays(site) and site.compared(field))
        if field.name == OWNER:
            text = f"{asked}, by: OWNER) {{ key {{ owner {{ id name }} }} {line} }}"
            granted = shows_stays(site) and tells_of(site, OWNER)
            yield _probe(site, field, channel, text, granted=granted)


def tells_of(site: Site, name: str) -> bool:
    """Whether the role is told of owners, or of their teams, by name."""
    user, team = site.at("user"), site.at("team")
    owners = site.compared(site.object.fields[OWNER]) and user.granted.reads("user")
    shown = owners and user.seen(user.object.fields["name"])
    if name == OWNER:
        return shown
    teams = team.granted.reads("team") and user.compared(user.object.fields["team"])
    return owners and teams and team.seen(team.object.fields["name"])


def _probe(site: Site, field: Field, channel: str, text: str, **known: Any) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, **known)


def _entered(site: Site, pipeline: str, data: Any) -> str | None:
    """Exactly those that may be seen to stand somewhere and have a stay in the pipeline; worlds draw stays
    apart from their records, which may stand in another one.
    """
    stays = site.sight.world.rows[STAGE_CHANGE].values()
    came = {stay[site.name] for stay in stays if stay[PIPELINE] == pipeline}
    now = Counter(row[STATUS] for row in site.visible if row["id"] in came and stands(site, row))
    expected = {"entered": now.total(), **{status: now[status] for status in STATUSES}}
    told = {name: data[name] for name in expected}
    return f"{told}, where it is {expected}" if told != expected else None
