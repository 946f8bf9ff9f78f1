"""The names of `report`: its answer is the aggregation that the caller could ask for themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from salesmode.access.asked import report_asked
from salesmode.access.policy import Policy
from salesmode.access.scope import PolicyScope
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import ALWAYS, Condition, Literal, both
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.model.report import REACHED, Dimension, Report, ReportMeasure, ReportOrder, previous
from salesmode.queries import nodes
from salesmode.queries.filters import condition_of
from salesmode.queries.names import unknown
from salesmode.queries.pick import Leaf, Pick
from salesmode.queries.references import REFERENCES

REPORT = "report"

_FACTS = ("name", "label", "rows", "total", "from", "to")
_SUBTOTAL = ("dimension", "rows")
_COLUMN = ("name", "label", "type")
_COUNT = Label({"en": "Count", "zh": "数量"})
_WHOLE = ("count", "countDistinct")
_REACHED: Mapping[str, tuple[Label, str]] = {
    "target": (Label({"en": "Target", "zh": "目标"}), "decimal"),
    "attainment": (Label({"en": "Attainment, %", "zh": "完成率"}), "percent"),
    "gap": (Label({"en": "Gap", "zh": "差距"}), "decimal"),
}


def report_of(pick: Pick, scope: PolicyScope) -> nodes.Report:
    """The plan of a report; Refusal BAD_REQUEST for one that is not offered."""
    name = str(pick.args["name"].value)
    report = scope.model.reports.get(name)
    if report is None or not report_asked(report, scope.policy, scope.model):
        raise unknown(name)
    made = _Making(report, scope, _asked(pick, report, scope.policy), _at(pick, report))
    items = tuple(_item(each) for each in pick.picks)
    split = any(isinstance(each, nodes.ReportSubtotals) for each in items)
    return nodes.Report(
        report,
        columns=made.columns(),
        rows=made.rows(),
        total=made.aggregation(_cells(report), listed=False),
        subtotals=tuple(made.subtotals()) if split else (),
        items=items,
        asked=made.asked,
        at=made.at,
    )


def _asked(pick: Pick, report: Report, policy: Policy) -> Condition:
    """The `where` of the request, which is one of the object that the report is about."""
    given = pick.args.get("where", Literal(None))
    if given == Literal(None):
        return ALWAYS
    own = camel(report.object)
    for name in given:
        if name != own:
            raise unknown(name)
    where = given.get(own, Literal(None))
    return ALWAYS if where == Literal(None) else condition_of(where, policy.objects[report.object], policy)


def _at(pick: Pick, report: Report) -> Leaf | None:
    """The day of the period that is asked for; Refusal BAD_REQUEST where the report has no periods."""
    given: Leaf = pick.args.get("at", Literal(None))
    if given == Literal(None):
        return None
    if report.period is None:
        raise Refusal("BAD_REQUEST", Message("no_period"))
    return given


@dataclass(frozen=True)
class _Making:
    """The parts of one report; `asked` by the request, in the period of the day `at`."""

    report: Report
    scope: PolicyScope
    asked: Condition
    at: Leaf | None

    @property
    def object(self) -> Object:
        return self.scope.model.objects[self.report.object]

    @property
    def compared(self) -> nodes.Compared | None:
        report = self.report
        if report.period is None and report.target is None:
            return None
        target = self.scope.model.targets[report.target] if report.target else None
        return nodes.Compared(report.period, self.at, target)

    def columns(self) -> tuple[nodes.ReportColumn, ...]:
        measured = [_measured(each, self.object) for each in self.report.measures]
        before = [replace(each, name=previous(each.name), label=_before(each.label)) for each in measured]
        reached = [nodes.ReportColumn(name, *_REACHED[name]) for name in REACHED]
        return (
            *(self._dimension(each) for each in self.report.dimensions),
            *measured,
            *(before if self.report.period else ()),
            *(reached if self.report.target else ()),
        )

    def _dimension(self, dimension: Dimension) -> nodes.ReportColumn:
        end = self._end(dimension)
        return nodes.ReportColumn(dimension.column, end.label, end.type)

    def rows(self) -> nodes.Aggregation:
        """By all dimensions, in the order of the report."""
        report = self.report
        found = self._by(report.dimensions)
        order = tuple(_key(each, report) for each in report.order)
        return replace(found, order=order, size=None if report.limit is None else Literal(report.limit))

    def subtotals(self) -> Iterator[nodes.ReportSubtotal]:
        """By each dimension alone."""
        for each in self.report.dimensions:
            yield nodes.ReportSubtotal(each.column, self._by([each]))

    def _by(self, dimensions: Sequence[Dimension]) -> nodes.Aggregation:
        keys = tuple(
            (nodes.KeyTitle if self._end(each).type in REFERENCES else nodes.KeyValue)(each.column, at)
            for at, each in enumerate(dimensions)
        )
        groups = tuple(nodes.Group(each.path, each.field, each.by) for each in dimensions)
        return replace(self.aggregation((*keys, *_cells(self.report)), listed=True), groups=groups)

    def aggregation(self, items: tuple[nodes.AggregateItem, ...], *, listed: bool) -> nodes.Aggregation:
        """Of the records that the report and the request ask for."""
        where = both(self.report.where, self.asked)
        return nodes.Aggregation("", self.object, items, listed=listed, where=where, compared=self.compared)

    def _end(self, dimension: Dimension) -> Field:
        object_ = self.object
        for step in dimension.path:
            object_ = self.scope.model.target(object_.fields[step])
        return object_.fields[dimension.field]


def _cells(report: Report) -> tuple[nodes.AggregateItem, ...]:
    former = (False, True) if report.period else (False,)
    measured = (_cell(each, before) for before in former for each in report.measures)
    reached = (nodes.ReachedCell(name, name) for name in REACHED) if report.target else ()
    return (*measured, *reached)


def _cell(measure: ReportMeasure, former: bool) -> nodes.Count | nodes.MeasureCell:
    key = previous(measure.column) if former else measure.column
    if measure.field is None:
        return nodes.Count(key, former)
    return nodes.MeasureCell(key, measure.function, measure.field, former)


def _key(order: ReportOrder, report: Report) -> nodes.AggregateKey:
    if order.of == "dimension":
        return nodes.AggregateKey(order.at, descending=order.descending)
    measure = report.measures[order.at]
    return nodes.AggregateKey(None, measure.function, measure.field or "", order.descending)


def _before(label: Label) -> Label:
    """What a measure of the period before is called."""
    return Label({"en": f"{label.text('en')}, period before", "zh": f"上期{label.text('zh')}"})


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
            columns = tuple(_fact(each, _COLUMN, "ReportColumn") for each in pick.picks)
            return nodes.ReportColumns(pick.key, columns)
        case "subtotals":
            return nodes.ReportSubtotals(
                pick.key, tuple(_fact(each, _SUBTOTAL, "ReportSubtotal") for each in pick.picks)
            )
        case name if name in _FACTS:
            return nodes.ReportFact(pick.key, name)
        case name:
            raise unknown(name)


def _fact(pick: Pick, names: tuple[str, ...], typename: str) -> nodes.TypeName | nodes.ReportFact:
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, typename)
    if pick.name not in names:
        raise unknown(pick.name)
    return nodes.ReportFact(pick.key, pick.name)
