"""A stay in a stage (`stage_change`) is seen with its record, where that shows where it stands."""

from collections.abc import Iterable, Mapping, Sequence

from salesmode.access.attached import seen_with_record
from salesmode.model.condition import ALWAYS, NEVER, Condition, both, either
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS
from salesmode.model.role import ObjectGrant

_TELLING = (PIPELINE, STAGE, STATUS)

Granted = Mapping[str, Sequence[tuple[str, ObjectGrant]]]


def stays_seen(role: str, granted: Granted, objects: Mapping[str, Object]) -> Condition:
    """Which stays the role sees. `granted`: what all the held roles say of each object with pipelines, which
    is also the name of the reference from a stay to its record.
    """
    rights = {name: told_where(role, dict(grants), objects[name]) for name, grants in granted.items()}
    return seen_with_record(rights)


def told_where(role: str, grants: Mapping[str, ObjectGrant], object_: Object) -> Condition:
    """The rows that the role reads, with all that says where they stand."""
    own = grants.get(role)
    told = {name for name in _TELLING if name in object_.fields}
    denied = any(grant.denied & told for grant in grants.values())
    if own is None or own.read is None or own.add_on or denied:
        return NEVER
    return both(own.read.where, *(_clear(name, own, grants.values()) for name in sorted(told)))


def _clear(name: str, own: ObjectGrant, grants: Iterable[ObjectGrant]) -> Condition:
    """Where the field is clear on the rows that `own` reads, by whichever of the roles."""
    named = [each for each in grants if name in each.fields]
    clear = either(*(each.fields[name].clear for each in named if each is own or each.add_on))
    if clear == ALWAYS:
        return clear
    others = ((each.read, each.fields[name].clear) for each in named if each is not own and not each.add_on)
    return either(clear, *(both(read.where, elsewhere) for read, elsewhere in others if read is not None))
