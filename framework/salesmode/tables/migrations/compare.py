"""What leads from one shape to another: the steps, in an order in which each one fits.

Tables are known by their objects and columns by their fields: a new plural or column name is a rename too.
First the foreign keys to tables that go, then these tables, renames, new tables (on PostgreSQL their
foreign keys after all of them), the changes of each table, and what is computed from others. The engine's
own tables are never dropped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from salesmode.tables.migrations.compare_table import alter, compute
from salesmode.tables.migrations.operations import (
    AddConstraint,
    CreateTable,
    DropConstraint,
    DropTable,
    RenameTable,
)
from salesmode.tables.migrations.script import Script, rename_order
from salesmode.tables.shape import Shape, Table


def compare(existing: Shape, desired: Shape) -> Script:
    """The script from `existing` to `desired`; empty when they are the same."""
    script = Script(existing)
    kept = _kept(existing, desired)
    gone = [each for each in existing.tables if each.object and each.name not in kept.values()]
    new = [each for each in desired.tables if each.name not in kept]
    _drop(script, gone)
    _rename(script, kept, desired)
    _create(script, new)
    for table in desired.tables:
        if table.name in kept:
            alter(script, table)
    for table in desired.tables:
        compute(script, table)
    return script


def _kept(existing: Shape, desired: Shape) -> Mapping[str, str]:
    """Desired table → existing one."""
    by_object = {each.object: each.name for each in existing.tables if each.object}
    wanted = {each.object for each in desired.tables}
    kept = {}
    for table in desired.tables:
        was = table.object if table.object in by_object else table.renamed_from
        if table.object is None and existing.has(table.name):
            kept[table.name] = table.name
        elif was in by_object and (was == table.object or was not in wanted):
            kept[table.name] = by_object.pop(was)
    return kept


def _drop(script: Script, gone: Iterable[Table]) -> None:
    names = {each.name for each in gone}
    for table in script.shape.tables:
        for key in table.foreign_keys:
            if key.target in names and key.target != table.name:
                script.do(DropConstraint(table.name, key))
    for name in names:
        script.do(DropTable(script.shape.table(name)))


def _rename(script: Script, kept: Mapping[str, str], desired: Shape) -> None:
    moves = {old: new for new, old in kept.items() if old != new}
    objects = {each.name: each.object for each in desired.tables}
    for old, new in rename_order(moves, {each.name for each in script.shape.tables}):
        was = script.shape.table(old).object
        script.do(RenameTable(old, new, was, objects.get(new, was)))
    for name in kept:
        was = script.shape.table(name).object
        if was != objects[name]:
            script.do(RenameTable(name, name, was, objects[name]))


def _create(script: Script, new: Iterable[Table]) -> None:
    """SQLite takes foreign keys only with the table, PostgreSQL only when the other table is there."""
    tables = list(new)
    if script.shape.dialect == "sqlite":
        for table in tables:
            script.do(CreateTable(table))
        return
    for table in tables:
        script.do(CreateTable(replace(table, foreign_keys=())))
    for table in tables:
        for key in table.foreign_keys:
            script.do(AddConstraint(table.name, key))
