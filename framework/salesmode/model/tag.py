"""A tag: a mark on a record that can count as an opportunity, the lightest of the three granularities.

The tags of all records are rows of the engine's object `tag`; each object that carries tags has the to-many
`tags`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from salesmode.diagnostics import Span
from salesmode.model.condition import Condition, Value
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.pipeline import Duration

TAG, TAGS, TAG_TABLE = "tag", "tags", "sm_tag"
PROMOTED = "promoted"

LEVELS = ("none", "read", "write")
"""What a role grants on a tag: not to see it, to see it, to set it."""


def promoted_to(object_name: str) -> str:
    """The field of a tag that refers to the record that it became."""
    return f"promoted_{object_name}"


def tag_entry(name: str) -> str:
    """What a record's history calls a change of that tag: who may not see the tag is not told of it."""
    return f"{TAGS}.{name}"


@dataclass(frozen=True, slots=True)
class TagState:
    """One state of a tag."""

    name: str
    label: Label


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a tag becomes: a record of `pipeline` with `presets` (RULING 35)."""

    pipeline: str
    presets: Mapping[str, Value]
    span: Span


@dataclass(frozen=True, slots=True)
class Tag:
    """One kind of tag on records of `object`.

    `line`: it counts as an opportunity under that name, `probability` in per cent of being won. `states` in
    order, the first is the default (none: the tag has no state). `fields`: values of the tag itself. `auto`:
    it is kept on the records where that holds, and never set by hand (RULING 30).
    """

    name: str
    object: str
    label: Label
    span: Span
    line: str | None = None
    probability: Decimal = Decimal(0)
    states: tuple[TagState, ...] = ()
    fields: Mapping[str, Field] | None = None
    auto: Condition | None = None
    expires_after: Duration | None = None
    promote_to: Promotion | None = None
