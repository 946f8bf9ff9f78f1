"""What pipelines add to the rights to write: where a record begins, and which may be moved."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from salesmode.access.policy import WriteGrant
from salesmode.model.condition import ALWAYS, Compare, Condition, Literal, both
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE
from salesmode.model.role import ObjectGrant

Written = Iterable[tuple[ObjectGrant, WriteGrant]]


def has_pipelines(object_: Object) -> bool:
    """Whether records of the object stand in pipelines."""
    return PIPELINE in object_.fields and object_.fields[PIPELINE].kept


def narrowed(write: WriteGrant, grant: ObjectGrant) -> WriteGrant:
    """The right, in the pipelines that the role is limited to (RULING 48)."""
    if grant.pipelines is None:
        return write
    return replace(write, where=both(write.where, Compare(PIPELINE, "in", Literal(grant.pipelines))))


def beginning(write: WriteGrant, object_: Object) -> WriteGrant:
    """Whoever creates a record says where it begins (RULING 31)."""
    begun: Mapping[str, Condition] = {name: ALWAYS for name in (PIPELINE, STAGE) if name in object_.fields}
    return replace(write, fields={**write.fields, **begun})
