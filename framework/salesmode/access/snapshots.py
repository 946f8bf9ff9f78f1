"""A snapshot is seen by whoever sees where some records of its object stand; what it holds of a record, with
that record, in comparisons alone.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from salesmode.access.stays import Granted, told_where
from salesmode.model.condition import NEVER, Compare, Condition, Literal
from salesmode.model.object import Object


def snapshots_seen(role: str, granted: Granted, objects: Mapping[str, Object]) -> Condition:
    """Which snapshots the role sees. `granted`: what all the held roles say of each object with pipelines."""
    names = tuple(told_objects(role, granted, objects))
    return Compare("object", "in", Literal(names)) if names else NEVER


def told_objects(role: str, granted: Granted, objects: Mapping[str, Object]) -> Iterator[str]:
    """The objects of which the role sees where some records stand."""
    for name, grants in granted.items():
        if told_where(role, dict(grants), objects[name]) != NEVER:
            yield name


def as_seen(snapshot: Object, names: Collection[str]) -> Object:
    """The object `snapshot` as if there were no other objects with pipelines than these."""
    of = snapshot.fields["object"]
    kept = replace(of, options=tuple(each for each in of.options if each.name in names))
    return replace(snapshot, fields={**snapshot.fields, of.name: kept})
