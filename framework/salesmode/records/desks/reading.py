"""Rows for a plugin: one statement, made once for each structure of what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Integer, Select, cast, func, null

from salesmode.conditions.formulas.compile import compile_expression
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render, slot
from salesmode.database.unit import Step
from salesmode.fieldtypes import Invalid, field_type
from salesmode.fieldtypes.identifier import checked_id
from salesmode.model.computed import Expression
from salesmode.model.condition import ALWAYS, Argument, Condition, both
from salesmode.model.field import Field
from salesmode.records.checks import IDS, THESE
from salesmode.records.desks.columns import Columns, columns_of, decoded
from salesmode.records.desks.lifting import lifted
from salesmode.records.subject import Subject
from salesmode.tables.engine import plain_field

MOST_IDS = 10_000
_ALWAYS_READ = ("id", "version")
_FIRST = "$first"


@dataclass(frozen=True, slots=True)
class Asked:
    """The structure of a question: equal ones have one statement."""

    fields: tuple[str, ...] = ()
    where: Condition = ALWAYS
    order: tuple[str, ...] = ()
    first: bool = False
    lock: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The statement, and what its columns are; the last one is the row's place, if rows come in another
    order.
    """

    statement: Statement
    fields: Mapping[str, Field]
    placed: bool


def read(
    subject: Subject,
    asked: Asked,
    environment: Environment,
    *,
    ids: Sequence[str] | None = None,
    first: int | None = None,
) -> UnitOf[list[Mapping[str, Any]]]:
    """The rows by field name."""
    found = lifted(asked.where)
    where = found.structure if ids is None else both(THESE, found.structure)
    reading = _reading(subject, replace(asked, where=where, first=first is not None))
    values = {**found.values, _FIRST: first, IDS: None if ids is None else real_ids(ids)}
    rows = yield Step(reading.statement.sql, reading.statement.bind(replace(environment, variables=values)))
    if reading.placed:
        rows = sorted(rows, key=lambda row: int(str(row[-1])))
    dialect, fields = subject.dialect, reading.fields
    return [
        {name: decoded(field, raw, dialect) for (name, field), raw in zip(fields.items(), row, strict=False)}
        for row in rows
    ]


def shown(
    subject: Subject, fields: Sequence[str], ids: Sequence[str], environment: Environment
) -> UnitOf[list[Mapping[str, Any]]]:
    """What answers have of the rows, by field name."""
    statement = _showing(subject, tuple(fields))
    rows = yield Step(statement.sql, statement.bind(environment.with_variables({IDS: real_ids(ids)})))
    found: list[Mapping[str, Any]] = []
    for id_, version, *texts in rows:
        answers = zip(fields, map(_loaded, texts), strict=True)
        found.append({"id": id_, "version": version, **dict(answers)})
    return found


def _loaded(text: Any) -> Any:
    return None if text is None else orjson.loads(text)


@lru_cache(maxsize=1024)
def _showing(subject: Subject, fields: tuple[str, ...]) -> Statement:
    columns = columns_of(subject)
    cells = [*(_cell(columns, name) for name in _ALWAYS_READ), *(columns.shown(name) for name in fields)]
    rows = columns.select(*cells).where(columns.where(THESE)).order_by(*columns.order(()))
    return render(rows, subject.dialect)


def real_ids(ids: Sequence[str]) -> tuple[str, ...]:
    """What is no id is nobody's."""
    if len(ids) > MOST_IDS:
        raise ValueError(f"at most {MOST_IDS} ids are asked for at once, and not {len(ids)}")
    found: dict[str, None] = {}
    for each in ids:
        try:
            found[checked_id(each)] = None
        except Invalid:
            continue
    return tuple(found)


@lru_cache(maxsize=2048)
def _reading(subject: Subject, asked: Asked) -> Reading:
    columns = columns_of(subject, deleted=asked.deleted)
    fields = {name: columns.field(name) for name in dict.fromkeys((*_ALWAYS_READ, *asked.fields))}
    cells = [_cell(columns, name) for name in fields]
    locked = asked.lock and subject.dialect == "postgresql"
    paged = locked and bool(asked.order or asked.first)
    if paged:
        rows = _held_page(columns, asked, cells)
    else:
        order = columns.order(() if locked else asked.order)
        rows = _limited(columns.select(*cells).where(columns.where(asked.where)).order_by(*order), asked)
    if locked:
        rows = rows.with_for_update(of=columns.source.table, key_share=True)
    return Reading(render(rows, subject.dialect), fields, paged)


def _cell(columns: Columns, name: str) -> ColumnElement[Any]:
    found = columns.value(name)
    if found is not None:
        return found
    field = columns.field(name)
    return cast(null(), field_type(field.type).column_type(field, columns.subject.dialect))


def _limited(rows: Select[Any], asked: Asked) -> Select[Any]:
    return rows.limit(slot(Argument((_FIRST,)), Integer(), int)) if asked.first else rows


def _held_page(columns: Columns, asked: Asked, cells: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """The first rows, locked in the order of their ids. What is asked of them is asked of the locked rows
    again: another request may have changed one before it was let go.
    """
    choosing = columns_of(columns.subject, deleted=asked.deleted)
    order = choosing.order(asked.order)
    place = func.row_number().over(order_by=order).label("place")
    chosen = choosing.select(choosing.source.table.c.id, place).where(choosing.where(asked.where))
    page = _limited(chosen.order_by(*order), asked).subquery()
    id_ = columns.source.table.c.id
    rows = columns.select(*cells, page.c.place).join(page, page.c.id == id_)
    return rows.where(columns.where(asked.where)).order_by(id_)


def evaluate(
    subject: Subject, ids: Sequence[str], expression: Expression, environment: Environment
) -> UnitOf[dict[str, Any]]:
    """The value of a formula on each of the rows, by id."""
    evaluation = _evaluation(subject, expression)
    values = replace(environment, variables={IDS: real_ids(ids)})
    rows = yield Step(evaluation.statement.sql, evaluation.statement.bind(values))
    return {str(id_): decoded(evaluation.fields["value"], raw, subject.dialect) for id_, raw in rows}


@lru_cache(maxsize=512)
def _evaluation(subject: Subject, expression: Expression) -> Reading:
    columns = columns_of(subject)
    kind = "decimal" if expression.kind == "number" else expression.kind
    field = plain_field(kind, expression.scale)
    value = compile_expression(expression, field, columns.source, subject.system)
    rows = columns.select(columns.source.table.c.id, value).where(columns.where(THESE))
    return Reading(render(rows, subject.dialect), {"value": field}, placed=False)
