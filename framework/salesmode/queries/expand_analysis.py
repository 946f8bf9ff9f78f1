"""The names of funnels, forecasts and rates of wins, root fields of objects with pipelines."""

from collections.abc import Callable, Iterable
from typing import Any

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.model.condition import Literal
from salesmode.model.names import pascal
from salesmode.model.snapshot import SNAPSHOT
from salesmode.pipelines.dimensions import GROUP, RECORDS, comparison_dimensions, dimensions, rate_dimensions
from salesmode.pipelines.movers import shows_places
from salesmode.queries import nodes
from salesmode.queries.names import unknown
from salesmode.queries.pick import Pick

RecordOf = Callable[[str, Iterable[Pick]], nodes.Record]

_FUNNEL = ("pipeline", "granularity", "label", "entered", "open", "won", "lost", "conversion")
_STAGE = ("stage", "label", "entered", "passed", "conversion", "medianDays", "meanDays")
_FORECAST = ("count", "amount", "weighted")
_COMPARISON = ("count", "amountThen", "amountNow")
_WIN_RATE = ("won", "closed", "rate", "low", "high", "enough")


def analysis_of(
    kind: str, granted: ObjectPolicy, pick: Pick, policy: Policy, record: RecordOf
) -> nodes.Analysis:
    """The plan of one; whoever may not see where records stand has none. `record` expands what is selected of
    a record of an object.
    """
    if not shows_places(granted):
        raise unknown(pick.name)
    if kind == "forecast":
        return _forecast(granted, pick, dimensions(granted, policy), record)
    if kind == "win_rate":
        return _win_rate(granted, pick, rate_dimensions(granted, policy), record)
    if kind == "snapshot_comparison":
        if SNAPSHOT not in policy.readable:
            raise unknown(pick.name)
        return _comparison(granted, pick, comparison_dimensions(granted, policy), record)
    items = tuple(_funnel_item(each, granted) for each in pick.picks)
    return nodes.Funnel(granted.object, pick.args["pipeline"], items, dict(pick.args))


def _funnel_item(pick: Pick, granted: ObjectPolicy) -> nodes.TypeName | nodes.Fact | nodes.FunnelStages:
    typename = f"{pascal(granted.object.name)}Funnel"
    if pick.name == "stages":
        items = tuple(fact_of(each, _STAGE, f"{typename}Stage") for each in pick.picks)
        return nodes.FunnelStages(pick.key, items)
    return fact_of(pick, _FUNNEL, typename)


def _forecast(granted: ObjectPolicy, pick: Pick, known: tuple[str, ...], record: RecordOf) -> nodes.Forecast:
    by = _known(pick, known)
    items = _lines(pick, f"{pascal(granted.object.name)}Forecast", _FORECAST, known, by, record)
    return nodes.Forecast(granted.object, by, items, dict(pick.args))


def _win_rate(granted: ObjectPolicy, pick: Pick, known: tuple[str, ...], record: RecordOf) -> nodes.WinRate:
    given = pick.args.get("by", Literal(None))
    by = () if given == Literal(None) else _dimensions([given])
    if set(by) - set(known):
        raise unknown(by[0])
    items = _lines(pick, f"{pascal(granted.object.name)}WinRate", _WIN_RATE, known, by, record)
    only = by[0] if by else None
    return nodes.WinRate(granted.object, pick.args["pipeline"], only, items, dict(pick.args))


def _comparison(
    granted: ObjectPolicy, pick: Pick, known: tuple[str, ...], record: RecordOf
) -> nodes.Comparison:
    """Every line is about what became of its records, and about what it is asked by."""
    by = (GROUP, *_known(pick, known))
    typename = f"{pascal(granted.object.name)}SnapshotComparison"
    items = _lines(pick, typename, _COMPARISON, (GROUP, *known), by, record)
    return nodes.Comparison(granted.object, by, items, dict(pick.args))


def _known(pick: Pick, known: tuple[str, ...]) -> tuple[str, ...]:
    """The dimensions that are asked for, which are there."""
    by = _dimensions(pick.args.get("by", Literal(None)))
    for each in by:
        if each not in known:
            raise unknown(each)
    return by


def _lines(
    pick: Pick,
    typename: str,
    facts: tuple[str, ...],
    known: tuple[str, ...],
    by: tuple[str, ...],
    record: RecordOf,
) -> tuple[nodes.TypeName | nodes.Fact | nodes.KeyObject, ...]:
    """What is selected of each line."""

    def item(each: Pick) -> nodes.TypeName | nodes.Fact | nodes.KeyObject:
        if each.name != "key":
            return fact_of(each, facts, typename)
        keys = (_key_item(below, f"{typename}Key", known, by, record) for below in each.picks)
        return nodes.KeyObject(each.key, tuple(keys))

    return tuple(map(item, pick.picks))


def _dimensions(given: Any) -> tuple[str, ...]:
    if given == Literal(None):
        return ()
    by = tuple(str(each.value).lower() for each in given)
    if len(set(by)) < len(by):
        raise Refusal("BAD_REQUEST", Message("group_twice"))
    return by


def _key_item(
    pick: Pick, typename: str, known: tuple[str, ...], by: tuple[str, ...], record: RecordOf
) -> nodes.KeyItem:
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, typename)
    if pick.name not in known:
        raise unknown(pick.name)
    if pick.name not in by:
        return nodes.KeyNull(pick.key)
    if pick.name not in RECORDS:
        return nodes.KeyValue(pick.key, by.index(pick.name))
    return nodes.KeyRecord(pick.key, by.index(pick.name), record(RECORDS[pick.name], pick.picks))


def fact_of(pick: Pick, names: tuple[str, ...], typename: str) -> nodes.TypeName | nodes.Fact:
    """One value of those names, or the name of their type."""
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, typename)
    if pick.name not in names:
        raise unknown(pick.name)
    return nodes.Fact(pick.key, pick.name)
