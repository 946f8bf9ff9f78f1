"""What a step is called, for implementers: in the words of the metadata, with its effect on what is there."""

from functools import singledispatch
from typing import Literal

from salesmode.tables.migrations.operations import (
    AddColumn,
    AddConstraint,
    ChangeColumn,
    ComputeColumn,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropTable,
    Operation,
    RenameColumn,
    RenameTable,
    ReplaceColumn,
)
from salesmode.tables.shape import Check, Column, ForeignKey, Index, Shape, Table

Effect = Literal["safe", "needs backfill", "destructive"]


def effect(step: Operation) -> Effect:
    """Safe: no value changes. Needs backfill: rows are rewritten. Destructive: values are lost."""
    if step.lossy:
        return "destructive"
    match step:
        case AddColumn(_, column):
            return "safe" if column.fill is None else "needs backfill"
        case ChangeColumn(_, old, new):
            same_values = (old.type, old.scale) == (new.type, new.scale) and not new.renamed_options
            filled = old.nullable and not new.nullable and new.fill is not None
            return "safe" if same_values and not filled else "needs backfill"
        case ComputeColumn(_, _, _, new):
            return "safe" if new is None else "needs backfill"
        case _:
            return "safe"


@singledispatch
def sentence(step: Operation, _: Shape) -> str:
    """One line about a step that comes when the script has made the shape."""
    raise AssertionError(step)


@sentence.register
def _create_table(step: CreateTable, _: Shape) -> str:
    return f"create table {step.table.name} with {len(step.table.columns)} columns"


@sentence.register
def _drop_table(step: DropTable, _: Shape) -> str:
    return f"drop table {step.table.name}"


@sentence.register
def _rename_table(step: RenameTable, _: Shape) -> str:
    if step.old == step.new:
        return f"rename object {step.old_object} to {step.new_object} (table {step.new} stays)"
    return f"rename table {step.old} to {step.new}"


@sentence.register
def _add_column(step: AddColumn, shape: Shape) -> str:
    required = "" if step.column.nullable else ", required"
    return f"add {_label(shape.table(step.table), step.column)} ({_kind(step.column)}{required})"


@sentence.register
def _drop_column(step: DropColumn, shape: Shape) -> str:
    return f"drop {_label(shape.table(step.table), step.column)}"


@sentence.register
def _rename_column(step: RenameColumn, shape: Shape) -> str:
    table = shape.table(step.table)
    old, new = step.old_field or step.old, step.new_field or step.new
    return f"rename {table.object or table.name}.{old} to {new}"


@sentence.register
def _change_column(step: ChangeColumn, shape: Shape) -> str:
    return f"change {_label(shape.table(step.table), step.new)}: {'; '.join(_changes(step.old, step.new))}"


@sentence.register
def _compute_column(step: ComputeColumn, shape: Shape) -> str:
    label = _label(shape.table(step.table), shape.table(step.table).column(step.column))
    return f"leave {label} as it is" if step.new is None else f"compute {label} for all records"


@sentence.register
def _replace_column(step: ReplaceColumn, shape: Shape) -> str:
    label = _label(shape.table(step.table), step.new)
    return f"make {label} anew: {_kind(step.old)} becomes {_kind(step.new)}"


@sentence.register
def _add_constraint(step: AddConstraint, shape: Shape) -> str:
    return f"add {_constraint(shape.table(step.table), step.constraint)}"


@sentence.register
def _drop_constraint(step: DropConstraint, shape: Shape) -> str:
    return f"drop {_constraint(shape.table(step.table), step.constraint)}"


def _constraint(table: Table, constraint: Index | ForeignKey | Check) -> str:
    match constraint:
        case Index():
            labels = ", ".join(_part(table, each) for each in constraint.columns)
            kind = "unique index" if constraint.unique else "index"
            return f"{kind} {constraint.name} on {table.object or table.name} ({labels})"
        case ForeignKey():
            return f"foreign key from {table.label(constraint.column)} to {constraint.target}"
        case Check():
            return f"check that {table.label(constraint.column)} is {_range(constraint)}"


def _part(table: Table, column: str) -> str:
    return table.label(column).partition(".")[2]


def _range(check: Check) -> str:
    if check.low is None:
        return f"at most {check.high}"
    return f"at least {check.low}" if check.high is None else f"from {check.low} to {check.high}"


def _label(table: Table, column: Column) -> str:
    return f"{table.object or table.name}.{column.field or column.name}"


def _kind(column: Column) -> str:
    kind = column.kind or column.type
    return f"{kind}, {column.scale} decimal places" if column.scale else kind


def _changes(old: Column, new: Column) -> list[str]:
    found = []
    if _kind(old) != _kind(new):
        found.append(f"{_kind(old)} becomes {_kind(new)}")
    elif old.type != new.type:
        found.append(f"stored as {new.type}")
    if old.max_length != new.max_length and old.max_length and new.max_length:
        found.append(f"at most {new.max_length} characters")
    if old.options != new.options:
        found.append(_options(old, new))
    if old.nullable != new.nullable:
        found.append("may be empty" if new.nullable else "required")
    return found


def _options(old: Column, new: Column) -> str:
    if new.options is None:
        return "any text" if new.kind == "choice" else "no options"
    renamed = dict(new.renamed_options)
    before, after = set(old.options or ()), set(new.options)
    parts = [f"{was} becomes {now}" for was, now in renamed.items() if was in before]
    parts += [f"+{name}" for name in new.options if name in after - before - set(renamed.values())]
    parts += [f"-{name}" for name in sorted(before - after - set(renamed))]
    return "options " + ", ".join(parts)
