"""The tables of a Model, as SQLAlchemy composes statements with them."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from salesmode.database.statement import Dialect
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.object import Object, Unique
from salesmode.tables.describe import column_types, shape_of
from salesmode.tables.engine import CHANGE, METADATA, SEQUENCE, engine_tables
from salesmode.tables.indexes import uniques
from salesmode.tables.schema import Types, sql_index, sql_table
from salesmode.tables.shape import Shape, Table

_KEPT = 8
_recent: dict[tuple[str, Dialect], "Tables"] = {}


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables of objects by the object's name, and the engine's own.

    `change`: every change of a field. `sequence`: counters of automatic numbers. `applied`: what is applied.
    """

    model: Model
    dialect: Dialect
    metadata: sa.MetaData
    constraints: Mapping[str, Unique | Field]

    def table(self, object_name: str) -> sa.Table:
        """The table of an object: columns by `Field.column`, and `deleted_at`."""
        return self.metadata.tables[self.model.objects[object_name].table]

    @property
    def change(self) -> sa.Table:
        return self.metadata.tables[CHANGE]

    @property
    def sequence(self) -> sa.Table:
        return self.metadata.tables[SEQUENCE]

    @property
    def applied(self) -> sa.Table:
        return self.metadata.tables[METADATA]

    def constraint(self, name: str) -> Unique | Field | None:
        """What a violated constraint is about, by the name that `ConstraintViolation` gives."""
        return self.constraints.get(name)


def tables_of(model: Model, dialect: Dialect) -> Tables:
    """The tables of a model; made once for a model."""
    found = _recent.get((model.version, dialect))
    if found is None or found.model is not model:
        found = _recent[model.version, dialect] = _tables(model, dialect)
        for oldest in list(_recent)[:-_KEPT]:
            del _recent[oldest]
    return found


def _tables(model: Model, dialect: Dialect) -> Tables:
    shape = shape_of(model, dialect)
    metadata = sa.MetaData()
    for table in shape.tables:
        made = sql_table(table, metadata, types=_types(table, model, dialect))
        for index in table.indexes:
            sql_index(index, made, dialect)
    return Tables(model, dialect, metadata, _constraints(shape, model))


def _types(table: Table, model: Model, dialect: Dialect) -> Types:
    if table.object is not None:
        return column_types(model.objects[table.object], dialect)
    return next(each.columns for each in engine_tables(dialect) if each.name == table.name)


def _constraints(shape: Shape, model: Model) -> dict[str, Unique | Field]:
    found: dict[str, Unique | Field] = {}
    for table in shape.tables:
        if table.object is not None:
            found |= _constraints_of(table, model.objects[table.object])
    return found


def _constraints_of(table: Table, object_: Object) -> dict[str, Unique | Field]:
    fields = {each.column: each for each in object_.fields.values()}
    sets = {(each.fields, each.fold): each for each in uniques(object_)}
    found: dict[str, Unique | Field] = {f"{table.name}.{column}": each for column, each in fields.items()}
    found[f"pk_{table.name}"] = fields["id"]
    found |= {key.name: fields[key.column] for key in table.foreign_keys}
    found |= {check.name: fields[check.column] for check in table.checks}
    for index in table.indexes:
        names = tuple(fields[column].name for column in index.columns)
        if index.unique:
            found[index.name] = next(unique for (each, _), unique in sets.items() if each == names)
    return found
