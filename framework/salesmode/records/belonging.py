"""The records that rows belong, or belonged, to: locked before anything is made of all their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import or_, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.model.condition import Argument, Compare
from salesmode.records.binding import one
from salesmode.records.checks import IDS, THESE
from salesmode.tables import Tables

_OWNERS = "$owners"
_BELONGED = Compare("id", "in", Argument((_OWNERS,)))


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows of the object `child` belong to records of `owner` by the reference `link`."""

    owner: str
    child: str
    link: str


def lock_owners(
    tables: Tables, belonging: Belonging, ids: Sequence[str], olds: Sequence[str], environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """The ids of what the rows `ids` belong to, with those of `olds`, in their order.

    They are locked, so whoever comes next sees what is written here.
    """
    variables = {IDS: tuple(ids), _OWNERS: tuple(dict.fromkeys(olds))}
    rows = yield one(_owners(tables, belonging), variables, environment)
    return tuple(str(row[0]) for row in rows)


@lru_cache(maxsize=512)
def _owners(tables: Tables, belonging: Belonging) -> Statement:
    system = SystemScope(tables)
    child, owner = system.source(belonging.child), system.source(belonging.owner)
    link = child.object.fields[belonging.link]
    belong = select(child.table.c[link.column]).where(compile_condition(THESE, child, system))
    concerned = or_(
        compile_condition(_BELONGED, owner, system),
        owner.table.c.id.in_(belong.correlate_except(child.table)),
    )
    rows = select(owner.table.c.id).where(concerned).order_by(owner.table.c.id)
    return render(rows.with_for_update(of=owner.table, key_share=True), tables.dialect)
