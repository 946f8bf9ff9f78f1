"""The tables of a Model, as SQLAlchemy composes statements with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.engine.mock import MockConnection

from salesmode.database.statement import Dialect
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.object import Object, Unique
from salesmode.tables.columns import bare_table, column_types
from salesmode.tables.describe import shape_of
from salesmode.tables.engine import (
    API_KEY,
    CHANGE,
    HANDLED,
    LEASE,
    MERGED,
    METADATA,
    OUTBOX,
    SEQUENCE,
    engine_tables,
)
from salesmode.tables.indexes import uniques
from salesmode.tables.schema import Types, sql_index, sql_table
from salesmode.tables.shape import Shape, Table

_WORDING = {"sqlite": "sqlite://", "postgresql": "postgresql+asyncpg://"}
_KEPT = 8
_recent: dict[tuple[str, Dialect], "Tables"] = {}


@dataclass(frozen=True, eq=False)
class Tables:
    """Tables of objects by the object's name, and the engine's own; each is made when it is first asked for.

    `change`: every change of a field. `sequence`: counters of automatic numbers. `applied`: what is applied.
    `api_key`: keys of the API. `lease`: who does which timed work. `outbox`: what listeners are yet to hear
    of. `handled`: which records a job has handled. `merged`: which records have become parts of others.
    """

    model: Model
    dialect: Dialect
    _made: dict[str, sa.Table] = field(default_factory=dict, init=False, repr=False)

    def table(self, object_name: str) -> sa.Table:
        """The table of an object: columns by `Field.column`, and `deleted_at`."""
        found = self._made.get(object_name)
        if found is None:
            object_ = self.model.objects[object_name]
            found = self._made[object_name] = bare_table(object_.table, column_types(object_, self.dialect))
        return found

    @property
    def change(self) -> sa.Table:
        return self._engine[CHANGE]

    @property
    def sequence(self) -> sa.Table:
        return self._engine[SEQUENCE]

    @property
    def api_key(self) -> sa.Table:
        return self._engine[API_KEY]

    @property
    def lease(self) -> sa.Table:
        return self._engine[LEASE]

    @property
    def outbox(self) -> sa.Table:
        return self._engine[OUTBOX]

    @property
    def handled(self) -> sa.Table:
        return self._engine[HANDLED]

    @property
    def merged(self) -> sa.Table:
        return self._engine[MERGED]

    @property
    def applied(self) -> sa.Table:
        return self._engine[METADATA]

    def constraint(self, name: str) -> Unique | Field | None:
        """What a violated constraint is about, by the name that `ConstraintViolation` gives."""
        return self._constraints.get(name)

    @cached_property
    def metadata(self) -> sa.MetaData:
        """All tables with their constraints and indexes."""
        metadata = sa.MetaData()
        for table in shape_of(self.model, self.dialect).tables:
            made = sql_table(table, metadata, types=_types(table, self.model, self.dialect))
            for index in table.indexes:
                sql_index(index, made, self.dialect)
        return metadata

    def create(self, connection: sa.Connection) -> None:
        """All of them in an empty database, without a migration."""
        for statement in self._creation:
            connection.exec_driver_sql(statement)

    def empty(self, connection: sa.Connection) -> None:
        """No record is left in them; what is applied stays. Foreign keys wait for the end."""
        for statement in self._emptying:
            connection.exec_driver_sql(statement)

    @cached_property
    def _emptying(self) -> Sequence[str]:
        names = (name for name in self.metadata.tables if name != METADATA)
        return self._together([f'DELETE FROM "{name}"' for name in names])

    def measure(self, connection: sa.Connection, objects: Sequence[str] = ()) -> None:
        """Fresh statistics of these objects' tables, or of all: the engines plan by them, and would look at
        many new rows only later by themselves. Until then a nested right may cost seconds.
        """
        names = [self.table(each).name for each in objects] or [*self.metadata.tables]
        for name in names:
            connection.exec_driver_sql(f'ANALYZE "{name}"')

    def drop(self, connection: sa.Connection) -> None:
        """None of them is there any more. In any order: they may refer to each other in circles."""
        behind = " CASCADE" if self.dialect == "postgresql" else ""
        for name in self.metadata.tables:
            connection.exec_driver_sql(f'DROP TABLE "{name}"{behind}')

    @cached_property
    def _creation(self) -> Sequence[str]:
        """SQLAlchemy words them once; they are carried out as often as there are databases."""
        found: list[str] = []

        def heard(ddl: sa.schema.ExecutableDDLElement, *_: object, **__: object) -> None:
            found.append(str(ddl.compile(dialect=engine.dialect)))

        engine: MockConnection = sa.create_mock_engine(_WORDING[self.dialect], heard)
        self.metadata.create_all(engine, checkfirst=False)
        return self._together(found)

    def _together(self, statements: Sequence[str]) -> Sequence[str]:
        """On PostgreSQL in one round trip."""
        return (
            (f"DO $do$ BEGIN {'; '.join(statements)}; END $do$",)
            if self.dialect == "postgresql"
            else statements
        )

    @cached_property
    def _engine(self) -> dict[str, sa.Table]:
        return {each.name: bare_table(each.name, each.columns) for each in engine_tables(self.dialect)}

    @cached_property
    def _constraints(self) -> dict[str, Unique | Field]:
        return _constraints(shape_of(self.model, self.dialect), self.model)


def tables_of(model: Model, dialect: Dialect) -> Tables:
    """The tables of a model; made once for a model."""
    found = _recent.get((model.version, dialect))
    if found is None or found.model is not model:
        found = _recent[model.version, dialect] = Tables(model, dialect)
        for oldest in list(_recent)[:-_KEPT]:
            del _recent[oldest]
    return found


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
    fields = {each.column: each for each in object_.fields.values() if each.stored}
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
