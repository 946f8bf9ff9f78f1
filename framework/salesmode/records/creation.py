"""What new rows need: composed once for each caller and set of fields."""

from functools import lru_cache

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import ALWAYS, Argument
from salesmode.pipelines.passage import Passage
from salesmode.records.atoms import Atoms
from salesmode.records.checks import checks
from salesmode.records.judging import Law
from salesmode.records.passing import guards
from salesmode.records.rights import Granted, chosen, granted
from salesmode.records.rules import rules
from salesmode.records.subject import Subject
from salesmode.tables.indexes import uniques


@lru_cache(maxsize=1024)
def creation(
    subject: Subject,
    supplied: frozenset[str],
    passages: frozenset[Passage] = frozenset(),
    given: frozenset[str] = frozenset(),
) -> Law:
    """What new rows are held to when a caller gives those fields, plugins those that are `given`, and they
    begin in those stages: all conditions are about the new row.
    """
    atoms = Atoms()
    grants = granted(subject.grants("create"), supplied, rights=atoms, checks=atoms)
    every = (each.name for each in subject.stored)
    found = rules(subject, atoms, written=every, supplied=supplied, given=given)
    asked = guards(subject, atoms, passages)
    return Law(subject, grants, found, asked, checks(subject, atoms, arrivals=bool(uniques(subject.object))))


@lru_cache(maxsize=4096)
def forcing(subject: Subject, supplied: frozenset[str]) -> tuple[Granted, ...]:
    """The grants whose presets a new row gets; whether they hold for it is known only when it is there."""
    atoms = Atoms()
    grants = granted(subject.grants("create"), supplied, rights=atoms, checks=atoms)
    needed = frozenset(
        each.name for each in subject.stored if each.required == ALWAYS and each.default is None
    )
    return chosen(grants, supplied, atoms.all_hold(), needed=needed - supplied)


@lru_cache(maxsize=1024)
def insertion(subject: Subject, *, apart: bool = False) -> Statement:
    """One INSERT with every column: the variables are a whole row. A row that collides is left out.

    `apart`: the row is written as a deleted one, which collides with nothing.
    """
    values = {each.column: slot_of(Argument((each.name,)), each, subject.dialect) for each in subject.stored}
    if apart:
        return render(
            insert(subject.table).values(values | {"deleted_at": values["updated_at"]}), subject.dialect
        )
    if not uniques(subject.object):
        return render(insert(subject.table).values(values), subject.dialect)
    dialect = sqlite if subject.dialect == "sqlite" else postgresql
    return render(dialect.insert(subject.table).values(values).on_conflict_do_nothing(), subject.dialect)
