"""`salesmode explain access USER OBJECT ID [FIELD]`: which rule decided, and what would change it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from salesmode.access.explain import Explanation
from salesmode.access.scope import SystemScope
from salesmode.access.telling import told
from salesmode.cli.acting import actor
from salesmode.cli.faults import Fault, usage
from salesmode.cli.project import filled
from salesmode.diagnostics import did_you_mean
from salesmode.fieldtypes import Invalid
from salesmode.fieldtypes.identifier import checked_id
from salesmode.model.app import Model
from salesmode.queries.explain import explained
from salesmode.tables import tables_of


@dataclass(frozen=True, slots=True)
class Access:
    """What is asked about. `field` None: the record itself."""

    user: str
    object: str
    id: str
    field: str | None


def access_lines(model: Model, asked: Access, url: str) -> Iterator[str]:
    """The explanation, line by line; a Fault where there is no such user, object, record or field."""
    return told(asyncio.run(_explained(model, asked, url)))


async def _explained(model: Model, asked: Access, url: str) -> Explanation:
    object_ = model.objects[known(model, asked.object)]
    if asked.field is not None and asked.field not in object_.fields:
        hint = did_you_mean(asked.field, object_.fields)
        raise usage(f"'{object_.name}' has no field '{asked.field}'", hint=hint)
    async with filled(url) as database:
        tables = tables_of(model, database.dialect)
        who, id_ = await actor(database, tables, asked.user), checked(asked.id, asked.object)
        found = await explained(
            database,
            SystemScope(tables),
            who.policy,
            who.environment,
            object_name=object_.name,
            id=id_,
            field=asked.field,
        )
    if found is None:
        raise Fault(f"there is no living {object_.name} {asked.id}")
    return found


def known(model: Model, name: str) -> str:
    """The object of that name, whoever may know it; else wrong usage."""
    if name not in model.objects:
        raise usage(f"there is no object '{name}'", hint=did_you_mean(name, model.objects))
    return name


def checked(id_: str, object_: str) -> str:
    """An id as it is stored; else wrong usage, with where the ids of that object are told."""
    try:
        return checked_id(id_)
    except Invalid:
        raise usage(f"'{id_}' is not an id", hint=f"salesmode export {object_}") from None
