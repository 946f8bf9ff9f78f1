"""Named booleans: the conditions of a write, asked of the database all at once.

Rights and rules are boolean formulas over conditions. Each distinct condition becomes one column of the one
statement; what is combined afterwards in Python are truth values, never values of fields.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement

from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import mentions
from salesmode.conditions.scope import Source
from salesmode.model.condition import ALWAYS, NEVER, Condition
from salesmode.model.object import Object
from salesmode.records.members import Members, all_there
from salesmode.records.subject import Subject

Atom = Condition | Members

Truths = Sequence[bool]
"""For one row: which conditions hold, by their index."""

HOLDS, FAILS = 0, 1
"""The indexes of ALWAYS and NEVER, which no statement has to ask for."""


class Atoms:
    """Conditions get an index when a statement is composed; a row's booleans are read back by it."""

    def __init__(self) -> None:
        self._indexes: dict[Atom, int] = {ALWAYS: HOLDS, NEVER: FAILS}

    def __len__(self) -> int:
        """How many columns the conditions take."""
        return len(self._indexes) - 2

    def index(self, condition: Atom) -> int:
        """Where the condition's truth will stand."""
        return self._indexes.setdefault(condition, len(self._indexes))

    def columns(self, subject: Subject, source: Source) -> list[ColumnElement[bool]]:
        """One two-valued column for each condition, in the order of the indexes."""
        asked = list(self._indexes)[2:]
        return [_boolean(each, subject, source).label(f"holds_{number}") for number, each in enumerate(asked)]

    def mentions(self, object_: Object) -> tuple[frozenset[str], ...]:
        """By index: the fields of the row that the condition looks at, and what they are computed from."""
        return tuple(
            frozenset({each.field}) if isinstance(each, Members) else with_sources(mentions(each), object_)
            for each in self._indexes
        )

    def all_hold(self) -> Truths:
        """A row for which nothing fails."""
        return (True, False, *(True for _ in range(len(self))))


def _boolean(atom: Atom, subject: Subject, source: Source) -> ColumnElement[bool]:
    if isinstance(atom, Members):
        return as_boolean(all_there(atom, subject, source))
    return as_boolean(compile_condition(atom, source, subject.system))


def truths(booleans: Iterable[object]) -> Truths:
    """What the database answered for one row (SQLite says 0 and 1)."""
    return (True, False, *map(bool, booleans))
