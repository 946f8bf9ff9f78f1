"""What users do with pools: claim, release, assign, keep or give up (D10, D93).

Users are locked before records, and several of either in the order of their ids, so that nobody waits for
each other.
"""

from collections.abc import Sequence

from salesmode.hookspecs import Desk, Record, Refusal, UnitOf
from salesmode_routing.brought import KEPT_AT, POOL_FIELD, RECYCLE_AT, RECYCLE_RULE
from salesmode_routing.filing import pools_for
from salesmode_routing.limits import against_claiming, against_role
from salesmode_routing.moves import Move, log
from salesmode_routing.notices import attempt_task
from salesmode_routing.pools import Pool, Recycling, pools_of
from salesmode_routing.reading import OWNER
from salesmode_routing.returning import bring_back
from salesmode_routing.texts import moment, problem, refusal


def claim(desk: Desk, object_: str, id: str) -> UnitOf[str]:
    """The caller becomes the owner: CONFLICT where somebody was quicker, FORBIDDEN with every limit that is
    reached.
    """
    user = desk.caller.id
    if user is None:
        raise refusal("BAD_REQUEST", problem("id", "system"))
    yield from desk.read("user", (), ids=[user], lock=True)
    pool = yield from _pooled(desk, object_, id)
    problems = yield from against_claiming(desk, pool, id, user)
    if problems:
        raise refusal("FORBIDDEN", *problems)
    yield from _give(desk, object_, id, user, Move(id, "claim", pool=pool.name, to_user=user))
    return id


def assign(desk: Desk, object_: str, id: str, user: str, reason: str | None) -> UnitOf[str]:
    """Somebody else becomes the owner, whatever the limits of claims are."""
    seen = yield from desk.as_caller().read("user", (), ids=[user])
    users = yield from desk.read("user", ("active",), ids=[user], lock=True)
    if not seen or not users:
        raise Refusal("NOT_FOUND")
    if not users[0]["active"]:
        raise refusal("VALIDATION_FAILED", problem("user", "not_active"))
    pool = yield from _pooled(desk, object_, id)
    _check_role(desk, pool, pool.assign)
    yield from _give(desk, object_, id, user, Move(id, "assign", pool.name, None, user, None, reason))
    return id


def _pooled(desk: Desk, object_: str, id: str) -> UnitOf[Pool]:
    """The pool of the record, which is locked and still in it."""
    record = yield from _locked(desk, object_, id, POOL_FIELD)
    name = record[POOL_FIELD]
    if name is None:
        raise refusal("CONFLICT", problem("id", "not_pooled"))
    return pools_of(desk.model, object_)[name]


def _locked(desk: Desk, object_: str, id: str, *fields: str) -> UnitOf[Record]:
    rows: Sequence[Record] = yield from desk.read(object_, (OWNER, *fields), ids=[id], lock=True)
    if not rows:
        raise Refusal("NOT_FOUND")
    return rows[0]


def _give(desk: Desk, object_: str, id: str, user: str, move: Move) -> UnitOf[None]:
    yield from desk.update(object_, {id: {OWNER: user}})
    yield from log(desk, object_, [move])


def _check_role(desk: Desk, pool: Pool, roles: frozenset[str]) -> None:
    problems = [*against_role(desk, pool, roles)]
    if problems:
        raise refusal("FORBIDDEN", *problems)


def release(desk: Desk, object_: str, id: str, name: str | None, reason: str | None) -> UnitOf[str]:
    """The record lies in a pool again: in the one of that name, or the first that takes it. Other people's
    are released by those who may assign; who may neither is told nothing of where the record lies or would.
    """
    record = yield from _locked(desk, object_, id, POOL_FIELD)
    able = record[OWNER] == desk.caller.id or _may_assign_some(desk, object_)
    if record[POOL_FIELD] is not None and (able or (yield from _sees_pool(desk, object_, id))):
        raise refusal("CONFLICT", problem("id", "already_pooled"))
    if not able:
        raise refusal("FORBIDDEN", problem("id", "not_owner"))
    pool = yield from _target(desk, object_, id, name)
    if record[OWNER] == desk.caller.id:
        _check_role(desk, pool, pool.release)
    elif [*against_role(desk, pool, pool.assign)]:
        raise refusal("FORBIDDEN", problem("id", "not_owner"))
    owner = record[OWNER]
    yield from bring_back(desk, object_, [Move(id, "release", pool.name, owner, None, None, reason)])
    return id


def _may_assign_some(desk: Desk, object_: str) -> bool:
    return any(
        not [*against_role(desk, each, each.assign)] for each in pools_of(desk.model, object_).values()
    )


def _sees_pool(desk: Desk, object_: str, id: str) -> UnitOf[bool]:
    rows = yield from desk.as_caller().read(object_, (POOL_FIELD,), ids=[id])
    return any(each[POOL_FIELD] is not None for each in rows)


def _target(desk: Desk, object_: str, id: str, name: str | None) -> UnitOf[Pool]:
    pools = pools_of(desk.model, object_)
    if name is not None:
        if name not in pools:
            raise refusal("VALIDATION_FAILED", problem("pool", "unknown_pool", pool=name))
        return pools[name]
    found = yield from pools_for(desk, object_, [id])
    if id not in found:
        raise refusal("VALIDATION_FAILED", problem("id", "no_pool"))
    return pools[found[id]]


def _check_own(desk: Desk, record: Record) -> None:
    if desk.caller.id not in (None, record[OWNER]):
        raise refusal("FORBIDDEN", problem("id", "not_owner"))


def keep_or_give_up(desk: Desk, object_: str, id: str, *, keep: bool, reason: str | None) -> UnitOf[str]:
    """The owner's answer to a notice: one last attempt with a time limit, or back to the pool at once."""
    record = yield from _locked(desk, object_, id, RECYCLE_AT, RECYCLE_RULE, KEPT_AT)
    _check_own(desk, record)
    found = rule_of(desk, object_, record[RECYCLE_RULE])
    if found is None or record[RECYCLE_AT] is None:
        raise refusal("CONFLICT", problem("id", "nothing_to_decide"))
    pool, rule = found
    owner, named = record[OWNER], record[RECYCLE_RULE]
    if not keep:
        yield from bring_back(desk, object_, [Move(id, "give_up", rule.to, owner, None, named, reason)])
        return id
    if rule.keep is None or record[KEPT_AT] is not None:
        free = moment(desk.model, record[RECYCLE_AT])
        raise refusal("CONFLICT", problem("id", "not_keepable", free=free))
    until = desk.now + rule.keep
    yield from desk.update(object_, {id: {RECYCLE_AT: until, KEPT_AT: desk.now}})
    yield from log(desk, object_, [Move(id, "keep", pool.name, owner, owner, named, reason)])
    yield from attempt_task(desk, object_, id, owner, until)
    return id


def rule_of(desk: Desk, object_: str, named: str | None) -> tuple[Pool, Recycling] | None:
    """The recycling rule `POOL.RULE`, where it still exists."""
    pool_name, _, rule_name = (named or "").partition(".")
    pool = pools_of(desk.model, object_).get(pool_name)
    rules = () if pool is None else pool.recycle
    return next(((pool, each) for each in rules if pool and each.name == rule_name), None)
