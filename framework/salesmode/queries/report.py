"""`report` as SQL: the rows and the total are aggregations like any other, and what is said of the columns
stands beside them.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text

from salesmode.access.scope import PolicyScope
from salesmode.database.statement import slot_from
from salesmode.fieldtypes.sql import json_string, quoted
from salesmode.model.label import Label
from salesmode.queries import nodes
from salesmode.queries.aggregate import Reference, aggregation_json
from salesmode.queries.json_text import joined, object_of
from salesmode.queries.periods import Periods


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
        case nodes.ReportFact(_, "total"):
            return aggregation_json(report.total, scope, None, reference)
        case nodes.ReportFact(_, name):
            return _day(name, report, scope)
        case nodes.ReportSubtotals(_, items):
            return _array([_subtotal(items, each, scope, reference) for each in report.subtotals])


def _columns(
    items: tuple[nodes.TypeName | nodes.ReportFact, ...], report: nodes.Report, scope: PolicyScope
) -> ColumnElement[str]:
    return _array(
        [object_of([(each.key, _told(each, column, scope)) for each in items]) for column in report.columns]
    )


def _array(entries: Sequence[ColumnElement[str]]) -> ColumnElement[str]:
    pieces: list[str | ColumnElement[str]] = ["["]
    for at, entry in enumerate(entries):
        pieces += [*([","] if at else []), entry]
    return joined([*pieces, "]"])


def _subtotal(
    items: Sequence[nodes.TypeName | nodes.ReportFact],
    subtotal: nodes.ReportSubtotal,
    scope: PolicyScope,
    reference: Reference,
) -> ColumnElement[str]:
    entries: list[tuple[str, str | ColumnElement[str]]] = []
    for each in items:
        match each:
            case nodes.TypeName(key, name):
                entries.append((key, f'"{name}"'))
            case nodes.ReportFact(key, "dimension"):
                entries.append((key, f'"{subtotal.name}"'))
            case nodes.ReportFact(key):
                entries.append((key, aggregation_json(subtotal.rows, scope, None, reference)))
    return object_of(entries)


def _day(name: str, report: nodes.Report, scope: PolicyScope) -> str | ColumnElement[str]:
    """The first or the last day of the period that is told."""
    if report.report.period is None:
        return "null"
    periods = Periods(report.report.period.unit, report.at, scope.model.app)
    find = periods.day(0) if name == "from" else periods.day(1, before=1)
    return quoted(slot_from(lambda environment: find(environment).isoformat(), Text(), lambda day: day))


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
