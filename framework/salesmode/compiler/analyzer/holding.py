"""A report that is held against a target: what both are about must be the same."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.saved import UNFIT
from salesmode.model.condition import ALWAYS
from salesmode.model.object import Object
from salesmode.model.report import Dimension, Report, ReportMeasure
from salesmode.model.target import Target


def held_against(report: Report, targets: Mapping[str, Target], object_: Object, say: Reporter) -> Report:
    """The report with its target, and with the records that the target counts unless it says which."""
    name = say.document.data["target"]
    target = targets.get(name)
    if target is None:
        say.unknown(UNFIT, "target", name, targets, "target")
        return report
    for place, message, hint in _unlike(report, target, object_):
        say.error_at_value(UNFIT, message, place, hint=hint)
    return replace(report, target=name, where=target.where if report.where == ALWAYS else report.where)


def _unlike(report: Report, target: Target, object_: Object) -> Iterator[tuple[str, str, str]]:
    """What the report has otherwise than the target: where, what, and what would be right."""
    if report.object != target.object:
        yield (
            "target",
            f"the target measures '{target.object}', and not '{report.object}'",
            "name another one",
        )
        return
    if report.where not in (ALWAYS, target.where):
        yield "where", f"the report counts other records than the target '{target.name}'", "leave `where` out"
    measure = ReportMeasure("sum", target.field) if target.field else ReportMeasure("count")
    if measure not in report.measures:
        wanted = f"{{sum: {target.field}}}" if target.field else "{count: true}"
        yield (
            "measures",
            f"the report does not measure what the target '{target.name}' does",
            f"add `{wanted}`",
        )
    if report.period is not None and report.period.field != target.date:
        message = f"the period of the target '{target.name}' is one of '{target.date}'"
        yield "period", message, f"write `field: {target.date}`"
    by = [Dimension((), target.user)]
    if object_.fields[target.date].type == "date":  # as quotas are
        by.append(Dimension((), target.date, target.period.upper()))
    if any(each not in by for each in report.dimensions):
        names = " and ".join(f"{each.by or ''} {each.field}".strip() for each in by)
        message = f"what is to be reached of '{target.name}' is known by {names}"
        yield "dimensions", message, "group by nothing else, or leave `target` out"
