"""Prober of opportunities: what a view of all granularities tells of a record, and of its number."""

from decimal import Decimal
from functools import partial
from typing import Any

from salesmode.model.field import Field
from salesmode.model.opportunity import Line
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS
from salesmode.model.tag import PROMOTED
from salesmode.pipelines.lines import several
from salesmode.proving.probe import Check, Probe
from salesmode.proving.reading import Probes
from salesmode.proving.site import Site
from salesmode.proving.world import Row

_TOLD = {PIPELINE: "granularity pipeline label", STAGE: "stage stageLabel", STATUS: "status"}
_TOLD_OF_TAG = {"name": "pipeline label", "state": "stage stageLabel"}


def view(site: Site, field: Field, channel: str) -> Probes:
    """Every customer's opportunities with the field; filtered and ordered by it; and of all below."""
    for customer, lines in site.granted.model.lines.items():
        for line in lines:
            told = _told(line, field)
            if line.object == site.name and told is not None:
                yield from _probes(site, field, channel, site.at(customer), line, told)


def _told(line: Line, field: Field) -> str | None:
    """What the view says of the field; None where it says nothing."""
    worth = {line.amount: "amount", line.close_date: "closeDate", line.link: ""}
    return worth.get(field.name, (_TOLD_OF_TAG if line.tags else _TOLD).get(field.name))


def _probes(site: Site, field: Field, channel: str, customer: Site, line: Line, told: str) -> Probes:
    node = f"{told} record {{ __typename ... on Node {{ id }} }}"
    totals = "totalCount totals { granularity count amount }"
    name = told.split()[-1] if told else ""
    asked: list[tuple[str, str, Check | None]] = [
        (
            "(first: 100)",
            f"{totals} nodes {{ {node} }}",
            None if line.tags else partial(_rows, site, line, field, name),
        )
    ]
    for each in told.split():
        if each not in ("label", "stageLabel"):
            arguments = f"(first: 2, where: {{{each}: {{isNull: false}}}}, orderBy: [{{{each}: DESC}}])"
            asked.append((arguments, f"{totals} edges {{ cursor node {{ {node} }} }}", None))
    if any(each.tree and customer.compared(each) for each in customer.fields):
        asked.append(("(first: 100, below: true)", f"{totals} nodes {{ {node} }}", None))
    for arguments, picks, check in asked:
        inner = f"opportunityView{arguments} {{ {picks} pageInfo {{ hasNextPage }} }}"
        yield Probe(
            channel=channel,
            object=site.name,
            field=field.name,
            text=f"{customer.many}(first: 100) {{ nodes {{ id {inner} }} }}",
            granted=_there(customer, site.granted.model.lines[customer.name]),
            check=check,
        )


def _there(customer: Site, lines: tuple[Line, ...]) -> bool | None:
    """Whether the role has the view; what it knows of tags is not told here."""
    if not customer.granted.reads(customer.name):
        return False
    shown = any(_shows(customer.at(each.object), each) for each in lines if not each.tags)
    return True if shown else None if any(each.tags for each in lines) else False


def _shows(site: Site, line: Line) -> bool:
    needed = (line.link, *((PIPELINE,) if several(site.object) else ()))
    return site.granted.reads(site.name) and all(site.compared(site.object.fields[each]) for each in needed)


def _rows(site: Site, line: Line, field: Field, name: str, data: Any) -> str | None:
    for node in data["nodes"]:
        rows = {row["id"]: row for row in site.visible if _counts(site, line, row, node["id"])}
        told = [
            each for each in node["opportunityView"]["nodes"] if each["record"]["__typename"] == site.type
        ]
        if {each["record"]["id"] for each in told} != set(rows):
            return "other opportunities than the visible ones"
        for each in told if name in ("amount", "closeDate") else ():
            wanted = site.clear(rows[each["record"]["id"]], field)
            if not _same(each[name], wanted):
                return f"{each[name]!r}, where {wanted!r} may be read"
    return None


def _counts(site: Site, line: Line, row: Row, customer: str) -> bool:
    fields = site.object.fields
    if line.tags:
        return row[line.link] == customer and row["name"] in line.tags and row["state"] != PROMOTED
    pipeline = site.clear(row, fields[PIPELINE]) if several(site.object) else row[PIPELINE]
    return site.clear(row, fields[line.link]) == customer and pipeline in line.pipelines


def _same(told: str | None, value: Any) -> bool:
    if told is None or value is None:
        return told is value
    return Decimal(told) == value if isinstance(value, Decimal) else told == value.isoformat()
