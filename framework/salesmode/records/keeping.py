"""Stored rollups are brought up to date in the transaction that writes what they are made of.

The records that rows belong or belonged to are locked in the order of their ids and computed anew by one
statement that sees what others have committed before: so however many write at once, the last one counts
everything. It is no change of the record: neither its version nor its history moves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import update

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.mentions import mentions
from salesmode.conditions.rollups import compile_rollup
from salesmode.conditions.scope import Source
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.model.app import Model
from salesmode.model.computed import Rollup
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.records.belonging import Belonging, lock_owners
from salesmode.records.binding import one
from salesmode.records.checks import IDS, THESE
from salesmode.records.subject import Subject
from salesmode.records.written import Written
from salesmode.tables import Tables


@dataclass(frozen=True, eq=False)
class Kept:
    """The stored rollups of `owner` over one of its to-many relations: over the rows of `child` that `link`
    refers with. `watched`: the fields of these whose writes concern them.
    """

    owner: str
    child: str
    link: Field
    fields: tuple[Field, ...]
    watched: frozenset[str]


def keep(subject: Subject, rows: Sequence[Written], environment: Environment) -> UnitOf[None]:
    """After rows of the subject's object were written."""
    names = frozenset[str]().union(*(row.values for row in rows))
    for kept in _kept(subject.tables):
        if kept.child == subject.object.name and not kept.watched.isdisjoint(names):
            olds = [str(old) for row in rows if (old := row.old.get(kept.link.name)) is not None]
            yield from _refresh(subject, kept, [row.id for row in rows], olds, environment=environment)


def keep_all(subject: Subject, ids: Sequence[str], environment: Environment) -> UnitOf[None]:
    """After rows went, came back or lost a reference: what they belong to, and their own rollups."""
    for kept in _kept(subject.tables):
        if kept.child == subject.object.name:
            yield from _refresh(subject, kept, ids, (), environment=environment)
        if kept.owner == subject.object.name:
            yield one(_recompute(subject.tables, kept), {IDS: tuple(ids)}, environment)


def keep_everything(tables: Tables) -> UnitOf[None]:
    """After rows were put into the tables by other ways: all stored rollups of all records."""
    nothing = Environment({}, {}, datetime.now(UTC), ZoneInfo(tables.model.app.timezone))
    for kept in _kept(tables):
        yield one(_recompute(tables, kept, every=True), {}, nothing)


def _refresh(
    subject: Subject, kept: Kept, ids: Sequence[str], olds: Iterable[str], *, environment: Environment
) -> UnitOf[None]:
    belonging = Belonging(kept.owner, kept.child, kept.link.name)
    owners = yield from lock_owners(subject.tables, belonging, ids, tuple(olds), environment)
    if owners:
        yield one(_recompute(subject.tables, kept), {IDS: owners}, environment)


@lru_cache(maxsize=8)
def _kept(tables: Tables) -> tuple[Kept, ...]:
    """All of a model, in the order in which they are brought up to date."""
    return tuple(each for object_ in tables.model.objects.values() for each in _of(object_, tables.model))


def _of(object_: Object, model: Model) -> Iterator[Kept]:
    by_relation: dict[str, list[Field]] = {}
    for field in object_.fields.values():
        if isinstance(field.computed, Rollup) and field.computed.stored:
            by_relation.setdefault(field.computed.over, []).append(field)
    for relation, fields in by_relation.items():
        inverse = object_.inverses[relation]
        link = model.objects[inverse.object].fields[inverse.field]
        watched = frozenset({link.name, *_watched(fields)})
        yield Kept(object_.name, inverse.object, link, tuple(fields), watched)


def _watched(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        assert isinstance(field.computed, Rollup)
        rollup = field.computed
        yield from mentions(rollup.where)
        yield from (each for each in (rollup.field, rollup.by) if each is not None)


@lru_cache(maxsize=512)
def _recompute(tables: Tables, kept: Kept, *, every: bool = False) -> Statement:
    """The rollups of the rows of `$ids`, or of every row; deleted ones too, which may come back."""
    system, table = SystemScope(tables), tables.table(kept.owner)
    owner = Source(tables.model.objects[kept.owner], table)
    values = {
        field.column: compile_rollup(field.computed, field, owner, system)
        for field in kept.fields
        if isinstance(field.computed, Rollup)
    }
    changed = update(table).values(values)
    these = () if every else (compile_condition(THESE, owner, system),)
    return render(changed.where(*these), tables.dialect)
