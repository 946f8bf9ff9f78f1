"""The steps that change one table. What hangs on a column that moves goes first and comes back last."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from salesmode.tables.migrations.conversion import convertible, rewrites
from salesmode.tables.migrations.operations import (
    AddColumn,
    AddConstraint,
    ChangeColumn,
    ComputeColumn,
    Constraint,
    DropColumn,
    DropConstraint,
    RenameColumn,
    ReplaceColumn,
)
from salesmode.tables.migrations.script import Script, rename_order
from salesmode.tables.shape import Column, Index, Table


def alter(script: Script, desired: Table) -> None:
    """The steps from the table of that name, as it is now in the script, to the desired one."""
    existing = script.shape.table(desired.name)
    kept = _kept(existing, desired)
    _drop_constraints(script, existing, desired, moving=_moving(existing, desired, kept))
    for column in existing.columns:
        if column.name not in kept.values():
            script.do(DropColumn(desired.name, column))
    _rename(script, desired, kept)
    _columns_to(script, desired, kept)
    _add_constraints(script, desired)


def _kept(existing: Table, desired: Table) -> Mapping[str, str]:
    """Desired column → existing one: by field, by the field's old name, or by name if it has no field."""
    by_field = {each.field or each.name: each.name for each in existing.columns}
    wanted = {each.field or each.name for each in desired.columns}
    kept: dict[str, str] = {}
    for column in desired.columns:
        was = column.field or column.name
        if was not in by_field and column.renamed_from not in wanted:
            was = column.renamed_from or was
        if was in by_field and by_field[was] not in kept.values():
            kept[column.name] = by_field[was]
    return kept


def _moving(existing: Table, desired: Table, kept: Mapping[str, str]) -> set[str]:
    """Existing columns that go, get another name, or have their values written anew."""
    found = {each.name for each in existing.columns} - set(kept.values())
    for new, old in kept.items():
        was, becomes = existing.column(old), desired.column(new)
        if new != old or rewrites(was, becomes) or _computed_otherwise(was, becomes):
            found.add(old)
    return found


def _computed_otherwise(old: Column, new: Column) -> bool:
    """Whether a stored rollup is kept in another column: its values need no keeping."""
    return old.computed is not None and replace(old, computed=None) != replace(new, computed=None)


def _drop_constraints(script: Script, existing: Table, desired: Table, *, moving: set[str]) -> None:
    staying = set(_constraints(desired))
    for constraint in _constraints(existing):
        if constraint not in staying or moving & _columns(constraint):
            script.do(DropConstraint(existing.name, constraint))


def _add_constraints(script: Script, desired: Table) -> None:
    there = set(_constraints(script.shape.table(desired.name)))
    for constraint in _constraints(desired):
        if constraint not in there:
            script.do(AddConstraint(desired.name, constraint))


def _constraints(table: Table) -> Iterator[Constraint]:
    """In the order in which they are made: on SQLite, checks and foreign keys make the indexes anew."""
    yield from table.checks
    yield from table.foreign_keys
    yield from table.indexes


def _columns(constraint: Constraint) -> set[str]:
    return set(constraint.columns) if isinstance(constraint, Index) else {constraint.column}


def _rename(script: Script, desired: Table, kept: Mapping[str, str]) -> None:
    table = desired.name
    moves = {old: new for new, old in kept.items() if old != new}
    fields = {each.name: each.field for each in desired.columns}
    for old, new in rename_order(moves, {each.name for each in script.shape.table(table).columns}):
        was = script.shape.table(table).column(old).field
        script.do(RenameColumn(table, old, new, was, fields.get(new, was)))
    for name in kept:
        was = script.shape.table(table).column(name).field
        if was != fields[name]:
            script.do(RenameColumn(table, name, name, was, fields[name]))


def _columns_to(script: Script, desired: Table, kept: Mapping[str, str]) -> None:
    """Columns that are stored in another way first: SQLite then makes a table anew once for all the rest."""
    existing = script.shape.table(desired.name)
    pairs = [
        (existing.column(each.name), _as_computed(each, existing))
        for each in desired.columns
        if each.name in kept
    ]
    changes = [_change(desired.name, *each) for each in pairs if each[0] != each[1]]
    for change in sorted(changes, key=lambda each: not rewrites(each.old, each.new)):
        script.do(change)
    for column in desired.columns:
        if column.name not in kept:
            script.do(AddColumn(desired.name, replace(column, computed=None)))


def compute(script: Script, desired: Table) -> None:
    """The steps that bring its stored rollups up to date; what they look at is as desired by now."""
    existing = script.shape.table(desired.name)
    for column in desired.columns:
        was = existing.column(column.name).computed
        if was != column.computed:
            script.do(ComputeColumn(desired.name, column.name, was, column.computed))


def _as_computed(column: Column, existing: Table) -> Column:
    """What it is computed from changes with a step of its own."""
    return replace(column, computed=existing.column(column.name).computed)


def _change(table: str, old: Column, new: Column) -> ChangeColumn | ReplaceColumn:
    if old.computed is not None:
        return ReplaceColumn(table, old, replace(new, computed=None))
    return ChangeColumn(table, old, new) if convertible(old, new) else ReplaceColumn(table, old, new)
