"""Reports: the types of `report`, and what `metadata` tells of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salesmode.access.asked import report_asked
from salesmode.graph.blueprint import Blueprint, Member, field, plain, required, required_list_of
from salesmode.graph.view import View
from salesmode.model.label import Label
from salesmode.model.names import camel, pascal
from salesmode.model.report import Report

REPORT_NAME = "ReportName"
REPORT_WHERE = "ReportWhere"
REPORT_FIELD = Member(
    required("Report"),
    None,
    {
        "name": Member(required(REPORT_NAME)),
        "where": Member(REPORT_WHERE, "Which of its records, by the name of the object that they are of."),
        "at": Member("Date", "A day of the period that a report with periods is about; today unless said."),
    },
)

_TEXT = required("String")
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "Report": {
        "name": _TEXT,
        "label": _TEXT,
        "columns": required_list_of("ReportColumn"),
        "rows": required_list_of("JSON"),
        "total": required("JSON"),
        "subtotals": required_list_of("ReportSubtotal"),
        **dict.fromkeys(("from", "to"), "Date"),
    },
    "ReportColumn": dict.fromkeys(("name", "label", "type"), _TEXT),
    "ReportSubtotal": {"dimension": _TEXT, "rows": required_list_of("JSON")},
    "MetadataReport": {
        **dict.fromkeys(("name", "label", "object"), _TEXT),
        **dict.fromkeys(("period", "target"), "String"),
    },
}

REPORT_TYPES = {name: plain(name, members) for name, members in _MEMBERS.items()}


def reports_offered(view: View) -> Iterator[Report]:
    """The reports that the policy is offered."""
    return (each for each in view.model.reports.values() if report_asked(each, view.policy, view.model))


def report_names(view: View) -> Blueprint | None:
    """`ReportName`: the reports that the policy is offered."""
    members = {each.name: view.said(each.label) for each in reports_offered(view)}
    return Blueprint(form="enum", name=REPORT_NAME, members=lambda: members) if members else None


def report_where(view: View) -> Blueprint | None:
    """`ReportWhere`: a filter for the records of each object that reports are about."""
    names = dict.fromkeys(each.object for each in reports_offered(view))
    members = {camel(each): field(f"{pascal(each)}Where") for each in names}
    return Blueprint(form="input", name=REPORT_WHERE, members=lambda: members) if members else None


def report_rows(view: View, text: Callable[[Label | None], str | None]) -> Iterator[Mapping[str, Any]]:
    """What `metadata` tells of them."""
    for each in reports_offered(view):
        yield {
            **{name: getattr(each, name) for name in ("name", "object", "target")},
            "label": text(each.label),
            "period": each.period and each.period.unit,
        }
