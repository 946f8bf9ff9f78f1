"""The names of funnels, forecasts, rates of wins and comparisons, root fields of objects with pipelines."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import Literal
from salesmode.model.names import pascal
from salesmode.model.snapshot import SNAPSHOT
from salesmode.pipelines.dimensions import (
    GROUP,
    comparison_dimensions,
    dimensions,
    quantities,
    rate_dimensions,
    record_of,
)
from salesmode.pipelines.movers import shows_analysis
from salesmode.queries import nodes
from salesmode.queries.names import unknown
from salesmode.queries.pick import Pick

RecordOf = Callable[[str, Iterable[Pick]], nodes.Record]

_FUNNEL = ("pipeline", "granularity", "label", "entered", "open", "won", "lost", "conversion")
_STAGE = ("stage", "label", "entered", "passed", "conversion", "medianDays", "meanDays")
_TAG_FUNNEL = ("tag", "label", "line", "entered", "open", "promoted", "conversion")
_STATE = ("state", "label", "count")
_FORECAST = ("count", "amount", "weighted")
_COMPARISON = ("count", "amountThen", "amountNow")
_WIN_RATE = ("won", "closed", "rate", "low", "high", "enough")


@dataclass(frozen=True)
class _Lines:
    """What the lines of one analysis may be asked for, and `record` for what is selected of a record."""

    granted: ObjectPolicy
    policy: Policy
    record: RecordOf

    def of(
        self, pick: Pick, kind: str, facts: tuple[str, ...], known: tuple[str, ...], by: tuple[str, ...]
    ) -> tuple[nodes.TypeName | nodes.Fact | nodes.KeyObject, ...]:
        """What is selected of each line, which is about the dimensions `by`."""
        typename = f"{pascal(self.granted.object.name)}{kind}"

        def item(each: Pick) -> nodes.TypeName | nodes.Fact | nodes.KeyObject:
            if each.name != "key":
                return fact_of(each, facts, typename)
            return nodes.KeyObject(
                each.key, tuple(self._key(below, f"{typename}Key", known, by) for below in each.picks)
            )

        return tuple(map(item, pick.picks))

    def _key(self, pick: Pick, typename: str, known: tuple[str, ...], by: tuple[str, ...]) -> nodes.KeyItem:
        if pick.name == "__typename":
            return nodes.TypeName(pick.key, typename)
        if pick.name not in known:
            raise unknown(pick.name)
        if pick.name not in by:
            return nodes.KeyNull(pick.key)
        of = record_of(pick.name, self.granted, self.policy)
        if of is None:
            return nodes.KeyValue(pick.key, by.index(pick.name))
        return nodes.KeyRecord(pick.key, by.index(pick.name), self.record(of, pick.picks))


def analysis_of(
    kind: str, granted: ObjectPolicy, pick: Pick, policy: Policy, record: RecordOf
) -> nodes.Analysis:
    """The plan of one; whoever may not see where records stand has none. `record` expands what is selected of
    a record of an object.
    """
    if kind == "tag_funnel" and granted.tags:
        return _tag_funnel(granted, pick)
    if not shows_analysis(granted, kind):
        raise unknown(pick.name)
    if kind == "funnel":
        items = tuple(_funnel_item(each, granted) for each in pick.picks)
        return nodes.Funnel(granted.object, pick.args["pipeline"], items, dict(pick.args))
    return _WITH_LINES[kind](pick, _Lines(granted, policy, record))


def _funnel_item(pick: Pick, granted: ObjectPolicy) -> nodes.TypeName | nodes.Fact | nodes.FunnelStages:
    typename = f"{pascal(granted.object.name)}Funnel"
    if pick.name == "stages":
        items = tuple(fact_of(each, _STAGE, f"{typename}Stage") for each in pick.picks)
        return nodes.FunnelStages(pick.key, items)
    return fact_of(pick, _FUNNEL, typename)


def _tag_funnel(granted: ObjectPolicy, pick: Pick) -> nodes.TagFunnel:
    typename = f"{pascal(granted.object.name)}TagFunnel"

    def item(each: Pick) -> nodes.TypeName | nodes.Fact | nodes.FunnelStages:
        if each.name != "states":
            return fact_of(each, _TAG_FUNNEL, typename)
        return nodes.FunnelStages(
            each.key, tuple(fact_of(below, _STATE, f"{typename}State") for below in each.picks)
        )

    return nodes.TagFunnel(granted.object, pick.args["tag"], tuple(map(item, pick.picks)), dict(pick.args))


def _forecast(pick: Pick, lines: _Lines) -> nodes.Forecast:
    granted, policy = lines.granted, lines.policy
    known = dimensions(granted, policy)
    by = _asked(pick, known)
    facts = (*_FORECAST, "quantity") if quantities(granted, policy) else _FORECAST
    return nodes.Forecast(granted.object, by, lines.of(pick, "Forecast", facts, known, by), dict(pick.args))


def _win_rate(pick: Pick, lines: _Lines) -> nodes.WinRate:
    granted, known = lines.granted, rate_dimensions(lines.granted, lines.policy)
    given = pick.args.get("by", Literal(None))
    by = () if given == Literal(None) else _dimensions([given])
    if set(by) - set(known):
        raise unknown(by[0])
    items = lines.of(pick, "WinRate", _WIN_RATE, known, by)
    only = by[0] if by else None
    return nodes.WinRate(granted.object, pick.args["pipeline"], only, items, dict(pick.args))


def _comparison(pick: Pick, lines: _Lines) -> nodes.Comparison:
    """Every line is about what became of its records, and about what it is asked by."""
    if SNAPSHOT not in lines.policy.readable:
        raise unknown(pick.name)
    known = comparison_dimensions(lines.granted, lines.policy)
    by = (GROUP, *_asked(pick, known))
    items = lines.of(pick, "SnapshotComparison", _COMPARISON, (GROUP, *known), by)
    return nodes.Comparison(lines.granted.object, by, items, dict(pick.args))


_WITH_LINES: Mapping[str, Callable[[Pick, _Lines], nodes.Analysis]] = {
    "forecast": _forecast,
    "win_rate": _win_rate,
    "snapshot_comparison": _comparison,
}


def _asked(pick: Pick, known: tuple[str, ...]) -> tuple[str, ...]:
    """The dimensions that are asked for, which are there."""
    by = _dimensions(pick.args.get("by", Literal(None)))
    for each in by:
        if each not in known:
            raise unknown(each)
    return by


def _dimensions(given: Any) -> tuple[str, ...]:
    if given == Literal(None):
        return ()
    by = tuple(str(each.value).lower() for each in given)
    if len(set(by)) < len(by):
        raise Refusal("BAD_REQUEST", Message("group_twice"))
    return by


def fact_of(pick: Pick, names: tuple[str, ...], typename: str) -> nodes.TypeName | nodes.Fact:
    """One value of those names, or the name of their type."""
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, typename)
    if pick.name not in names:
        raise unknown(pick.name)
    return nodes.Fact(pick.key, pick.name)
