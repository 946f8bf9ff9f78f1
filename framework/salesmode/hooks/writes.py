"""What is being written: one batch for one object and one operation, for one row as for ten thousand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from salesmode.diagnostics import Text
from salesmode.hooks.desk import Desk
from salesmode.model.object import Object

WriteOperation = Literal["create", "update", "delete", "restore"]


@dataclass(slots=True)
class Change:
    """One row. `old`: as it was, locked (None on create); `new`: as it will be, with what is presets and
    defaults; `supplied`: what the request named; `move`: from which stage to which, where it moves.

    In `before_write`, `set` gives the row a further value: canonical, as the system, whatever the caller may.
    """

    id: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any]
    supplied: frozenset[str]
    move: tuple[str | None, str] | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def set(self, name: str, value: Any) -> None:
        self.values[name] = value

    def changed(self, name: str) -> bool:
        """Whether the row gets another value of that field."""
        return self.old is None or self.old.get(name) != self.values.get(name, self.new.get(name))


@dataclass(frozen=True, slots=True)
class Batch:
    """All rows of one object that a request writes in one way. `desk` works in the same transaction."""

    object: Object
    operation: WriteOperation
    changes: Sequence[Change]
    desk: Desk


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row. `field`: told in the path where the caller may know it; `code`: the
    plugin's own word, `text` a Label or Message.
    """

    id: str
    code: str
    text: Text
    field: str | None = None
