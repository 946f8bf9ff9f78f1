"""What must be known of the rows before a script may run: counted in the database as it is before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, TableClause

from salesmode.fieldtypes.sql import length
from salesmode.model.pipeline import PIPELINE, STAGE_CHANGE
from salesmode.model.snapshot import ITEM, SNAPSHOT
from salesmode.tables.migrations.conversion import conversion
from salesmode.tables.migrations.operations import (
    AddColumn,
    AddConstraint,
    ChangeColumn,
    ComputeColumn,
    DropColumn,
    DropTable,
    Operation,
    ReplaceColumn,
)
from salesmode.tables.migrations.options import has, has_other, qualified
from salesmode.tables.migrations.origins import Origins, filling, fills
from salesmode.tables.schema import check_condition, part_expression
from salesmode.tables.shape import Check, Column, ForeignKey, Index, Shape, Table

_FIX = "keep it with `active: false`, or name its successor with `renamed_from`, or change those rows first"
_FIXES = {
    "stage": "keep the stage, or remove it with `$remove: true` and `replaced_by: STAGE`, or move those first"
}


@dataclass(frozen=True)
class Question:
    """How many rows? `text` says which, after their number: `with a value`.

    `fix`: more than none refuse the script, and this is what to do; None: the number is only told.
    `drops`: the rows' values would be lost, which is a matter of being asked for.
    """

    count: sa.Select[int]
    text: str = ""
    fix: str | None = None
    drops: bool = False


@dataclass(frozen=True)
class Place:
    """A table within a script: as it was before, with its values, and as it is at the step in question."""

    shape: Shape
    origins: Origins
    table: Table
    source: TableClause

    def rows(self, *conditions: ColumnElement[bool]) -> sa.Select[int]:
        return sa.select(sa.func.count()).select_from(self.source).where(*conditions)

    def value(self, column: str) -> ColumnElement[Any] | None:
        return self.origins.value(self.table.name, column)

    def qualified(self, column: Column, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """What the column's options are compared with."""
        return qualified(column, value, self.value(PIPELINE)) if column.kind == "stage" else value


def questions(shape: Shape, origins: Origins, step: Operation) -> Iterable[Question]:
    """What to count before `step`, which comes when the script has made `shape`. New tables have no rows."""
    name = step.table.name if isinstance(step, DropTable) else getattr(step, "table", None)
    if not isinstance(name, str):
        return ()
    source = origins.table(name)
    return () if source is None else _questions(step, Place(shape, origins, shape.table(name), source))


@singledispatch
def _questions(_: Operation, __: Place) -> Iterator[Question]:
    return iter(())


@_questions.register
def _drop_table(_: DropTable, place: Place) -> Iterator[Question]:
    yield Question(place.rows(), drops=True)


@_questions.register
def _drop_column(step: DropColumn, place: Place) -> Iterator[Question]:
    value = place.value(step.column.name)
    if value is None or not step.lossy:
        return
    has_value: ColumnElement[bool] = value.is_not(None)
    if step.column.fill is not None:  # on the way back: what the way there filled in is no loss
        has_value = sa.and_(has_value, value != filling(step.column))
    yield Question(place.rows(has_value), "with a value", drops=True)


@_questions.register
def _add_column(step: AddColumn, place: Place) -> Iterator[Question]:
    if step.column.fill is not None:
        yield Question(place.rows(), f"filled with {step.column.fill}")
    elif not step.column.nullable:
        yield Question(
            place.rows(),
            "without a value, and it is required",
            "give it a default; or make it required only once every row has a value",
        )


@_questions.register
def _replace_column(step: ReplaceColumn, place: Place) -> Iterator[Question]:
    value = place.value(step.old.name)
    if value is not None and step.old.computed is None:
        yield Question(
            place.rows(value.is_not(None)),
            f"with a value, and {step.old.kind} cannot become {step.new.kind}",
            "add a field of the new type under another name, move the values, then remove this one",
        )
    yield from _add_column(AddColumn(step.table, step.new), place)


@_questions.register
def _compute_column(step: ComputeColumn, place: Place) -> Iterator[Question]:
    value = place.value(step.column)
    if value is not None and step.old is None:
        yield Question(
            place.rows(value.is_not(None)),
            "with a value that somebody wrote",
            "give the rollup another name, or remove the field first",
        )


@_questions.register
def _change_column(step: ChangeColumn, place: Place) -> Iterator[Question]:
    value = place.value(step.old.name)
    if value is None:
        return
    yield from _lost(step, value, place)
    yield from _too_long(step, value, place)
    yield from _gone_options(step, value, place)
    yield from _renamed_options(step, value, place)
    if fills(step):
        yield Question(place.rows(value.is_(None)), f"without a value filled with {step.new.fill}")
    elif step.old.nullable and not step.new.nullable:
        yield Question(
            place.rows(value.is_(None)),
            "without a value, and it becomes required",
            "give it a default, or fill those rows first",
        )


def _lost(step: ChangeColumn, value: ColumnElement[Any], place: Place) -> Iterator[Question]:
    lost = conversion(step.old, step.new, value, dialect=place.shape.dialect).lost
    if lost is not None:
        yield Question(
            place.rows(lost),
            f"with a value that {_kind(step.new)} cannot hold",
            "keep the type, or change those values first",
        )


def _too_long(step: ChangeColumn, value: ColumnElement[Any], place: Place) -> Iterator[Question]:
    longest = step.new.max_length
    if longest is None or (step.old.max_length is not None and longest >= step.old.max_length):
        return
    text = conversion(step.old, step.new, value, dialect=place.shape.dialect).value
    yield Question(
        place.rows(length(text) > sa.literal_column(str(longest))),
        f"longer than {longest} characters",
        "allow a greater max_length, or shorten those values first",
    )


_OF_THE_PAST = (STAGE_CHANGE, SNAPSHOT, ITEM)
"""They say where records were, whatever became of the stage."""


def _gone_options(step: ChangeColumn, value: ColumnElement[Any], place: Place) -> Iterator[Question]:
    if step.new.options is None:
        return
    kept = [*step.new.options, *(old for old, _ in step.new.renamed_options)]
    gone = sorted(set(step.old.options or ()) - set(kept))
    history = place.table.object in _OF_THE_PAST
    if history or (step.old.options is not None and not gone):
        return
    yield Question(
        place.rows(has_other(step.old, place.qualified(step.old, value), kept, dialect=place.shape.dialect)),
        f"with an option that is gone ({', '.join(gone)})" if gone else "with a value that is no option",
        _FIXES.get(step.new.kind, _FIX),
    )


def _renamed_options(step: ChangeColumn, value: ColumnElement[Any], place: Place) -> Iterator[Question]:
    for old, new in step.new.renamed_options:
        yield Question(
            place.rows(has(step.old, place.qualified(step.old, value), old, dialect=place.shape.dialect)),
            f"from {old} to {new}",
        )


@_questions.register
def _add_constraint(step: AddConstraint, place: Place) -> Iterator[Question]:
    match step.constraint:
        case Index():
            return _duplicates(step.constraint, place)
        case ForeignKey():
            return _orphans(step.constraint, place)
        case Check():
            return _outside(step.constraint, place)


def _duplicates(index: Index, place: Place) -> Iterator[Question]:
    values = [place.value(each.column) for each in index.parts]
    if not index.unique or any(value is None for value in values):
        return
    keys = [
        part_expression(part, value, place.shape.dialect)
        for part, value in zip(index.parts, values, strict=True)
        if value is not None
    ]
    living = place.value("deleted_at")
    conditions = [key.is_not(None) for key in keys]
    if index.living and living is not None:
        conditions.append(living.is_(None))
    number = sa.func.count().label("number")
    groups = sa.select(number).select_from(place.source).where(*conditions)
    groups = groups.group_by(*(key for key in keys if not _constant(key))).having(sa.func.count() > 1)
    yield Question(
        sa.select(sa.func.coalesce(sa.func.sum(groups.subquery().c.number), 0)),
        "with the same values as another one, and they become unique",
        "change or delete the duplicates first",
    )


def _constant(key: ColumnElement[Any]) -> bool:
    """A default that all rows get; PostgreSQL does not group by a constant."""
    return isinstance(key, sa.ColumnClause) and key.is_literal


def _orphans(key: ForeignKey, place: Place) -> Iterator[Question]:
    value = place.value(key.column)
    if value is None:
        return
    condition: ColumnElement[bool] = value.is_not(None)
    target = place.origins.table(key.target)
    if target is not None:
        other = target.alias()
        condition = sa.and_(condition, ~sa.exists().where(other.c.id == value))
    yield Question(
        place.rows(condition),
        f"referring to what {key.target} does not have",
        "clear or change those references first",
    )


def _outside(check: Check, place: Place) -> Iterator[Question]:
    value = place.value(check.column)
    if value is not None:
        yield Question(
            place.rows(sa.not_(check_condition(check, value))),
            "outside the new range",
            "widen the range, or change those values first",
        )


def _kind(column: Column) -> str:
    return f"{column.kind} with {column.scale} decimal places" if column.scale else column.kind
