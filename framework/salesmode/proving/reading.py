"""Probers of what is read: a field selected, compared, ordered, grouped and aggregated, from every side."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson

from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.measures import measures_of
from salesmode.graph.orders import OWN_KEYS
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.proving.probe import Probe
from salesmode.proving.site import REFERENCES, Site, leaf
from salesmode.proving.values import selected, spelled
from salesmode.proving.world import Row, parts_of

Probes = Iterator[Probe]


def select(site: Site, field: Field, channel: str) -> Probes:
    text = f"{site.many}(first: 100) {{ nodes {{ id {leaf(field)} }} }}"
    check = partial(_cells, site, field)
    yield _probe(
        site, field, channel, text, granted=site.seen(field), check=lambda data: check(data["nodes"])
    )


def edges(site: Site, field: Field, channel: str) -> Probes:
    text = f"{site.many}(last: 100) {{ edges {{ node {{ id {leaf(field)} }} }} pageInfo {{ startCursor }} }}"
    check = partial(_cells, site, field)
    yield _probe(
        site,
        field,
        channel,
        text,
        granted=site.seen(field),
        check=lambda data: check([each["node"] for each in data["edges"]]),
    )


def point(site: Site, field: Field, channel: str) -> Probes:
    for row in site.telling(field):
        text = f'{site.one}(id: "{row["id"]}") {{ id {leaf(field)} }}'
        yield _probe(
            site, field, channel, text, granted=site.seen(field), check=partial(record, site, field, row)
        )


def node(site: Site, field: Field, channel: str) -> Probes:
    for row in site.telling(field):
        text = f'node(id: "{row["id"]}") {{ id ... on {site.type} {{ {leaf(field)} }} }}'
        yield _probe(
            site, field, channel, text, granted=site.seen(field), check=partial(record, site, field, row)
        )


def viewer(site: Site, field: Field, channel: str) -> Probes:
    if site.name == "user":
        yield _probe(site, field, channel, f"viewer {{ id {leaf(field)} }}", granted=site.seen(field))


def nested(site: Site, field: Field, channel: str) -> Probes:
    for parent, link in site.parents():
        text = f"{parent.many} {{ nodes {{ id {camel(link.name)} {{ id {leaf(field)} }} }} }}"
        yield _probe(site, field, channel, text, granted=site.seen(field), check=None)


def nested_list(site: Site, field: Field, channel: str) -> Probes:
    for owner, inverse in site.owners():
        listed = f"{{ id {leaf(field)} }}"
        inner = listed if inverse.tags else f"{{ totalCount nodes {listed} }}"
        text = f"{owner.many} {{ nodes {{ id {camel(inverse.name)} {inner} }} }}"
        yield _probe(site, field, channel, text, granted=site.seen(field))


_FAMILIES = {
    "equality": ("eq", "ne", "in", "not_in"),
    "order": ("lt", "lte", "gt", "gte", "between", "before", "after", "at_least"),
    "text": ("contains", "starts_with", "ends_with", "icontains"),
    "list": ("has", "has_any", "has_all"),
    "tree": ("under",),
}
_SEVERAL = ("in", "not_in", "has_any", "has_all")


def where_equal(site: Site, field: Field, channel: str) -> Probes:
    yield from _where(site, field, channel, "equality")


def where_order(site: Site, field: Field, channel: str) -> Probes:
    yield from _where(site, field, channel, "order")


def where_text(site: Site, field: Field, channel: str) -> Probes:
    yield from _where(site, field, channel, "text")


def where_list(site: Site, field: Field, channel: str) -> Probes:
    yield from _where(site, field, channel, "list")


def where_tree(site: Site, field: Field, channel: str) -> Probes:
    """Only what is a tree for the role has something below it."""
    if field.to is not None:
        target = site.at(field.to)
        if any(each.tree and target.compared(each) for each in target.fields):
            yield from _where(site, field, channel, "tree")


def where_null(site: Site, field: Field, channel: str) -> Probes:
    found = [row["id"] for row in site.visible if site.clear(row, field) is None]
    flag = empty(field)
    check = None if field_type(field.type).many else partial(_ids, found)
    yield _filter(site, field, channel, f"{camel(field.name)}: {{{flag}: true}}", check=check)


def where_under_not(site: Site, field: Field, channel: str) -> Probes:
    text = f"or: [{{not: {{{camel(field.name)}: {{{empty(field)}: true}}}}}}, {{version: {{eq: -1}}}}]"
    yield _filter(site, field, channel, text)


def where_through(site: Site, field: Field, channel: str) -> Probes:
    for parent, link in site.parents():
        inner = f"{camel(link.name)}: {{{camel(field.name)}: {{{empty(field)}: false}}}}"
        text = f"{parent.many}(where: {{{inner}}}) {{ totalCount nodes {{ id }} }}"
        yield _probe(site, field, channel, text, granted=site.compared(field))


def where_many(site: Site, field: Field, channel: str) -> Probes:
    for owner, inverse in site.owners():
        for word in ("some", "none", "every"):
            inner = f"{camel(inverse.name)}: {{{word}: {{{camel(field.name)}: {{{empty(field)}: false}}}}}}"
            text = f"{owner.many}(where: {{{inner}}}) {{ totalCount nodes {{ id }} }}"
            yield _probe(site, field, channel, text, granted=site.compared(field))


def order(site: Site, field: Field, channel: str) -> Probes:
    if _ordered(field):
        for way in ("ASC", "DESC"):
            text = f"{site.many}(first: 4, orderBy: [{{{camel(field.name)}: {way}}}]) {{ nodes {{ id }} }}"
            yield _probe(site, field, channel, text, granted=site.compared(field))


def order_through(site: Site, field: Field, channel: str) -> Probes:
    for parent, link in site.parents() if _ordered(field) else ():
        inner = f"{{{camel(link.name)}: {{{camel(field.name)}: DESC}}}}"
        text = f"{parent.many}(orderBy: [{inner}]) {{ nodes {{ id }} edges {{ cursor }} }}"
        yield _probe(site, field, channel, text, granted=site.compared(field))


def cursor(site: Site, field: Field, channel: str) -> Probes:
    if not _ordered(field):
        return
    ordered = f"orderBy: [{{{camel(field.name)}: ASC}}]"
    parts = "{ nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } }"

    def onward(data: Any) -> str | None:
        end = data["pageInfo"]["endCursor"]
        return (
            f"{site.many}(first: 2, {ordered}, after: {orjson.dumps(end).decode()}) {parts}" if end else None
        )

    text = f"{site.many}(first: 2, {ordered}) {parts}"
    yield _probe(site, field, channel, text, granted=site.compared(field), onward=onward)


def group(site: Site, field: Field, channel: str) -> Probes:
    if "countDistinct" not in measures_of(field):
        return
    name = camel(field.name)
    text = f"{site.one}Aggregate(groupBy: [{{field: {name}}}]) {{ key {{ {_key(field)} }} count }}"
    yield _probe(site, field, channel, text, granted=site.compared(field))
    if field.type in ("date", "datetime"):
        text = f"{site.one}Aggregate(groupBy: [{{field: {name}, by: MONTH}}]) {{ key {{ {name} }} count }}"
        yield _probe(site, field, channel, text, granted=site.compared(field))


def _key(field: Field) -> str:
    """In the key of a group a stage is a name."""
    return camel(field.name) if field.type == "stage" else leaf(field)


def group_through(site: Site, field: Field, channel: str) -> Probes:
    for parent, link in site.parents() if "countDistinct" in measures_of(field) else ():
        if camel(link.name) in OWN_KEYS:
            continue
        inner = f"{{{camel(link.name)}: {{field: {camel(field.name)}}}}}"
        text = f"{parent.one}Aggregate(groupBy: [{inner}]) {{ count }}"
        yield _probe(site, field, channel, text, granted=site.compared(field))


def group_order(site: Site, field: Field, channel: str) -> Probes:
    if "countDistinct" in measures_of(field) and field.type not in REFERENCES:
        name = camel(field.name)
        args = f"groupBy: [{{field: {name}}}], orderBy: [{{key: {{{name}: DESC}}}}], first: 2"
        text = f"{site.one}Aggregate({args}) {{ count }}"
        yield _probe(site, field, channel, text, granted=site.compared(field))


def measure(site: Site, field: Field, channel: str) -> Probes:
    for each in sorted(measures_of(field)):
        if field.type not in REFERENCES or each == "countDistinct":
            text = f"{site.one}Aggregate {{ {each} {{ {camel(field.name)} }} }}"
            yield _probe(site, field, channel, text, granted=site.compared(field))


def page_measure(site: Site, field: Field, channel: str) -> Probes:
    for each in sorted(measures_of(field) & {"sum", "max", "countDistinct"}):
        text = f"{site.many}(first: 1) {{ totalCount aggregate {{ {each} {{ {camel(field.name)} }} }} }}"
        yield _probe(site, field, channel, text, granted=site.compared(field))


def measure_order(site: Site, field: Field, channel: str) -> Probes:
    for each in sorted(measures_of(field) & {"sum", "max", "countDistinct"}):
        args = f"groupBy: [{{field: id}}], orderBy: [{{{each}: {{{camel(field.name)}: ASC}}}}]"
        text = f"{site.one}Aggregate({args}, first: 3) {{ key {{ id }} }}"
        yield _probe(site, field, channel, text, granted=site.compared(field))


def search(site: Site, field: Field, channel: str) -> Probes:
    for value in site.values(field) if field.searchable or field.name == "name" else ():
        text = f"search(text: {spelled(field, value)}) {{ id title object record {{ id }} }}"
        yield _probe(site, field, channel, text, granted=None)


def history(site: Site, field: Field, channel: str) -> Probes:
    if site.granted.reads(site.name):
        entry = "nodes { at operation by { id } changes { field label old new } }"
        told = f"history {{ totalCount {entry} edges {{ cursor }} }}"
        text = f"{site.many}(first: 100) {{ nodes {{ id {told} }} }}"
        yield _probe(site, field, channel, text, check=partial(_told, site, field))


def _where(site: Site, field: Field, channel: str, family: str) -> Probes:
    for operator in field_type(field.type).operators:
        if operator not in _FAMILIES[family]:
            continue
        for value in site.values(field)[: 2 if operator == "eq" else 1]:
            given = value[:1] if isinstance(value, tuple) else (value,)
            for one in given:
                text = f"{camel(field.name)}: {{{camel(operator)}: {_operand(field, operator, one)}}}"
                found = partial(_ids, site.matching(field, value)) if operator == "eq" else None
                yield _filter(site, field, channel, text, check=found)


def _operand(field: Field, operator: str, value: Any) -> str:
    text = spelled(field, value)
    return f"[{text}, {text}]" if operator == "between" else f"[{text}]" if operator in _SEVERAL else text


def _filter(site: Site, field: Field, channel: str, where: str, *, check: Any = None) -> Probe:
    text = f"{site.many}(first: 100, where: {{{where}}}) {{ totalCount nodes {{ id }} }}"
    return _probe(site, field, channel, text, granted=site.compared(field), check=check)


def empty(field: Field) -> str:
    """The operator that asks for nothing."""
    return "isEmpty" if "isNull" not in map(camel, field_type(field.type).operators) else "isNull"


def _ordered(field: Field) -> bool:
    return field.type not in REFERENCES and field_type(field.type).orderable


def _probe(site: Site, field: Field, channel: str, text: str, **known: Any) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, **known)


def _cells(site: Site, field: Field, nodes: list[dict[str, Any]]) -> str | None:
    """Every visible row, and each cell as the role has it."""
    rows = {row["id"]: row for row in site.visible}
    if {each["id"] for each in nodes} != set(rows):
        return "other rows than the visible ones"
    return next((why for each in nodes if (why := _cell(site, field, rows[each["id"]], each))), None)


def record(site: Site, field: Field, row: Row, found: dict[str, Any] | None) -> str | None:
    """What is wrong with a record as it was answered."""
    if not site.sight.sees(site.name, row["id"]):
        return None if found is None else "a row that may not be read"
    return "no row" if found is None else _cell(site, field, row, found)


def _cell(site: Site, field: Field, row: Row, found: dict[str, Any]) -> str | None:
    state, mask = site.sight.state(site.name, row["id"], field)
    got, value = found[camel(field.name)], row[field.name]
    if state == "masked":
        plain = value not in (None, "", ()) and got == selected(field, value)
        buckets = mask is not None and mask.name == "bucket"
        return "the value behind a mask" if plain and not buckets else None
    visible = site.sight.visible(field, value) if state == "clear" else None
    expected = selected(field, visible)
    return None if got == expected else f"{got!r} where {expected!r} is readable ({state})"


def _ids(expected: list[str], data: dict[str, Any]) -> str | None:
    found = {each["id"] for each in data["nodes"]}
    same = found == set(expected) and data["totalCount"] == len(expected)
    return None if same else f"finds {sorted(found)} where {sorted(expected)} are readable"


def _told(site: Site, field: Field, data: dict[str, Any]) -> str | None:
    """Each row was written once; a part's change is told where its row and the field may be read on both."""
    for node in data["nodes"]:
        changes = [each["field"] for entry in node["history"]["nodes"] for each in entry["changes"]]
        clear = [each for each in _parted(site, node["id"]) if _clear(site, each, field)]
        told = len(clear) if node["id"] in clear else 0
        if changes.count(camel(field.name)) > told:
            return "a change of a field that may not be read"
    return None


def _parted(site: Site, id: str) -> list[str]:
    return [id, *parts_of(site.granted.model, site.name, id)]


def _clear(site: Site, id: str, field: Field) -> bool:
    return site.sight.sees(site.name, id) and site.sight.state(site.name, id, field)[0] == "clear"
