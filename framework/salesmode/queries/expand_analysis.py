"""The names of funnels and their like, root fields of objects with pipelines."""

from salesmode.access.policy import ObjectPolicy
from salesmode.model.names import pascal
from salesmode.pipelines.movers import shows_places
from salesmode.queries import nodes
from salesmode.queries.names import unknown
from salesmode.queries.pick import Pick

_FUNNEL = ("pipeline", "granularity", "label", "entered", "open", "won", "lost", "conversion")
_STAGE = ("stage", "label", "entered", "passed", "conversion", "medianDays", "meanDays")


def analysis_of(granted: ObjectPolicy, pick: Pick) -> nodes.Analysis:
    """The plan of one; whoever may not see where records stand has none."""
    if not shows_places(granted):
        raise unknown(pick.name)
    items = tuple(_funnel_item(each, granted) for each in pick.picks)
    return nodes.Funnel(granted.object, pick.args["pipeline"], items, dict(pick.args))


def _funnel_item(pick: Pick, granted: ObjectPolicy) -> nodes.TypeName | nodes.Fact | nodes.FunnelStages:
    typename = f"{pascal(granted.object.name)}Funnel"
    if pick.name == "stages":
        items = tuple(fact_of(each, _STAGE, f"{typename}Stage") for each in pick.picks)
        return nodes.FunnelStages(pick.key, items)
    return fact_of(pick, _FUNNEL, typename)


def fact_of(pick: Pick, names: tuple[str, ...], typename: str) -> nodes.TypeName | nodes.Fact:
    """One value of those names, or the name of their type."""
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, typename)
    if pick.name not in names:
        raise unknown(pick.name)
    return nodes.Fact(pick.key, pick.name)
