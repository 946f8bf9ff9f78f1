"""`report` as SQL: the rows and the total are aggregations like any other, and what is said of the columns
stands beside them.
"""

from sqlalchemy import ColumnElement, Text

from salesmode.access.scope import PolicyScope
from salesmode.database.statement import slot_from
from salesmode.fieldtypes.sql import json_string
from salesmode.model.label import Label
from salesmode.queries import nodes
from salesmode.queries.aggregate import Reference, aggregation_json
from salesmode.queries.json_text import joined, object_of


def report_json(report: nodes.Report, scope: PolicyScope, reference: Reference) -> ColumnElement[str]:
    """The JSON object of a report."""
    return object_of([(each.key, _item(each, report, scope, reference)) for each in report.items])


def _item(
    item: nodes.ReportItem, report: nodes.Report, scope: PolicyScope, reference: Reference
) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.ReportColumns(_, items):
            return _columns(items, report, scope)
        case nodes.ReportFact(_, "name"):
            return f'"{report.report.name}"'
        case nodes.ReportFact(_, "label"):
            return _spoken(report.report.label, scope)
        case nodes.ReportFact(_, "rows"):
            return aggregation_json(report.rows, scope, None, reference)
        case nodes.ReportFact():
            return aggregation_json(report.total, scope, None, reference)


def _columns(
    items: tuple[nodes.TypeName | nodes.ReportFact, ...], report: nodes.Report, scope: PolicyScope
) -> ColumnElement[str]:
    pieces: list[str | ColumnElement[str]] = ["["]
    for at, column in enumerate(report.columns):
        told = object_of([(each.key, _told(each, column, scope)) for each in items])
        pieces += [*([","] if at else []), told]
    return joined([*pieces, "]"])


def _told(
    item: nodes.TypeName | nodes.ReportFact, column: nodes.ReportColumn, scope: PolicyScope
) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.ReportFact(_, "label"):
            return _spoken(column.label, scope)
        case nodes.ReportFact(_, "type"):
            return f'"{column.type}"'
        case _:
            return f'"{column.name}"'


def _spoken(label: Label, scope: PolicyScope) -> ColumnElement[str]:
    """In the caller's language, which is no part of a plan."""
    text = slot_from(lambda environment: label.text(environment.locale), Text(), lambda said: said)
    return json_string(text, scope.dialect)
