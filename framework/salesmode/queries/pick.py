"""What a client selected, before any name is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salesmode.model.condition import Argument, Literal

Leaf = Literal | Argument


@dataclass(frozen=True, slots=True)
class Pick:
    """One selected field: `key` in the answer, `name` and argument names as in GraphQL.

    Arguments are trees of dicts and lists with `Literal` and `Argument` leaves: booleans, nulls and enum
    values are always `Literal`, since a plan depends on them; every other value of the request may be an
    `Argument`.
    """

    key: str
    name: str
    args: Mapping[str, Any] = field(default_factory=dict)
    picks: tuple["Pick", ...] = ()
