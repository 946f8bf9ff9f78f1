"""Rows on their way into the database, as this room's steps hand them on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from salesmode.records.atoms import Truths
from salesmode.records.problems import Path


@dataclass(frozen=True, slots=True)
class Written:
    """One row that a unit of work writes.

    `supplied` are the fields that the caller gave, `linked` those of them that a nested create fills with
    its parent. `values` has every field that is written (numbers are filled in last), `old` what those
    fields were (empty for a new row). `rights` are the truths that came with the lock; None on a new row,
    whose rights are about the new row itself (RULING 10).
    """

    id: str
    path: Path
    supplied: frozenset[str]
    values: dict[str, object]
    linked: frozenset[str] = frozenset()
    old: Mapping[str, object] = field(default_factory=dict)
    rights: Truths | None = None
    version: int = 1

    def now(self, name: str) -> object:
        """The field's value after the write."""
        return self.values[name] if name in self.values else self.old.get(name)
