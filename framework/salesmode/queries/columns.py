"""Which fields of a row a selection touches, its guards included: what a page has to carry from its table."""

from salesmode.access.policy import FieldPolicy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import mentions
from salesmode.model.condition import ALWAYS
from salesmode.queries import nodes
from salesmode.queries.holes import ALWAYS_TOLD
from salesmode.queries.next_stages import looked_at


def fields_of(record: nodes.Record, scope: PolicyScope) -> frozenset[str]:
    """Names of the record's own fields that its items and their guards read, and of what these are computed
    from.
    """
    granted = scope.policy.objects[record.object.name].fields
    touched = {"id"}
    for item in record.items:
        if isinstance(item, nodes.Value | nodes.StageOf | nodes.One | nodes.Listed):
            touched.add(item.field)
            touched.update(_guards(granted[item.field]))
        if isinstance(item, nodes.Hole):
            touched.update(ALWAYS_TOLD, item.needs, *(_guards(granted[name]) for name in item.needs))
        if isinstance(item, nodes.TagLabel):
            touched.add("name")
        if isinstance(item, nodes.NextStages):
            touched.update(looked_at(record.object, scope))
        if isinstance(item, nodes.History):
            guarded = {name: each for name, each in granted.items() if _is_guarded(each)}
            touched.update(guarded, *map(_guards, guarded.values()))
            tags = scope.policy.objects[record.object.name].tags.values()
            touched.update(*(mentions(each.seen) for each in tags))
    return with_sources(touched, record.object)


def _is_guarded(granted: FieldPolicy) -> bool:
    return granted.clear != ALWAYS or granted.field.pipelines is not None


def _guards(granted: FieldPolicy) -> frozenset[str]:
    """Of each mask by itself: together they may simplify to ALWAYS."""
    wheres = (granted.clear, *(each.where for each in granted.maskings))
    return frozenset().union(*map(mentions, wheres))
