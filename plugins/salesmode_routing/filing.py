"""Putting records into pools: into the one that is named, or the first that takes them."""

from collections.abc import Mapping, Sequence

from salesmode.hookspecs import Desk, UnitOf
from salesmode.model.condition import ALWAYS
from salesmode_routing.brought import POOL_FIELD, POOLED_AT
from salesmode_routing.moves import Move, log
from salesmode_routing.pools import pools_of
from salesmode_routing.reading import OWNER


def pools_for(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[Mapping[str, str]]:
    """The pool of each record that some pool takes."""
    found: dict[str, str] = {}
    for pool in pools_of(desk.model, object_).values():
        left = [id for id in ids if id not in found]
        if left and pool.where != ALWAYS:
            taken = yield from desk.matching(object_, left, pool.where)
            left = [id for id in left if id in taken]
        found |= dict.fromkeys(left, pool.name)
    return found


def file(desk: Desk, object_: str, moves: Sequence[Move]) -> UnitOf[None]:
    """The records of the moves lose their owner and lie in the moves' pools from now on."""
    if not moves:
        return
    changes = {each.record: {OWNER: None, POOL_FIELD: each.pool, POOLED_AT: desk.now} for each in moves}
    yield from desk.update(object_, changes)
    yield from log(desk, object_, moves)
