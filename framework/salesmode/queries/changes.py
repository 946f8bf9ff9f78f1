"""What one write of one record means to one policy, as one statement: was the record there for it before, is
it now, and which of its fields look different.

The row as it was is made from the row as it is and the old values that history has: a field's text is
compared as it is shown, so what is hidden, masked alike or refers to a hidden row did not change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, cast, null, select

from salesmode.access.policy import FieldPolicy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.conditions.computed import with_sources
from salesmode.conditions.scope import Source
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import field_type, slot_of
from salesmode.model.condition import ALWAYS, Argument, Condition
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.tag import TAGS, tag_entry

RECORD = "$record"

_DELETED = "deleted_at"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The statement's one row: there now, there before, and for each of `fields` (as clients call them)
    whether it looks different.
    """

    statement: Statement
    fields: tuple[str, ...]


Judge = Callable[[frozenset[str], bool], Verdict]


def judge_of(object_name: str, where: Condition, scope: PolicyScope) -> Judge:
    """Verdicts on records of an object that fit `where`, by what history says was written (fields, tags) and
    whether the record was deleted. Their old values are variables, see `old`; the record's id is `RECORD`.
    """
    return lru_cache(maxsize=32)(partial(_verdict, object_name, where, scope))


def old(name: str) -> str:
    """The variable with what a field was."""
    return f"$old.{name}"


def _verdict(
    object_name: str, where: Condition, scope: PolicyScope, written: frozenset[str], deleted: bool
) -> Verdict:
    now = scope.source(object_name)
    fields, tags = written & now.object.fields.keys(), list(_tags(object_name, scope, written))
    before = Source(now.object, _before(now, fields, scope, deleted=deleted))
    shown = [each.field.name for each in _told(object_name, scope, fields)]
    different = [scope.shown(now, each).is_distinct_from(scope.shown(before, each)) for each in shown]
    different += [as_boolean(compile_condition(each, now, scope.system)) for each in tags]
    shown += [TAGS for _ in tags]
    there = [_there(each, where, scope) for each in (now, before)]
    statement = select(*there, *different).select_from(now.table, before.table).where(_this(now, scope))
    return Verdict(render(statement, scope.dialect), tuple(camel(each) for each in shown))


def _told(object_name: str, scope: PolicyScope, written: frozenset[str]) -> Iterator[FieldPolicy]:
    """The fields that may look different: written ones, those that are computed from such, and those whose
    right may hold on one row only.
    """
    object_ = scope.model.objects[object_name]
    for each in scope.policy.objects[object_name].fields.values():
        plain = not each.field.system and field_type(each.field.type).selectable
        sources = with_sources((each.field.name,), object_)
        if plain and (each.clear != ALWAYS or not sources.isdisjoint(written)):
            yield each


def _tags(object_name: str, scope: PolicyScope, written: frozenset[str]) -> Iterator[Condition]:
    """Where the tags may be seen that were written."""
    granted = scope.policy.objects[object_name]
    for name, right in granted.tags.items() if TAGS in granted.inverses else ():
        if tag_entry(name) in written:
            yield right.seen


def _there(source: Source, where: Condition, scope: PolicyScope) -> ColumnElement[bool]:
    return as_boolean(and_(scope.rows(source), compile_condition(where, source, scope)))


def _before(now: Source, written: frozenset[str], scope: PolicyScope, *, deleted: bool) -> FromClause:
    row = scope.system.source(now.object.name)
    replaced = {now.object.fields[name].column: now.object.fields[name] for name in written}
    columns: list[ColumnElement[Any]] = []
    for column in row.table.c:
        value: ColumnElement[Any] = column
        if column.name in replaced:
            value = cast(_old(replaced[column.name], scope), column.type)
        elif column.name == _DELETED and deleted:
            value = cast(null(), column.type)
        columns.append(value.label(column.name))
    return select(*columns).where(_this(row, scope)).subquery()


def _old(field: Field, scope: PolicyScope) -> ColumnElement[Any]:
    return slot_of(Argument((old(field.name),)), field, scope.dialect)


def _this(source: Source, scope: PolicyScope) -> ColumnElement[bool]:
    id_ = source.object.fields["id"]
    found: ColumnElement[bool] = source.table.c.id == slot_of(Argument((RECORD,)), id_, scope.dialect)
    return found
