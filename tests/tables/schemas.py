"""What a database really looks like, read from its own catalog and put in order, to compare two of them."""

import re

from sqlalchemy import Connection, text

from salesmode.database.driver import Database

Schema = dict[str, list[str]]

_SQLITE = {
    "columns": """
        SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
        FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table'
    """,
    "foreign keys": """
        SELECT t.name, f."from", f."table", f."to"
        FROM sqlite_master AS t JOIN pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table'
    """,
    "indexes": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
}
_POSTGRESQL = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, k.collname,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        LEFT JOIN pg_collation AS k ON k.oid = a.attcollation
        LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
              AND a.attnum > 0 AND NOT a.attisdropped
    """,
    "constraints": """
        SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


async def schema(database: Database) -> Schema:
    """Columns, constraints and indexes, each as sorted lines."""
    return await database.with_connection(_schema)


def _schema(connection: Connection) -> Schema:
    queries = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    found = {
        name: sorted(" | ".join(map(str, row)) for row in connection.execute(text(sql)))
        for name, sql in queries.items()
    }
    if connection.dialect.name == "sqlite":
        found["constraints"] = _sqlite_constraints(connection)
    return found


def _sqlite_constraints(connection: Connection) -> list[str]:
    """Named constraints are only in the text of the table. The key's name may be that of an older table."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    found = [
        f"{table} | {each}" for table, sql in rows for each in re.findall(r"CONSTRAINT (.*?),?\s*\n", sql)
    ]
    return sorted(each for each in found if "PRIMARY KEY" not in each)
