"""Probers of saved questions: they are offered to whoever could ask them, and answered like any other."""

from collections.abc import Iterable, Iterator

from salesmode.conditions.mentions import mentions
from salesmode.model.condition import (
    ALWAYS,
    And,
    Compare,
    Condition,
    Const,
    Not,
    Or,
    Over,
    RowValue,
    Through,
    UserValue,
)
from salesmode.model.field import Field
from salesmode.model.list_view import ListView
from salesmode.model.names import camel
from salesmode.model.queue import QueueItem
from salesmode.model.report import Report
from salesmode.model.target import QUOTA, Target
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes, empty
from salesmode.proving.site import Site
from salesmode.proving.world import NOW

_OF_CALLER = ("id", "team", "teams", "territories", "roles", "name", "email", "locale")


def list_view(site: Site, field: Field, channel: str) -> Probes:
    """The views that look at the field, or range over something."""
    for each in site.granted.model.list_views.values():
        if each.object == site.name and field.name in _looked_at(each):
            text = f"{site.many}(view: {each.name}, first: 100) {{ totalCount nodes {{ id }} }}"
            granted = _offered(each, site)
            yield Probe(channel=channel, object=site.name, field=field.name, text=text, granted=granted)


def work_queue(site: Site, field: Field, channel: str) -> Probes:
    """The queues of which some item looks at the field, page by page."""
    for each in site.granted.model.queues.values():
        if any(field.name in _wanted_by(item) for item in each.items if item.object == site.name):
            inner = "totalCount nodes { item due id title } pageInfo { endCursor }"
            text = f"workQueue(name: {each.name}, first: 100) {{ {inner} }}"
            granted = _held(each.roles, site) and any(_asks_item(item, site) for item in each.items)
            yield Probe(channel=channel, object=site.name, field=field.name, text=text, granted=granted)


def attainment(site: Site, field: Field, channel: str) -> Probes:
    """The targets that look at the field, or all of them where it is one of a quota."""
    for each in site.granted.model.targets.values():
        if site.name == QUOTA or (each.object == site.name and field.name in _measured_by(each)):
            for holder, granted in _holders(site).items():
                arguments = f'target: {each.name}, from: "2000-01-01", to: "2100-01-01", by: {holder.upper()}'
                inner = f"{holder} {{ id }} startsOn quota actual attainment gap"
                text = f"attainment({arguments}, first: 100) {{ {inner} }}"
                asked = granted and _measures(each, site)
                yield Probe(channel=channel, object=site.name, field=field.name, text=text, granted=asked)


def report(site: Site, field: Field, channel: str) -> Probes:
    """The reports that look at the field."""
    for each in site.granted.model.reports.values():
        if each.object == site.name and field.name in _reported_by(each):
            inner = "columns { name label } rows total subtotals { dimension rows }"
            granted = _reports(each, site)
            for asked in _asked_of(each, field, site):
                text = f"report(name: {each.name}{asked}) {{ {inner} }}"
                known = granted and (not asked or site.compared(field))
                yield Probe(channel=channel, object=site.name, field=field.name, text=text, granted=known)


def _asked_of(report: Report, field: Field, site: Site) -> tuple[str, ...]:
    """As it is saved, in the period of the worlds, and of the rows in which the field is filled."""
    filled = f", where: {{{site.one}: {{{camel(field.name)}: {{{empty(field)}: false}}}}}}"
    day = f', at: "{NOW.date()}"' if report.period else ""
    return ("", filled + day)


def _reported_by(report: Report) -> set[str]:
    paths = [path[0] for path in _paths(report)]
    period = {report.period.field} if report.period else set()
    return {*mentions(report.where), *paths, *period}


def _paths(report: Report) -> list[tuple[str, ...]]:
    measured = [(each.field,) for each in report.measures if each.field is not None]
    return [*((*each.path, each.field) for each in report.dimensions), *measured]


def _reports(report: Report, site: Site) -> bool:
    held = _held(report.roles, site) and asks(report.where, site, site)
    paths = [*_paths(report), *([(report.period.field,)] if report.period else [])]
    return held and all(reaches(path, site) for path in paths) and _reaches_target(report, site)


def _reaches_target(report: Report, site: Site) -> bool:
    target = site.granted.model.targets[report.target] if report.target else None
    return target is None or (_measures(target, site) and _holders(site)["user"])


def _measured_by(target: Target) -> set[str]:
    return {*mentions(target.where), target.date, target.user, *([target.field] if target.field else [])}


def _measures(target: Target, site: Site) -> bool:
    own, quotas = site.at(target.object), site.at(QUOTA)
    fields = (target.date, target.user, *([target.field] if target.field else []))
    return (
        _held(target.roles, site)
        and asks(target.where, own, own)
        and all(reaches((each,), own) for each in fields)
        and all(reaches((each,), quotas) for each in ("target", "starts_on", "amount"))
    )


def _holders(site: Site) -> dict[str, bool]:
    quotas, users, teams = (site.at(name) for name in (QUOTA, "user", "team"))
    team = reaches(("team",), quotas) and reaches(("team",), users) and reaches(("parent",), teams)
    return {"user": reaches(("user",), quotas), "team": team}


def _wanted_by(item: QueueItem) -> set[str]:
    return {*mentions(item.where), *([item.due] if isinstance(item.due, str) else [])}


def _asks_item(item: QueueItem, site: Site) -> bool:
    own = site.at(item.object)
    return (not isinstance(item.due, str) or reaches((item.due,), own)) and asks(item.where, own, own)


def _held(roles: Iterable[str] | None, site: Site) -> bool:
    return roles is None or not set(roles).isdisjoint(site.granted.names)


def _looked_at(view: ListView) -> set[str]:
    return {*mentions(view.where), *((*each.path, each.field)[0] for each in view.order)}


def _offered(view: ListView, site: Site) -> bool:
    return (
        _held(view.roles, site)
        and asks(view.where, site, site)
        and all(reaches((*each.path, each.field), site) for each in view.order)
    )


def reaches(path: Iterable[str], site: Site) -> bool:
    """Whether the role compares every field on the way."""
    for step in path:
        field = site.object.fields[step]
        if not site.granted.reads(site.name) or not site.compared(field):
            return False
        site = site if field.to is None else site.at(field.to)
    return True


def asks(condition: Condition, site: Site, root: Site) -> bool:
    """Whether the role compares all that the condition looks at; `root` is what `$row` is about."""
    return site.granted.reads(site.name) and all(_asks(each, site, root) for each in _parts(condition))


def _ranges(site: Site, name: str) -> bool:
    inverse = site.object.inverses[name]
    target = site.at(inverse.object)
    return target.granted.reads(target.name) and target.compared(target.object.fields[inverse.field])


def _parts(condition: Condition) -> Iterator[Compare | Through | Over]:
    match condition:
        case And(items) | Or(items):
            for each in items:
                yield from _parts(each)
        case Not(item):
            yield from _parts(item)
        case Const():
            return
        case part:
            yield part


def _asks(part: Compare | Through | Over, site: Site, root: Site) -> bool:
    if isinstance(part, Over):
        return _ranges(site, part.inverse) and asks(
            part.where, site.at(site.object.inverses[part.inverse].object), root
        )
    field = site.object.fields[part.field]
    if not site.compared(field):
        return False
    if isinstance(part, Through):
        return asks(part.where, site.at(str(field.to)), root)
    known = all(_knows(each, root) for each in (part.value, part.upper))
    return known and (part.op != "under" or _walks(field, site))


def _knows(value: object, root: Site) -> bool:
    if isinstance(value, RowValue):
        return root.compared(root.object.fields[value.field])
    if not isinstance(value, UserValue) or value.name in _OF_CALLER:
        return True
    grants = root.granted.readers("user")
    return any(each.fields[value.name].clear == ALWAYS for each in grants if value.name in each.fields)


def _walks(link: Field, site: Site) -> bool:
    target = site.at(str(link.to))
    return link.tree or target.compared(next(each for each in target.fields if each.tree))
