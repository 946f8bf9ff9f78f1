"""Bringing every record to what the rules choose now, after rules or what they look at have changed."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select

from salesmode.access.scope import SystemScope
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import ALWAYS, Argument
from salesmode.model.field import Field
from salesmode.records.alteration import update_statement
from salesmode.records.automatic import Touch, keep_tags
from salesmode.records.binding import one
from salesmode.records.checks import IDS
from salesmode.records.choosing import choose, differs, found_by_rules
from salesmode.records.filling import stamp
from salesmode.records.history import changed, record
from salesmode.records.keeping import keep
from salesmode.records.pages import Place, all_pages
from salesmode.records.subject import Subject, subject_of
from salesmode.records.written import Written
from salesmode.tables import Tables

_PAGE = 1000
_AFTER = "$after"


def reassign(tables: Tables, environment: Environment) -> UnitOf[int]:
    """Write what the rules choose otherwise, with the system's rights; gives how many records that were.

    What somebody wrote by hand stays. It is no change by a client: validations are not asked.
    """
    return (yield from all_pages(choice_page, tables, environment))


def choice_page(tables: Tables, environment: Environment, place: Place) -> UnitOf[tuple[int, Place | None]]:
    """The same for a page of records."""
    chosen = _chosen(tables)
    if place.number == len(chosen):
        return 0, None
    subject, field = chosen[place.number]
    rows = yield from _page(subject, field, place.after, environment)
    if not rows:
        return 0, place.next
    yield from _choose_again(subject, field, rows, environment)
    return len(rows), place.behind(rows[-1].id)


@lru_cache(maxsize=8)
def _chosen(tables: Tables) -> tuple[tuple[Subject, Field], ...]:
    scope = SystemScope(tables)
    objects = tables.model.objects.items()
    return tuple(
        (subject_of(scope, name), field)
        for name, each in objects
        for field in each.fields.values()
        if field.assignment
    )


def _choose_again(
    subject: Subject, field: Field, rows: Sequence[Written], environment: Environment
) -> UnitOf[None]:
    yield from choose(subject, (field.name,), rows, environment)
    yield from keep(subject, rows, environment)
    row = {IDS: tuple(each.id for each in rows), **stamp(environment)}
    yield one(update_statement(subject, frozenset()), row, environment)
    yield from record(subject, list(changed(subject, "updated", rows)), environment)
    names = frozenset({field.name, field.assignment.told}) if field.assignment else frozenset()
    written = (Touch(subject.object.name, each.id, names, each.old) for each in rows)
    yield from keep_tags(subject.system, written, environment)


def _page(subject: Subject, field: Field, after: str, environment: Environment) -> UnitOf[Sequence[Written]]:
    """Records for which the rules choose something else than they have; locked."""
    assert field.assignment is not None
    found = yield one(_stale(subject, field.name), {_AFTER: after}, environment)
    return [
        Written(
            str(id_),
            (),
            frozenset(),
            {},
            old={field.name: None if target is None else str(target), field.assignment.told: rule},
            version=int(str(version)) + 1,
        )
        for id_, version, target, rule in found
    ]


@lru_cache(maxsize=512)
def _stale(subject: Subject, name: str) -> Statement:
    field, table = subject.object.fields[name], subject.table
    assert field.assignment is not None
    found = found_by_rules(subject, field, ALWAYS)
    after = slot_of(Argument((_AFTER,)), subject.object.fields["id"], subject.dialect)
    rows = (
        select(table.c.id, table.c.version, table.c[field.column], table.c[field.assignment.told])
        .join_from(table, found, table.c.id == found.c.id)
        .where(subject.system.rows(subject.source), table.c.id > after, differs(field, table, found))
        .order_by(table.c.id)
        .limit(_PAGE)
        .with_for_update(of=table)
    )
    return render(rows, subject.dialect)
