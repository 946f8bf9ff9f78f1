"""What a change of some fields needs: composed once for each caller and set of fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import update

from salesmode.conditions.compile import compile_condition
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument, Condition, both
from salesmode.model.field import Field
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS
from salesmode.pipelines.passage import Passage
from salesmode.pipelines.places import telling
from salesmode.records.atoms import Atoms
from salesmode.records.checks import THESE, checks
from salesmode.records.choosing import by_hand, chosen_fields
from salesmode.records.collisions import concerned, nobody_in_the_way
from salesmode.records.judging import Law
from salesmode.records.locking import Wanted, lock_statement
from salesmode.records.passing import guards
from salesmode.records.references import held_columns
from salesmode.records.rights import granted
from salesmode.records.rules import rules
from salesmode.records.subject import Subject
from salesmode.tables.indexes import refers

STAMP = ("updated_at", "updated_by")

_STANDING = (PIPELINE, STAGE, STATUS)


@dataclass(frozen=True)
class Alteration:
    """The fields that the write touches, the rights to the old rows, and the law of the new ones.

    `supplied`, `operation`, `passages`: what it was composed for. `chosen` are fields that rules may write
    beside the touched ones (`assign`), `seen` those that are only looked at: where the row stands in its
    pipeline. `visible` is the index of the caller's row right among the rights, `told` (by field) that of the
    right to know what the row has there. `move`: the rights to know where it stands, and to move it.
    """

    supplied: frozenset[str]
    operation: str
    passages: frozenset[Passage] | None
    touched: tuple[Field, ...]
    chosen: tuple[Field, ...]
    seen: tuple[Field, ...]
    rights: Atoms
    visible: int
    told: Mapping[str, int]
    move: tuple[int, int] | None
    law: Law

    @property
    def read(self) -> tuple[Field, ...]:
        """What the lock reads of the old row."""
        return (*self.touched, *self.chosen, *self.seen)

    def giving(self, given: frozenset[str]) -> "Alteration":
        """The same when plugins give those fields, to which no rights are asked: what the grants say of the
        old rows is where it was.
        """
        return alteration(self.law.subject, self.supplied, self.operation, self.passages, given)


@lru_cache(maxsize=1024)
def alteration(
    subject: Subject,
    supplied: frozenset[str],
    operation: str = "update",
    passages: frozenset[Passage] | None = None,
    given: frozenset[str] = frozenset(),
) -> Alteration:
    """A caller gives `supplied`, by the right to that operation; presets of the roles are written with it.

    `passages`: the ways that moving rows take; None where no row can move. Before they are known there are
    none: what the lock reads and asks is the same. `given`: what plugins give.
    """
    rights, atoms = Atoms(), Atoms()
    visible = rights.index(subject.rows(subject.object.name))
    grants = granted(subject.grants(operation), supplied, rights=rights, checks=atoms)
    names = supplied.union(*(each.presets for each in grants))
    names |= by_hand(subject, names)
    names |= frozenset() if passages is None else moved_fields(subject)
    names |= given | by_hand(subject, given)
    touched, chosen = _fields(subject, names), _fields(subject, chosen_fields(subject, names) - names)
    written = (*names, *(each.name for each in chosen))
    found = rules(subject, atoms, written=written, supplied=supplied, given=given)
    told = {each.name: rights.index(subject.told(each)) for each in touched}
    arrivals = bool(concerned(subject, names))
    move = None if passages is None else _move(subject, rights)
    seen = _fields(subject, _seen(subject, operation, moving=move is not None) - {*names, *_names(chosen)})
    asked = guards(subject, atoms, passages or ())
    law = Law(subject, grants, found, asked, checks(subject, atoms, arrivals=arrivals))
    return Alteration(supplied, operation, passages, touched, chosen, seen, rights, visible, told, move, law)


def moved_fields(subject: Subject) -> frozenset[str]:
    """What a move writes."""
    return frozenset(each.name for each in subject.stored if each.kept and each.name != PIPELINE)


def _move(subject: Subject, rights: Atoms) -> tuple[int, int]:
    shown = (subject.told(subject.object.fields[name]) for name in telling(subject.object))
    return rights.index(both(*shown)), rights.index(subject.moves)


def _seen(subject: Subject, operation: str, *, moving: bool) -> frozenset[str]:
    """Where the row stands, which a transfer does not ask; and who does the tasks of stages."""
    standing = frozenset(_STANDING if subject.pipelines and operation != "transfer" else ())
    stages = [stage for each in subject.pipelines.values() for stage in each.stages] if moving else []
    return standing.union(task.assignee for stage in stages for task in stage.tasks if task.assignee)


def _names(fields: Iterable[Field]) -> Iterable[str]:
    return (each.name for each in fields)


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
    moving: bool = False,
) -> tuple[Wanted, Statement]:
    """The rows that the change is about, and on PostgreSQL those that it will refer to."""
    plan = alteration(subject, supplied, operation, frozenset() if moving else None)
    wanted = Wanted(subject, plan.rights, plan.read, where=where, most=most)
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
