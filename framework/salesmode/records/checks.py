"""One statement over all written rows: which of the named booleans fail, and for which row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, not_, select

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import Step
from salesmode.model.condition import Argument, Compare
from salesmode.records.atoms import Atoms, Truths, truths
from salesmode.records.subject import Subject

IDS = "$ids"
THESE = Compare("id", "in", Argument((IDS,)))
"""The rows whose ids are the variable `$ids`."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The booleans to ask for (no statement where there are none), and what each of them looks at."""

    statement: Statement | None
    all_hold: Truths
    mentions: Sequence[frozenset[str]]

    def ask(self, ids: Sequence[str], environment: Environment) -> UnitOf[Mapping[str, Truths]]:
        """The rows for which something fails, by id."""
        if self.statement is None:
            return {}
        rows = yield Step(self.statement.sql, self.statement.bind(environment.with_variables({IDS: ids})))
        return {str(row[0]): truths(row[1:]) for row in rows}

    def forgiving(self, found: Truths, unknown: frozenset[str]) -> Truths:
        """Conditions about an unknown reference count as holding: nothing may be told of what is there."""
        return [holds or not unknown.isdisjoint(self.mentions[index]) for index, holds in enumerate(found)]


def checks(subject: Subject, atoms: Atoms) -> Checks:
    """Compose the statement, once all conditions have their index."""
    return Checks(_statement(subject, atoms) if len(atoms) else None, atoms.all_hold(), atoms.mentions())


def _statement(subject: Subject, atoms: Atoms) -> Statement:
    source = subject.source
    asked = (
        select(source.table.c.id, *atoms.columns(subject, source))
        .where(compile_condition(THESE, source, subject.system))
        .subquery()
    )
    failing = not_(and_(*list(asked.c)[1:]))
    return render(select(asked).where(failing), subject.dialect)
