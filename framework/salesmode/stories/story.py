"""A story as it is told: lines in order, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.diagnostics import Span
from salesmode.model.app import UserData

ACTS = (
    "create",
    "find",
    "update",
    "delete",
    "restore",
    "move",
    "tag",
    "untag",
    "promote",
    "grant",
    "revoke",
    "graphql",
    "clock",
)
EXPECTATIONS = ("refused", "read", "hidden", "count", "graphql")


@dataclass(frozen=True, slots=True)
class Line:
    """One step or one expectation: `kind` is one of the words above, `data` what was written."""

    kind: str
    data: Mapping[str, Any]
    span: Span

    @property
    def about(self) -> str:
        """The object that is acted on, read or counted."""
        return str(self.data[self.kind])


Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """`given` prepares, the last line of `when` may be refused, `then` is what must hold afterwards.

    `layer`: whose story it is; `own`: that is the app itself. `covers`: the requirements that it shows.
    `data`: the records that are there before. `changed`: where layers above say otherwise what it proves.
    """

    name: str
    layer: str
    own: bool
    span: Span
    covers: tuple[str, ...]
    data: tuple[UserData, ...]
    given: Lines
    when: Lines
    then: Lines
    changed: tuple[Span, ...] = ()
