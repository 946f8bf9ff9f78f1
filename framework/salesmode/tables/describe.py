"""From the Model to the shape that its database has."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.types import TypeEngine

from salesmode.database.environment import Environment
from salesmode.database.statement import DIALECTS, Dialect
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.text import TextType
from salesmode.model.app import Model
from salesmode.model.condition import Literal, Moment, Value
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.tables.engine import EngineTable, engine_tables
from salesmode.tables.indexes import distinct, index_of, indexes, refers
from salesmode.tables.literals import literal_sql
from salesmode.tables.names import constraint_name
from salesmode.tables.rollups import rollup_sql
from salesmode.tables.shape import Check, Column, ForeignKey, Shape, Table
from salesmode.tables.staged import beginnings, begun_in, stages

_ALWAYS_FILLED = frozenset({"id", "created_at", "updated_at", "version"})
_LARGEST = Decimal(10**18 - 1)
_SQLITE_RANGES = {
    "boolean": (Decimal(0), Decimal(1)),
    "integer": (Decimal(-(1 << 31)), Decimal((1 << 31) - 1)),
    "decimal": (-_LARGEST, _LARGEST),
    "money": (-_LARGEST, _LARGEST),
    "percent": (-_LARGEST, _LARGEST),
}


def shape_of(model: Model, dialect: Dialect, now: datetime | None = None) -> Shape:
    """The shape of the model's database. `now`: for defaults that are moments, which old rows get."""
    environment = Environment(
        {}, {}, now or datetime.now(UTC), ZoneInfo(model.app.timezone), model.app.fiscal_year_start
    )
    engine = [_engine_table(each, dialect) for each in engine_tables(dialect)]
    objects = [
        _object_table(each, model, dialect, environment=environment) for each in model.objects.values()
    ]
    return Shape(dialect, distinct((*engine, *objects)))


def sql_type(type_: TypeEngine[Any], dialect: Dialect) -> str:
    return type_.compile(dialect=DIALECTS[dialect])


def _engine_table(table: EngineTable, dialect: Dialect) -> Table:
    columns = tuple(
        Column(name, sql_type(type_, dialect), nullable=name in table.nullable)
        for name, type_ in table.columns.items()
    )
    return Table(table.name, None, columns, tuple(index_of(table.name, *names) for names in table.indexed))


def _object_table(object_: Object, model: Model, dialect: Dialect, *, environment: Environment) -> Table:
    fields = [each for each in object_.fields.values() if each.stored]
    begun = beginnings(object_, model)
    columns = [
        _column(
            each,
            dialect,
            fill=_fill(each, begun.get(each.name, each.default), dialect, environment),
            computed=rollup_sql(each, object_, model, dialect, environment),
            options=stages(object_, model) if each.type == "stage" else _options(each),
        )
        for each in fields
    ]
    columns = [begun_in(each, model.pipelines_of(object_.name)) for each in columns]
    instant = next(each.type for each in columns if each.name == "created_at")
    return Table(
        object_.table,
        object_.name,
        (*columns, Column("deleted_at", instant)),
        indexes(object_, dialect),
        tuple(_foreign_key(object_, each, model) for each in fields if refers(each)),
        tuple(check for each in fields if (check := _check(object_, each, dialect))),
        renamed_from=object_.renamed_from,
    )


def _column(
    field: Field,
    dialect: Dialect,
    *,
    fill: str | None,
    options: tuple[str, ...] | None,
    computed: str | None,
) -> Column:
    type_ = field_type(field.type)
    return Column(
        field.column,
        sql_type(type_.column_type(field, dialect), dialect),
        nullable=field.nullable and field.name not in _ALWAYS_FILLED,
        field=field.name,
        kind=field.type,
        scale=field.scale,
        max_length=(field.max_length or type_.longest) if isinstance(type_, TextType) else None,
        options=options,
        computed=computed,
        fill=fill if computed is None else None,
        renamed_from=field.renamed_from,
        renamed_options=tuple((field.renamed_options or {}).items()),
    )


def _options(field: Field) -> tuple[str, ...] | None:
    if not field.options or field.open_options:
        return None
    return tuple(sorted(option.name for option in field.options))


def _fill(field: Field, value: Value | None, dialect: Dialect, environment: Environment) -> str | None:
    """The value as SQL, for rows that are there already; one that depends on the user is none for them."""
    if not isinstance(value, Literal | Moment):
        return None
    found = field_type(field.type).finder(value)(environment)
    return None if found is None else literal_sql(field_type(field.type).encode(field, dialect)(found))


def _foreign_key(object_: Object, field: Field, model: Model) -> ForeignKey:
    name = constraint_name("fk", object_.table, field.column)
    return ForeignKey(name, field.column, model.target(field).table)


def _check(object_: Object, field: Field, dialect: Dialect) -> Check | None:
    """The declared range; on SQLite also the one that PostgreSQL's type has by itself."""
    if field.system:
        return None
    lowest, highest = _SQLITE_RANGES.get(field.type, (None, None)) if dialect == "sqlite" else (None, None)
    low = max(
        (each for each in (lowest, _stored(field.min, field, dialect)) if each is not None), default=None
    )
    high = min(
        (each for each in (highest, _stored(field.max, field, dialect)) if each is not None), default=None
    )
    if low is None and high is None:
        return None
    name = constraint_name("ck", object_.table, field.column)
    return Check(name, field.column, *(None if each is None else f"{each:f}" for each in (low, high)))


def _stored(bound: Decimal | None, field: Field, dialect: Dialect) -> Decimal | None:
    """A bound in the numbers that the column holds."""
    return bound if bound is None or dialect == "postgresql" else bound.scaleb(field.scale)
