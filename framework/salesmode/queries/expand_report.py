"""The names of `report`: its answer is the aggregation that the caller could ask for themselves."""

from salesmode.access.asked import report_asked
from salesmode.access.scope import PolicyScope
from salesmode.model.condition import Literal
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode.model.report import Dimension, Report, ReportMeasure, ReportOrder
from salesmode.queries import nodes
from salesmode.queries.names import unknown
from salesmode.queries.pick import Pick
from salesmode.queries.references import REFERENCES

REPORT = "report"

_FACTS = ("name", "label", "rows", "total")
_COLUMN = ("name", "label", "type")
_COUNT = Label({"en": "Count", "zh": "数量"})
_WHOLE = ("count", "countDistinct")


def report_of(pick: Pick, scope: PolicyScope) -> nodes.Report:
    """The plan of a report; Refusal BAD_REQUEST for one that is not offered."""
    name = str(pick.args["name"].value)
    report = scope.model.reports.get(name)
    if report is None or not report_asked(report, scope.policy, scope.model):
        raise unknown(name)
    object_ = scope.model.objects[report.object]
    ends = [_end(each, object_, scope) for each in report.dimensions]
    return nodes.Report(
        report,
        columns=(*map(_by, report.dimensions, ends), *(_measured(each, object_) for each in report.measures)),
        rows=_rows(report, object_, ends),
        total=nodes.Aggregation("", object_, _cells(report), listed=False, where=report.where),
        items=tuple(_item(each) for each in pick.picks),
    )


def _rows(report: Report, object_: Object, ends: list[Field]) -> nodes.Aggregation:
    keys = tuple(
        nodes.KeyTitle(each.column, at) if end.type in REFERENCES else nodes.KeyValue(each.column, at)
        for at, (each, end) in enumerate(zip(report.dimensions, ends, strict=True))
    )
    return nodes.Aggregation(
        "",
        object_,
        (*keys, *_cells(report)),
        listed=True,
        where=report.where,
        groups=tuple(nodes.Group(each.path, each.field, each.by) for each in report.dimensions),
        order=tuple(_key(each, report) for each in report.order),
        size=None if report.limit is None else Literal(report.limit),
    )


def _cells(report: Report) -> tuple[nodes.Count | nodes.MeasureCell, ...]:
    return tuple(
        nodes.Count("count")
        if each.field is None
        else nodes.MeasureCell(each.column, each.function, each.field)
        for each in report.measures
    )


def _key(order: ReportOrder, report: Report) -> nodes.AggregateKey:
    if order.of == "dimension":
        return nodes.AggregateKey(order.at, descending=order.descending)
    measure = report.measures[order.at]
    return nodes.AggregateKey(None, measure.function, measure.field or "", order.descending)


def _end(dimension: Dimension, object_: Object, scope: PolicyScope) -> Field:
    for step in dimension.path:
        object_ = scope.model.target(object_.fields[step])
    return object_.fields[dimension.field]


def _by(dimension: Dimension, end: Field) -> nodes.ReportColumn:
    return nodes.ReportColumn(dimension.column, end.label, end.type)


def _measured(measure: ReportMeasure, object_: Object) -> nodes.ReportColumn:
    if measure.field is None:
        return nodes.ReportColumn(measure.column, _COUNT, "integer")
    field = object_.fields[measure.field]
    return nodes.ReportColumn(measure.column, field.label, _type(measure.function, field))


def _type(function: str, field: Field) -> str:
    if function in _WHOLE:
        return "integer"
    if function == "avg":
        return "decimal"
    return "big_integer" if function == "sum" and field.type == "integer" else field.type


def _item(pick: Pick) -> nodes.ReportItem:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "Report")
        case "columns":
            return nodes.ReportColumns(pick.key, tuple(_column(each) for each in pick.picks))
        case name if name in _FACTS:
            return nodes.ReportFact(pick.key, name)
        case name:
            raise unknown(name)


def _column(pick: Pick) -> nodes.TypeName | nodes.ReportFact:
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, "ReportColumn")
    if pick.name not in _COLUMN:
        raise unknown(pick.name)
    return nodes.ReportFact(pick.key, pick.name)
