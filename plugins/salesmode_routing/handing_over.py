"""Everything that one user has goes to others, in one recorded operation (D8, D59)."""

from collections.abc import Mapping, Sequence

from salesmode.hookspecs import Decision, Desk, Problem, Record, Refusal, UnitOf
from salesmode_routing.brought import POOL_FIELD
from salesmode_routing.filing import file, pools_for
from salesmode_routing.leavers import check_leaver
from salesmode_routing.moves import Move
from salesmode_routing.portions import portions
from salesmode_routing.reading import OWNER
from salesmode_routing.receiving import Holding, Received, Receiver, following, holdings_of, in_turn
from salesmode_routing.seeing import known, seen
from salesmode_routing.texts import problem, refusal, text

HAND_OVER, ITEM = "hand_over", "hand_over_item"
_OPEN: Mapping[str, Mapping[str, object]] = {"task": {"done_at": {"isNull": True}}}


def hand_over(
    desk: Desk, from_: str, to: Sequence[str], objects: Sequence[str] | None, reason: str | None
) -> UnitOf[str]:
    """The id of the hand-over. Without receivers the routing rules decide, and then the pools; what belongs
    to a record goes where that record goes.
    """
    leaver = yield from _people(desk, from_, to)
    holdings = yield from _asked(desk, objects)
    received: Received = {}
    for holding in holdings:
        rows = yield from _held(desk, holding, from_)
        found = yield from _receivers(desk, holding, rows, leaver, to, received)
        received[holding.object] = found
        yield from _given(desk, holding, from_, found)
    return (yield from _recorded(desk, from_, reason, holdings, received))


def _people(desk: Desk, from_: str, to: Sequence[str]) -> UnitOf[Record]:
    """The leaver; all of them are locked, the caller may see them, and the receivers are there to receive."""
    wanted = sorted({from_, *to})
    seen = yield from desk.as_caller().read("user", (), ids=wanted)
    users = yield from desk.read("user", ("active", "manager"), ids=wanted, lock=True)
    if len(seen) < len(wanted) or len(users) < len(wanted):
        raise Refusal("NOT_FOUND")
    yield from check_leaver(desk, from_)
    if from_ in to:
        raise refusal("VALIDATION_FAILED", problem("to", "same_user"))
    by_id = {str(each["id"]): each for each in users}
    gone = [problem("to", "not_active", item=at) for at, id in enumerate(to) if not by_id[id]["active"]]
    if gone:
        raise refusal("VALIDATION_FAILED", *gone)
    return by_id[from_]


def _asked(desk: Desk, objects: Sequence[str] | None) -> UnitOf[list[Holding]]:
    """An object that the caller may not know is as one that is not there."""
    for name in dict.fromkeys(objects or ()):
        if not (yield from known(desk, name)):
            raise Refusal("BAD_REQUEST")
    holdings = holdings_of(desk.model, objects)
    if len(holdings) < len(set(objects or ())):
        raise Refusal("BAD_REQUEST")
    return holdings


def _held(desk: Desk, holding: Holding, user: str) -> UnitOf[list[Record]]:
    where = {holding.field: {"eq": user}, **_OPEN.get(holding.object, {})}
    return (yield from desk.read(holding.object, [*holding.follows], where=where, lock=True))


def _receivers(
    desk: Desk,
    holding: Holding,
    rows: Sequence[Record],
    leaver: Record,
    to: Sequence[str],
    received: Received,
) -> UnitOf[dict[str, Receiver]]:
    found = following(holding, rows, received)
    left = [str(each["id"]) for each in rows if each["id"] not in found]
    if to:
        return found | in_turn(left, to)
    if holding.field == OWNER:
        found |= yield from _by_rule(desk, holding.object, left)
    elif leaver["manager"] is not None:
        found |= in_turn(left, [str(leaver["manager"])])
    lost = [id for id in left if id not in found]
    if lost:
        raise (yield from _nobody_receives(desk, holding.object, lost))
    return found


def _nobody_receives(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[Refusal]:
    """Of records that the caller does not see neither how many they are nor what they are."""
    count = yield from seen(desk, object_, ids)
    if count:
        return refusal("VALIDATION_FAILED", problem("to", "nobody_receives", count=count, object=object_))
    some = Problem(("to",), "nobody_receives", text("nobody_receives_some"))
    return refusal("VALIDATION_FAILED", some)


def _by_rule(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[dict[str, Receiver]]:
    found: dict[str, Receiver] = {}
    for those in portions(ids):
        answers = yield from desk.ask("route", object=object_, ids=those)
        asked = frozenset(those)
        for decision in (each for _, decisions in answers for each in decisions):
            if decision.record in asked:
                found.setdefault(decision.record, _receiver(decision))
        if POOL_FIELD in desk.model.object(object_).fields:
            left = [id for id in those if id not in found]
            pools = yield from pools_for(desk, object_, left)
            found |= {id: Receiver(None, pool) for id, pool in pools.items()}
    return found


def _receiver(decision: Decision) -> Receiver:
    return Receiver(decision.user, decision.pool)


def _given(desk: Desk, holding: Holding, from_: str, found: Mapping[str, Receiver]) -> UnitOf[None]:
    to_users = {id: {holding.field: each.user} for id, each in found.items() if each.user is not None}
    if to_users:
        yield from desk.update(holding.object, to_users)
    moves = [
        Move(id, "release", each.pool, from_, None, HAND_OVER)
        for id, each in found.items()
        if each.user is None
    ]
    yield from file(desk, holding.object, moves)


def _recorded(
    desk: Desk, from_: str, reason: str | None, holdings: Sequence[Holding], received: Received
) -> UnitOf[str]:
    values = {"from_user": from_, "at": desk.now, "actor": desk.caller.id, "reason": reason}
    (made,) = yield from desk.create(HAND_OVER, [values])
    items = [
        {
            "hand_over": made,
            "object": holding.object,
            "record": id,
            "field": holding.field,
            "to_user": each.user,
            "pool": each.pool,
        }
        for holding in holdings
        for id, each in received[holding.object].items()
    ]
    if items:
        yield from desk.create(ITEM, items)
    return made
