"""A connected database on each engine, with one small table."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection

from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options

CITIES = (
    """CREATE TABLE cities (
        id INTEGER CONSTRAINT pk_cities PRIMARY KEY,
        name VARCHAR(40) NOT NULL,
        country TEXT,
        code INTEGER,
        twin_id INTEGER,
        people BIGINT,
        CONSTRAINT ck_cities_people CHECK (people >= 0),
        CONSTRAINT fk_cities_twin_id FOREIGN KEY (twin_id) REFERENCES cities (id)
    )""",
    "CREATE UNIQUE INDEX uq_cities_name_country ON cities (name, country) WHERE code IS NULL",
    "CREATE UNIQUE INDEX uq_cities_code ON cities (code)",
)
FOLDED = {
    "sqlite": "CREATE UNIQUE INDEX uq_cities_folded ON cities (sm_fold(country))",
    "postgresql": 'CREATE UNIQUE INDEX uq_cities_folded ON cities (lower(country COLLATE "pg_c_utf8"))',
}


def execute(connection: Connection, *statements: str) -> None:
    for sql in statements:
        connection.exec_driver_sql(sql)


@pytest.fixture
def options() -> Options:
    return Options(statement_timeout=0.3, connections=3)


@pytest.fixture
async def database(database_url: str, options: Options) -> AsyncIterator[Database]:
    """Each engine in turn, with the table `cities` and one row."""
    database = await connect(database_url, options)
    try:
        await database.with_connection(
            lambda connection: execute(
                connection,
                *CITIES,
                FOLDED[database.dialect],
                "INSERT INTO cities (id, name, country, code) VALUES (1, 'Suzhou', 'CN', 215)",
            )
        )
        yield database
    finally:
        await database.close()
