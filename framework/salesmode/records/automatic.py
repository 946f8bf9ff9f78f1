"""Tags that are kept by rule (RULING 30): on the records where the rule holds, and on no others.

After a write, the rules are asked of the written records, and of those that written records belong to by a
relation that a rule looks over. What else a rule looks at, and time, is followed by `sweep`. It is no change
by a client: validations are not asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.conditions.computed import ranged_over, with_sources
from salesmode.conditions.mentions import mentions
from salesmode.conditions.place import some
from salesmode.conditions.scope import Source
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.app import Model
from salesmode.model.condition import Argument
from salesmode.model.engine import FOLLOWING
from salesmode.model.tag import PROMOTED, TAG, Tag, tag_entry
from salesmode.records.alteration import update_statement
from salesmode.records.belonging import Belonging, lock_owners
from salesmode.records.binding import many, one
from salesmode.records.checks import IDS, THESE
from salesmode.records.creation import insertion
from salesmode.records.entries import Entry
from salesmode.records.filling import filled, new_id, stamp
from salesmode.records.history import changed, json_text, record
from salesmode.records.pages import Place, all_pages
from salesmode.records.removal import mark
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.written import Written
from salesmode.tables import Tables

_PAGE = 1000
_AFTER = "$after"


class Touch(NamedTuple):
    """A record that was written: which fields of it (None: all of it came or went), and what they were."""

    object: str
    id: str
    names: frozenset[str] | None = None
    old: Mapping[str, Any] = {}


def touches(rows: Iterable[tuple[Subject, Written]]) -> Iterator[Touch]:
    """Rows that a unit of work has written."""
    for subject, row in rows:
        if not row.idle:
            names = None if row.rights is None else frozenset(row.values)
            yield Touch(subject.object.name, row.id, names, row.old)


def touched_by(entries: Iterable[Entry]) -> Iterator[Touch]:
    """Rows that came, or went, by what history says of them."""
    return (Touch(*each) for each in dict.fromkeys((entry.object, entry.record_id) for entry in entries))


@dataclass(frozen=True, eq=False)
class Ruled:
    """The tags that are kept by rule on records of `owner`; `fields` and `relations`: what the rules look at
    that is followed within a write.
    """

    owner: str
    tags: tuple[Tag, ...]
    fields: frozenset[str]
    relations: tuple[Belonging, ...]


def keep_tags(scope: WriteScope, written: Iterable[Touch], environment: Environment) -> UnitOf[None]:
    """Bring the tags of what was written to what the rules say now."""
    ruled = _ruled(scope.tables)
    touched = list(written) if ruled else []
    for each in ruled if touched else ():
        ids = [row.id for row in touched if row.object == each.owner and _concerns(each, row)]
        for relation in each.relations:
            rows = [row for row in touched if row.object == relation.child]
            if rows:
                olds = [str(row.old[relation.link]) for row in rows if row.old.get(relation.link) is not None]
                ids += yield from lock_owners(
                    scope.tables, relation, [row.id for row in rows], olds, environment
                )
        if ids:
            yield from _bring(scope.tables, each, tuple(dict.fromkeys(ids)), environment)


def sweep(tables: Tables, environment: Environment) -> UnitOf[int]:
    """Bring the tags of all records to what the rules say now; gives how many records changed."""
    return (yield from all_pages(tag_page, tables, environment))


def tag_page(tables: Tables, environment: Environment, place: Place) -> UnitOf[tuple[int, Place | None]]:
    """The same for a page of records."""
    ruled = _ruled(tables)
    if place.number == len(ruled):
        return 0, None
    each = ruled[place.number]
    ids = yield from _stale(tables, each, place.after, environment)
    if not ids:
        return 0, place.next
    yield one(_locking(tables, each.owner), {IDS: ids}, environment)
    return (yield from _bring(tables, each, ids, environment)), place.behind(ids[-1])


def _concerns(ruled: Ruled, row: Touch) -> bool:
    return row.names is None or not ruled.fields.isdisjoint(row.names)


@lru_cache(maxsize=8)
def _ruled(tables: Tables) -> tuple[Ruled, ...]:
    model = tables.model
    kept: dict[str, list[Tag]] = {}
    for tag in model.tags.values():
        if tag.auto is not None:
            kept.setdefault(tag.object, []).append(tag)
    return tuple(_of_owner(model, owner, tuple(tags)) for owner, tags in kept.items())


def _of_owner(model: Model, owner: str, tags: tuple[Tag, ...]) -> Ruled:
    object_ = model.objects[owner]
    rules = [each.auto for each in tags if each.auto is not None]
    fields = frozenset[str]().union(*(with_sources(mentions(rule), object_) for rule in rules))
    names = sorted(frozenset[str]().union(*(ranged_over(rule, object_) for rule in rules)))
    inverses = [object_.inverses[name] for name in names]
    followed = (each for each in inverses if each.object not in FOLLOWING)
    return Ruled(owner, tags, fields, tuple(Belonging(owner, each.object, each.field) for each in followed))


def _bring(tables: Tables, ruled: Ruled, ids: Sequence[str], environment: Environment) -> UnitOf[int]:
    """Set what is missing and remove what no longer fits; gives how many of the records changed."""
    rows = yield one(_differing(tables, ruled), {IDS: tuple(ids)}, environment)
    if not rows:
        return 0
    owner = subject_of(SystemScope(tables), ruled.owner)
    tags = owner.of(TAG)
    found = [_changes(ruled, row) for row in rows]
    entries = [*(yield from _set(tags, ruled, found, environment))]
    entries += yield from _remove(tags, found, environment)
    moved = {IDS: tuple(each.id for each in found), **stamp(environment)}
    yield one(update_statement(owner, frozenset()), moved, environment)
    entries += [entry for each in found for entry in _entries(ruled, each, tags)]
    yield from record(owner, entries, environment)
    return len(found)


@dataclass(frozen=True, slots=True)
class _Changes:
    """Of one record: the tags to set, and those to remove, by name, with their ids and versions."""

    id: str
    version: int
    due: tuple[Tag, ...]
    gone: Mapping[str, tuple[str, int]]


def _changes(ruled: Ruled, row: Sequence[Any]) -> _Changes:
    id_, version, *cells = row
    due, gone = [], {}
    for at, tag in enumerate(ruled.tags):
        fits, promoted, standing, its_version = cells[4 * at : 4 * at + 4]
        if fits and not promoted and standing is None:
            due.append(tag)
        elif not fits and standing is not None:
            gone[tag.name] = (str(standing), int(its_version))
    return _Changes(str(id_), int(version), tuple(due), gone)


def _set(
    tags: Subject, ruled: Ruled, found: Sequence[_Changes], environment: Environment
) -> UnitOf[list[Entry]]:
    rows = [
        Written(str(values["id"]), (), frozenset(), values)
        for each in found
        for values in (_row(tags, ruled.owner, each.id, tag, environment) for tag in each.due)
    ]
    if rows:
        yield many(insertion(tags), [row.values for row in rows], environment)
    return list(changed(tags, "created", rows))


def _row(tags: Subject, owner: str, id_: str, tag: Tag, environment: Environment) -> dict[str, object]:
    state = tag.states[0].name if tag.states else None
    given = {owner: id_, "name": tag.name, "state": state, "since": environment.now}
    return filled(tags, given, (), environment) | {"id": new_id()}


def _remove(tags: Subject, found: Sequence[_Changes], environment: Environment) -> UnitOf[list[Entry]]:
    gone = [each for changes in found for each in changes.gone.values()]
    if gone:
        yield from mark(tags, [id_ for id_, _ in gone], environment, deleted=True)
    identity = tags.object.fields["id"]
    return [
        Entry("deleted", TAG, id_, version + 1, None, None, json_text(identity, id_)) for id_, version in gone
    ]


def _entries(ruled: Ruled, changes: _Changes, tags: Subject) -> Iterator[Entry]:
    """The history of the record; what a rule set holds nothing but its name."""
    name = tags.object.fields["name"]
    version = changes.version + 1
    for tag in changes.due:
        text = f'{{"name":{json_text(name, tag.name)}}}'
        yield Entry("updated", ruled.owner, changes.id, version, tag_entry(tag.name), None, text)
    for each in changes.gone:
        text = f'{{"name":{json_text(name, each)}}}'
        yield Entry("updated", ruled.owner, changes.id, version, tag_entry(each), text, None)


def _stale(tables: Tables, ruled: Ruled, after: str, environment: Environment) -> UnitOf[tuple[str, ...]]:
    rows = yield one(_next_differing(tables, ruled), {_AFTER: after}, environment)
    return tuple(str(row[0]) for row in rows)


@lru_cache(maxsize=64)
def _locking(tables: Tables, owner: str) -> Statement:
    """Lock the records of `$ids`, so that what is asked next is asked of how they stay."""
    system = SystemScope(tables)
    source = system.source(owner)
    these = compile_condition(THESE, source, system)
    rows = select(source.table.c.id).where(these).order_by(source.table.c.id)
    return render(rows.with_for_update(of=source.table, key_share=True), tables.dialect)


@lru_cache(maxsize=256)
def _differing(tables: Tables, ruled: Ruled) -> Statement:
    """Of the records of `$ids` those that lack a tag, or have one that does not fit, in the order of ids."""
    system = SystemScope(tables)
    source = system.source(ruled.owner)
    return render(_compared(ruled, source, system, compile_condition(THESE, source, system)), tables.dialect)


@lru_cache(maxsize=256)
def _next_differing(tables: Tables, ruled: Ruled) -> Statement:
    system = SystemScope(tables)
    source = system.source(ruled.owner)
    after = slot_of(Argument((_AFTER,)), source.object.fields["id"], tables.dialect)
    found = _compared(ruled, source, system, source.table.c.id > after)
    return render(found.limit(_PAGE), tables.dialect)


def _compared(ruled: Ruled, source: Source, system: SystemScope, where: ColumnElement[bool]) -> Select[Any]:
    columns = [column for tag in ruled.tags for column in _standing(tag, source, system)]
    named = [column.label(f"c{at}") for at, column in enumerate(columns)]
    rows = select(source.table.c.id, source.table.c.version, *named).where(system.rows(source), where)
    asked = rows.subquery()
    cells = list(asked.c)[2:]
    differs = [_differs(*cells[at : at + 3]) for at in range(0, len(cells), 4)]
    return select(*asked.c).where(or_(*differs)).order_by(asked.c.id)


def _differs(
    fits: ColumnElement[bool], promoted: ColumnElement[bool], standing: ColumnElement[Any]
) -> ColumnElement[bool]:
    due = and_(fits, not_(promoted), standing.is_(None))
    return or_(due, and_(not_(fits), standing.is_not(None)))


def _standing(tag: Tag, source: Source, system: SystemScope) -> Iterator[ColumnElement[Any]]:
    """Whether the rule holds, whether a tag of the record became another record, and the tag that it has."""
    assert tag.auto is not None
    yield as_boolean(compile_condition(tag.auto, source, system))
    tags = system.source(TAG)
    became, columns = tags.table.c.state == text_literal(PROMOTED), tags.table.c
    of_record = and_(
        columns.deleted_at.is_(None),
        columns[tags.object.fields[tag.object].column] == source.table.c.id,
        columns.name == text_literal(tag.name),
    )
    yield some(tags.table, of_record, became)
    active = and_(of_record, columns.state.is_distinct_from(text_literal(PROMOTED)))
    for name in ("id", "version"):
        found = select(columns[name]).where(active).order_by(columns.id).limit(1)
        yield found.correlate_except(tags.table).scalar_subquery()
