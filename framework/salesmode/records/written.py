"""Rows on their way into the database, as this room's steps hand them on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from salesmode.hooks.writes import WriteOperation
from salesmode.model.field import Field
from salesmode.pipelines.passage import Passage
from salesmode.records.atoms import Truths
from salesmode.records.problems import Path


@dataclass(frozen=True, slots=True)
class Going:
    """A row's way into a stage; `path` is of the argument that says where to, `comment` for its history.

    `barred`: the caller has no right to move records of this pipeline.
    """

    passage: Passage
    path: Path
    comment: str | None = None
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """One row that a unit of work writes.

    `supplied` are the fields that the caller gave, `linked` those of them that a nested create fills with
    its parent. `values` has every field that is written (numbers are filled in last), `old` what those
    fields were (empty for a new row). `rights` are the truths that came with the lock; None on a new row,
    whose rights are about the new row itself (RULING 10). An `idle` row has all the values already: it is
    judged, and not written. `going`: a new record enters its first stage, another one moves. `given`: the
    fields that plugins gave values to, whatever the caller may write.
    """

    id: str
    path: Path
    supplied: frozenset[str]
    values: dict[str, object]
    linked: frozenset[str] = frozenset()
    old: Mapping[str, object] = field(default_factory=dict)
    rights: Truths | None = None
    version: int = 1
    idle: bool = False
    going: Going | None = None
    given: frozenset[str] = frozenset()

    @property
    def operation(self) -> WriteOperation:
        """Only the rights to an old row come with its lock."""
        return "create" if self.rights is None else "update"

    def now(self, name: str) -> object:
        """The field's value after the write."""
        return self.values[name] if name in self.values else self.old.get(name)


def equal(field: Field, one: object, other: object) -> bool:
    """Whether two canonical values of a field are the same; to Python, JSON's `true`, `1` and `1.0` are."""
    if field.type != "json" or one is None or other is None:
        return one == other
    return _ordered(one) == _ordered(other)


def _ordered(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
