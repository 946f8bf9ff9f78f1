"""One statement over all written rows: which booleans fail for which row, and which row is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, false, not_, or_, select

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import Step
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument, Compare
from salesmode.records.atoms import Atoms, Truths, truths
from salesmode.records.lists import listed
from salesmode.records.subject import Subject

IDS = "$ids"
THESE = Compare("id", "in", Argument((IDS,)))
"""The rows whose ids are the variable `$ids`."""

_VERSIONS = "$versions"


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows for which something fails, by id; and those that others were in the way of."""

    failing: Mapping[str, Truths] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checks:
    """The booleans to ask for (no statement where there are none), and what each of them looks at."""

    statement: Statement | None
    all_hold: Truths
    mentions: Sequence[frozenset[str]]

    def ask(self, versions: Mapping[str, int], environment: Environment) -> UnitOf[Answer]:
        """`versions`: the rows by id, each with the version that it was given."""
        if self.statement is None:
            return Answer()
        variables = {IDS: tuple(versions), _VERSIONS: tuple(versions.values())}
        rows = yield Step(self.statement.sql, self.statement.bind(environment.with_variables(variables)))
        return Answer(
            {str(row[0]): truths(row[2:]) for row in rows if row[1]},
            frozenset(str(row[0]) for row in rows if not row[1]),
        )

    def forgiving(self, found: Truths, unknown: frozenset[str]) -> Truths:
        """Conditions about an unknown reference count as holding: nothing may be told of what is there."""
        return [holds or not unknown.isdisjoint(self.mentions[index]) for index, holds in enumerate(found)]


def checks(subject: Subject, atoms: Atoms, *, arrivals: bool = False) -> Checks:
    """Compose the statement, once all conditions have their index. `arrivals`: whether rows may be absent."""
    needed = arrivals or len(atoms)
    statement = _statement(subject, atoms, arrivals) if needed else None
    return Checks(statement, atoms.all_hold(), atoms.mentions(subject.object))


def _statement(subject: Subject, atoms: Atoms, arrivals: bool) -> Statement:
    source = subject.source
    columns = [source.table.c.id, source.table.c.version, *atoms.columns(subject, source)]
    asked = select(*columns).where(compile_condition(THESE, source, subject.system)).subquery()
    there, holds = asked.c.id.is_not(None), list(asked.c)[2:]
    failing = not_(and_(*holds)) if holds else false()
    if not arrivals:
        rows = select(asked.c.id, there, *holds).where(failing)
        return render(rows, subject.dialect)
    fields = subject.object.fields
    names = ((IDS, fields["id"]), (_VERSIONS, fields["version"]))
    written = listed(
        [slot_of(Argument((name,)), each, subject.dialect, many=True) for name, each in names],
        subject.dialect,
    )
    id_, version = written.values
    found = written.rows.outerjoin(asked, and_(asked.c.id == id_, asked.c.version == version))
    return render(
        select(id_, there, *holds).select_from(found).where(or_(not_(there), failing)), subject.dialect
    )
