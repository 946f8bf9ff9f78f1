"""Reports: the types of `report`, and what `metadata` tells of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salesmode.access.asked import report_asked
from salesmode.graph.blueprint import Blueprint, plain, required, required_list_of
from salesmode.graph.view import View
from salesmode.model.label import Label
from salesmode.model.report import Report

REPORT_NAME = "ReportName"
REPORT_ARGUMENTS = {"name": required(REPORT_NAME)}

_TEXT = required("String")
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "Report": {
        "name": _TEXT,
        "label": _TEXT,
        "columns": required_list_of("ReportColumn"),
        "rows": required_list_of("JSON"),
        "total": required("JSON"),
    },
    "ReportColumn": dict.fromkeys(("name", "label", "type"), _TEXT),
    "MetadataReport": dict.fromkeys(("name", "label", "object"), _TEXT),
}

REPORT_TYPES = {name: plain(name, members) for name, members in _MEMBERS.items()}


def reports_offered(view: View) -> Iterator[Report]:
    """The reports that the policy is offered."""
    return (each for each in view.model.reports.values() if report_asked(each, view.policy, view.model))


def report_names(view: View) -> Blueprint | None:
    """`ReportName`: the reports that the policy is offered."""
    members = {each.name: view.said(each.label) for each in reports_offered(view)}
    return Blueprint(form="enum", name=REPORT_NAME, members=lambda: members) if members else None


def report_rows(view: View, text: Callable[[Label | None], str | None]) -> Iterator[Mapping[str, Any]]:
    """What `metadata` tells of them."""
    for each in reports_offered(view):
        yield {"name": each.name, "label": text(each.label), "object": each.object}
