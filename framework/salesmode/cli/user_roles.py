"""Which roles a user has, read with the system's rights; and the first administrator (RULING 6)."""

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


async def roles_of(database: Database, tables: Tables, name: str) -> tuple[str, ...] | None:
    """The roles of the user of that name; None where there is no such user."""
    return await database.run(lambda: _roles(tables, name))


async def make_administrator(database: Database, tables: Tables, name: str) -> None:
    """Add the built-in role `admin` to the user's roles; make the user where there is none."""
    await database.run(lambda: _administrator(tables, name))


def _administrator(tables: Tables, name: str) -> UnitOf[None]:
    roles = (yield from _roles(tables, name)) or ()
    if ADMIN not in roles:
        values = {"name": name, "active": True, "roles": [*roles, ADMIN]}
        yield from upsert(SystemScope(tables), "user", ("name",), [values], environment_of(tables.model))


def _roles(tables: Tables, name: str) -> UnitOf[tuple[str, ...] | None]:
    fields = tables.model.objects["user"].fields
    user = tables.table("user").c
    wanted = slot_of(Argument(("name",)), fields["name"], tables.dialect)
    query = sa.select(user[fields["roles"].column]).where(user.name == wanted, user.deleted_at.is_(None))
    statement = render(query, tables.dialect)
    rows = yield Step(
        statement.sql, statement.bind(environment_of(tables.model).with_variables({"name": name}))
    )
    if not rows:
        return None
    (stored,) = rows[0]
    roles = field_type(fields["roles"].type)
    return () if stored is None else roles.decode(fields["roles"], stored, tables.dialect)
