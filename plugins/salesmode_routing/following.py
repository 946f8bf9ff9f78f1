"""What follows from a write: what is kept of owners and pools, and who gets new records."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from salesmode.hookspecs import Batch, Change, Desk, UnitOf
from salesmode_routing.assigning import route
from salesmode_routing.brought import (
    KEPT_AT,
    POOL_FIELD,
    POOLED_AT,
    RECYCLE_AT,
    RECYCLE_RULE,
    ROUTED_BY,
    SINCE,
    TIME_LIMIT,
)
from salesmode_routing.filing import pools_for
from salesmode_routing.moves import Move
from salesmode_routing.pools import holding
from salesmode_routing.portions import portions
from salesmode_routing.reading import OWNER
from salesmode_routing.returning import bring_back
from salesmode_routing.texts import said

_ENDS_WITH_AN_OWNER = (SINCE, RECYCLE_AT, RECYCLE_RULE, KEPT_AT, ROUTED_BY, TIME_LIMIT)
_ENDS_WITH_A_POOL = (POOL_FIELD, POOLED_AT)


def keep_track(batch: Batch) -> None:
    """A new owner has the record from now on, out of every pool, and without the old one's time limits."""
    fields = batch.object.fields
    if SINCE not in fields or batch.operation not in ("create", "update"):
        return
    for change in batch.changes:
        if change.old is None or change.changed(OWNER):
            for name, value in _following(change, batch.desk.now):
                if name in fields and name not in change.supplied:
                    change.set(name, value)


def _following(change: Change, now: datetime) -> Iterable[tuple[str, Any]]:
    owned = change.new.get(OWNER) is not None
    if change.old is not None:
        yield from ((name, None) for name in _ENDS_WITH_AN_OWNER if name != SINCE)
        yield from ((name, None) for name in _ENDS_WITH_A_POOL if owned)
    if owned or change.old is not None:
        yield SINCE, now if owned else None


def follow(batch: Batch) -> UnitOf[None]:
    """New records without a named owner are given away by rule; what has no owner then lies in a pool."""
    if SINCE not in batch.object.fields or batch.operation not in ("create", "update"):
        return
    new = batch.operation == "create" and not _owner_is_set(batch.desk, batch.object.name)
    for changes in portions(batch.changes):
        yield from _followed(batch, changes, by_rule=new)


def _followed(batch: Batch, changes: Sequence[Change], *, by_rule: bool) -> UnitOf[None]:
    name, desk = batch.object.name, batch.desk
    routed: set[str] = set()
    if by_rule:
        unnamed = [each.id for each in changes if OWNER not in each.supplied]
        routed = yield from route(desk, name, unnamed, "create")
    if POOL_FIELD in batch.object.fields:
        left = [each for each in changes if each.id not in routed and _ownerless(each)]
        yield from _collect(desk, name, left)


def _owner_is_set(desk: Desk, object_: str) -> bool:
    """Whether a role of the caller says whose new records are (`set: {owner: …}`)."""
    roles = (desk.model.roles.get(each) for each in holding(desk.model, desk.caller.roles))
    grants = (each.objects.get(object_) for each in roles if each is not None)
    return any(each.create is not None and OWNER in (each.create.presets or {}) for each in grants if each)


def _ownerless(change: Change) -> bool:
    touched = change.old is None or change.changed(OWNER)
    return touched and change.new.get(OWNER) is None and POOL_FIELD not in change.supplied


def _collect(desk: Desk, object_: str, changes: Sequence[Change]) -> UnitOf[None]:
    pools = yield from pools_for(desk, object_, [each.id for each in changes])
    reason = said(desk.model, "taken_without_owner")
    before = {each.id: None if each.old is None else each.old.get(OWNER) for each in changes}
    moves = [
        Move(id, "release", pool=pool, from_user=before[id], reason=reason) for id, pool in pools.items()
    ]
    yield from bring_back(desk, object_, moves)
