"""What is asked of opportunities over time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.object import Object
from salesmode.queries.nodes.leaves import TypeName
from salesmode.queries.nodes.records import KeyObject
from salesmode.queries.pick import Leaf


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of an analysis, by its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class FunnelStages:
    """`stages` of a funnel, or `states` of one of a tag, in their order."""

    key: str
    items: tuple[TypeName | Fact, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the records of a pipeline came (D14): of those that entered it between `since` and `until`."""

    object: Object
    pipeline: Leaf
    items: tuple[TypeName | Fact | FunnelStages, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class TagFunnel:
    """What came of a tag (D74) that was set between `since` and `until`; `where` is one of its records."""

    object: Object
    tag: Leaf
    items: tuple[TypeName | Fact | FunnelStages, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Forecast:
    """What open records are expected to bring, and won ones have brought, by the dimensions `by` (D33)."""

    object: Object
    by: tuple[str, ...]
    items: tuple[TypeName | Fact | KeyObject, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class WinRate:
    """How many closed records of a pipeline were won (D34): all, or by the dimension `by`."""

    object: Object
    pipeline: Leaf
    by: str | None
    items: tuple[TypeName | Fact | KeyObject, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of records since the snapshot `since` (D33), until another one or, where `until` is None,
    until now.
    """

    object: Object
    by: tuple[str, ...]
    items: tuple[TypeName | Fact | KeyObject, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


Analysis = Funnel | TagFunnel | Forecast | WinRate | Comparison
