"""What is really there: names of tables, columns and indexes, as the database's own catalog has them."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from salesmode.database.statement import Dialect
from salesmode.tables.shape import Shape, Table

_COLUMNS = {
    "sqlite": """
        SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
        WHERE t.type = 'table'
    """,
    "postgresql": """
        SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()
    """,
}
_INDEXES = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = current_schema()",
}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Names: (table, column) and (table, index)."""

    columns: frozenset[tuple[str, str]]
    indexes: frozenset[tuple[str, str]]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(table for table, _ in self.columns)


def catalog(connection: Connection, dialect: Dialect) -> Catalog:
    """The catalog of the schema that this connection works in."""
    columns, indexes = (
        frozenset((str(row[0]), str(row[1])) for row in connection.execute(text(names[dialect])))
        for names in (_COLUMNS, _INDEXES)
    )
    return Catalog(columns, indexes)


def found(shape: Shape, there: Catalog) -> Shape:
    """The recorded shape without what is gone, so that it is made again; what is there besides, stays."""
    names = there.tables
    tables = (_found(table, there) for table in shape.tables if table.name in names)
    return replace(shape, tables=tuple(tables))


def _found(table: Table, there: Catalog) -> Table:
    columns = tuple(each for each in table.columns if (table.name, each.name) in there.columns)
    names = {each.name for each in columns}
    return replace(
        table,
        columns=columns,
        indexes=tuple(each for each in table.indexes if (table.name, each.name) in there.indexes),
        foreign_keys=tuple(each for each in table.foreign_keys if each.column in names),
        checks=tuple(each for each in table.checks if each.column in names),
    )
