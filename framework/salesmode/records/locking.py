"""Rows that a write is about: locked, with their old values, and with the truth of the rights to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, and_, select

from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render
from salesmode.database.unit import Step
from salesmode.diagnostics import Refusal
from salesmode.fieldtypes import Invalid, field_type
from salesmode.fieldtypes.identifier import checked_id
from salesmode.model.condition import Condition
from salesmode.model.field import Field
from salesmode.records.atoms import Atoms, Truths, truths
from salesmode.records.checks import THESE
from salesmode.records.subject import Subject


@dataclass(frozen=True, slots=True)
class Locked:
    """One row as it was: canonical values of the wanted fields, and which of the rights' conditions hold."""

    id: str
    version: int
    old: dict[str, object]
    rights: Truths


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are locked, and what is read of them.

    `where` is the caller's own condition, under the caller's rights; without it the rows are those of `$ids`.
    `going` takes the stronger lock of a row that will be deleted. `living` False: among the deleted rows.
    `held` False: they are looked at, and not locked.
    """

    subject: Subject
    rights: Atoms
    fields: tuple[Field, ...] = ()
    where: Condition | None = None
    going: bool = False
    living: bool = True
    most: int | None = None
    held: bool = True


def lock_statement(wanted: Wanted, held: Sequence[ScalarSelect[int]] = ()) -> Statement:
    """One SELECT … FOR UPDATE in the order of ids; on SQLite a plain one, for the writer is alone."""
    subject, source = wanted.subject, wanted.subject.source
    table = source.table
    columns = [table.c.id, table.c.version, *(table.c[each.column] for each in wanted.fields)]
    rows = (
        select(*columns, *wanted.rights.columns(subject, source), *held)
        .where(and_(*_selected(wanted, source)))
        .order_by(table.c.id)
        .limit(wanted.most)
    )
    locked = rows.with_for_update(of=table, key_share=not wanted.going) if wanted.held else rows
    return render(locked, subject.dialect)


def _selected(wanted: Wanted, source: Source) -> list[ColumnElement[bool]]:
    deleted = source.table.c.deleted_at
    state = deleted.is_(None) if wanted.living else deleted.is_not(None)
    if wanted.where is None:
        return [state, compile_condition(THESE, source, wanted.subject.system)]
    scope = wanted.subject.scope
    return [scope.rows(source), compile_condition(wanted.where, source, scope)]


def asked_ids(ids: Sequence[str]) -> tuple[str, ...]:
    """Ids as they are stored; what is no id is nobody's."""
    try:
        return tuple(dict.fromkeys(checked_id(each) for each in ids))
    except Invalid:
        raise Refusal("NOT_FOUND") from None


def lock(statement: Statement, wanted: Wanted, environment: Environment) -> UnitOf[list[Locked]]:
    """The rows, in the order of their ids."""
    rows = yield Step(statement.sql, statement.bind(environment))
    return [_locked(wanted, row) for row in rows]


def _locked(wanted: Wanted, row: Sequence[object]) -> Locked:
    first = 2 + len(wanted.fields)
    values = zip(wanted.fields, row[2:first], strict=True)
    old = {each.name: _decoded(each, value, wanted.subject.dialect) for each, value in values}
    return Locked(str(row[0]), int(str(row[1])), old, truths(row[first : first + len(wanted.rights)]))


def _decoded(field: Field, value: object, dialect: Dialect) -> object:
    return None if value is None else field_type(field.type).decode(field, value, dialect)
