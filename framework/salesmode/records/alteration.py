"""What a change of some fields needs: composed once for each caller and set of fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import update

from salesmode.conditions.compile import compile_condition
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument, Condition
from salesmode.model.field import Field
from salesmode.records.atoms import Atoms
from salesmode.records.checks import THESE, checks
from salesmode.records.choosing import by_hand, chosen_fields
from salesmode.records.collisions import concerned, nobody_in_the_way
from salesmode.records.judging import Law
from salesmode.records.locking import Wanted, lock_statement
from salesmode.records.references import held_columns
from salesmode.records.rights import granted
from salesmode.records.rules import rules
from salesmode.records.subject import Subject
from salesmode.tables.indexes import refers

STAMP = ("updated_at", "updated_by")


@dataclass(frozen=True)
class Alteration:
    """The fields that the write touches, the rights to the old rows, and the law of the new ones.

    `chosen` are fields that rules may write beside the touched ones (`assign`). `visible` is the index of the
    caller's row right among the rights, `told` (by field) that of the right to know what the row has there.
    """

    touched: tuple[Field, ...]
    chosen: tuple[Field, ...]
    rights: Atoms
    visible: int
    told: Mapping[str, int]
    law: Law


@lru_cache(maxsize=1024)
def alteration(subject: Subject, supplied: frozenset[str], operation: str = "update") -> Alteration:
    """A caller gives `supplied`, by the right to that operation; presets of the roles are written with it."""
    rights, atoms = Atoms(), Atoms()
    visible = rights.index(subject.rows(subject.object.name))
    grants = granted(subject.grants(operation), supplied, rights=rights, checks=atoms)
    names = supplied.union(*(each.presets for each in grants))
    names |= by_hand(subject, names)
    touched, chosen = _fields(subject, names), _fields(subject, chosen_fields(subject, names) - names)
    found = rules(subject, atoms, written=(*names, *(each.name for each in chosen)), supplied=supplied)
    told = {each.name: rights.index(subject.told(each)) for each in touched}
    arrivals = bool(concerned(subject, names))
    law = Law(subject, grants, found, checks(subject, atoms, arrivals=arrivals))
    return Alteration(touched, chosen, rights, visible, told, law)


def _fields(subject: Subject, names: frozenset[str]) -> tuple[Field, ...]:
    return tuple(each for each in subject.stored if each.name in names)


@lru_cache(maxsize=1024)
def lock_rows(
    subject: Subject,
    supplied: frozenset[str],
    *,
    where: Condition | None = None,
    most: int | None = None,
    operation: str = "update",
) -> tuple[Wanted, Statement]:
    """The rows that the change is about, and on PostgreSQL those that it will refer to."""
    plan = alteration(subject, supplied, operation)
    wanted = Wanted(subject, plan.rights, (*plan.touched, *plan.chosen), where=where, most=most)
    targets = frozenset(_targets(subject, supplied)) if subject.dialect == "postgresql" else frozenset()
    return wanted, lock_statement(wanted, held_columns(subject, targets))


def _targets(subject: Subject, supplied: Iterable[str]) -> Iterable[str]:
    fields = (subject.object.fields[name] for name in supplied)
    return (each.to for each in fields if each.to is not None and refers(each))


@lru_cache(maxsize=1024)
def update_statement(subject: Subject, names: frozenset[str], *, apart: bool = False) -> Statement:
    """The rows of `$ids` get the values of the variables, and count one version more; who collides is left
    out.

    `apart`: the rows become deleted ones, which collide with nothing.
    """
    table = subject.table
    fields = (each for each in subject.stored if each.name in names or each.name in STAMP)
    values = {each.column: slot_of(Argument((each.name,)), each, subject.dialect) for each in fields}
    these = compile_condition(THESE, subject.source, subject.system)
    deleted = {"deleted_at": values["updated_at"]} if apart else {}
    free = () if apart else nobody_in_the_way(subject, names)
    changed = update(table).values({**values, **deleted, "version": table.c.version + 1}).where(these, *free)
    return render(changed, subject.dialect)
