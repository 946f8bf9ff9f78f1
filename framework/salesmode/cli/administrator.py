"""The first administrator (RULING 6): the user of that name gets the built-in role `admin`."""

import sqlalchemy as sa

from salesmode.access.scope import SystemScope
from salesmode.cli.project import environment_of
from salesmode.database.driver import Database, UnitOf
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.fieldtypes import field_type, slot_of
from salesmode.model.condition import Argument
from salesmode.records import upsert
from salesmode.tables import Tables

ADMIN = "admin"


async def make_administrator(database: Database, tables: Tables, name: str) -> None:
    """Add the role to the user's roles; make the user where there is none."""
    await database.run(lambda: _unit(tables, name))


def _unit(tables: Tables, name: str) -> UnitOf[None]:
    environment = environment_of(tables.model)
    roles = yield from _roles(tables, name)
    if ADMIN not in roles:
        values = {"name": name, "active": True, "roles": [*roles, ADMIN]}
        yield from upsert(SystemScope(tables), "user", ("name",), [values], environment)


def _roles(tables: Tables, name: str) -> UnitOf[tuple[str, ...]]:
    fields = tables.model.objects["user"].fields
    user = tables.table("user").c
    wanted = slot_of(Argument(("name",)), fields["name"], tables.dialect)
    query = sa.select(user[fields["roles"].column]).where(user.name == wanted, user.deleted_at.is_(None))
    statement = render(query, tables.dialect)
    environment = environment_of(tables.model).with_variables({"name": name})
    rows = yield Step(statement.sql, statement.bind(environment))
    if not rows or rows[0][0] is None:
        return ()
    found: tuple[str, ...] = field_type(fields["roles"].type).decode(
        fields["roles"], rows[0][0], tables.dialect
    )
    return found
