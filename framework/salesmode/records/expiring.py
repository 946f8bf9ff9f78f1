"""Tags that have expired are removed. Nobody has seen them since; now history and listeners are told too."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument, Compare, Literal, Moment, both
from salesmode.model.tag import PROMOTED, TAG, tag_entry
from salesmode.records.alteration import update_statement
from salesmode.records.attaching import Given, decoded
from salesmode.records.binding import one
from salesmode.records.checks import IDS
from salesmode.records.entries import Entry
from salesmode.records.filling import stamp
from salesmode.records.history import json_text, record
from salesmode.records.pages import Place, all_pages
from salesmode.records.removal import mark
from salesmode.records.subject import Subject, subject_of
from salesmode.records.tagging import TOLD, text_of
from salesmode.tables import Tables

_PAGE = 500
_AFTER = "$after"
_EXPIRED = both(Compare("expires_at", "lte", Moment("now")), Compare("state", "ne", Literal(PROMOTED)))


def expire(tables: Tables, environment: Environment) -> UnitOf[int]:
    """Remove all tags that have expired; gives how many there were."""
    return (yield from all_pages(expiry_page, tables, environment))


def expiry_page(tables: Tables, environment: Environment, place: Place) -> UnitOf[tuple[int, Place | None]]:
    """The same for a page of tags."""
    owners = _owners(tables)
    if place.number == len(owners):
        return 0, None
    owner = subject_of(SystemScope(tables), owners[place.number])
    rows = yield one(_expired(owner), {_AFTER: place.after}, environment)
    if not rows:
        return 0, place.next
    yield from _remove(owner, [_Gone(owner, row) for row in rows], environment)
    return len(rows), place.behind(str(rows[-1][0]))


@lru_cache(maxsize=8)
def _owners(tables: Tables) -> tuple[str, ...]:
    """The objects whose tags may expire."""
    found = (each.object for each in tables.model.tags.values() if each.expires_after is not None)
    return tuple(dict.fromkeys(found))


class _Gone:
    """A tag that has expired, and the record that it was on."""

    def __init__(self, owner: Subject, row: Sequence[object]) -> None:
        tags = owner.of(TAG)
        self.id, self.record, self.name = (str(each) for each in row[:3])
        self.version, self.record_version = (int(str(each)) for each in row[3:5])
        fields = [tags.object.fields[name] for name in TOLD]
        cells = zip(fields, row[5:], strict=True)
        self.values: Given = {each.name: decoded(tags, each, cell) for each, cell in cells}


def _remove(owner: Subject, gone: Sequence[_Gone], environment: Environment) -> UnitOf[None]:
    tags, kinds = owner.of(TAG), owner.tables.model.tags
    yield from mark(tags, [each.id for each in gone], environment, deleted=True)
    records = tuple(dict.fromkeys(each.record for each in gone))
    yield one(update_statement(owner, frozenset()), {IDS: records, **stamp(environment)}, environment)
    identity = tags.object.fields["id"]
    entries = [
        Entry("deleted", TAG, each.id, each.version + 1, None, None, json_text(identity, each.id))
        for each in gone
    ]
    entries += [
        Entry(
            "updated",
            owner.object.name,
            each.record,
            each.record_version + 1,
            tag_entry(each.name),
            text_of(tags, kinds[each.name], each.values),
            None,
        )
        for each in gone
        if each.name in kinds
    ]
    yield from record(owner, entries, environment)


@lru_cache(maxsize=64)
def _expired(owner: Subject) -> Statement:
    """A page of tags, their records locked."""
    tags = owner.of(TAG)
    fields, table, record = tags.object.fields, tags.table, owner.table
    after = slot_of(Argument((_AFTER,)), fields["id"], owner.dialect)
    kept = [table.c[fields[name].column] for name in TOLD]
    rows = (
        select(
            table.c.id,
            record.c.id.label("record"),
            table.c.name,
            table.c.version,
            record.c.version.label("record_version"),
            *kept,
        )
        .join_from(table, record, table.c[fields[owner.object.name].column] == record.c.id)
        .where(
            table.c.deleted_at.is_(None),
            record.c.deleted_at.is_(None),
            compile_condition(_EXPIRED, tags.source, tags.system),
            table.c.id > after,
        )
        .order_by(table.c.id)
        .limit(_PAGE)
        .with_for_update(of=record)
    )
    return render(rows, owner.dialect)
