"""A hand-over is undone: what nobody has changed since goes back, and the rest is listed."""

from collections.abc import Mapping, Sequence

from salesmode.hookspecs import Desk, Record, Refusal, UnitOf
from salesmode_routing.brought import POOL_FIELD
from salesmode_routing.handing_over import HAND_OVER, ITEM
from salesmode_routing.leavers import check_leaver
from salesmode_routing.portions import portions
from salesmode_routing.texts import moment, problem, refusal

_ITEM_FIELDS = ("object", "record", "field", "to_user", "pool")


def undo(desk: Desk, id: str) -> UnitOf[str]:
    """Each item says what became of it (`outcome`)."""
    from_ = yield from _open(desk, id)
    items = yield from desk.read(ITEM, _ITEM_FIELDS, where={"hand_over": id})
    outcomes: dict[str, Mapping[str, object]] = {}
    for (object_, field), those in _grouped(items).items():
        for some in portions(those):
            same = yield from _unchanged(desk, object_, field, some)
            back = {str(each["record"]): {field: from_} for each in some if each["id"] in same}
            if back:
                yield from desk.update(object_, back)
            for each in some:
                outcome = "restored" if each["id"] in same else "changed_since"
                outcomes[str(each["id"])] = {"outcome": outcome}
    if outcomes:
        yield from desk.update(ITEM, outcomes)
    yield from desk.update(HAND_OVER, {id: {"undone_at": desk.now, "undone_by": desk.caller.id}})
    return id


def _open(desk: Desk, id: str) -> UnitOf[str]:
    """Whose it was; the hand-over is locked and was not undone before."""
    rows = yield from desk.read(HAND_OVER, ("from_user", "undone_at"), ids=[id], lock=True)
    if not rows:
        raise Refusal("NOT_FOUND")
    if rows[0]["undone_at"] is not None:
        raise refusal(
            "CONFLICT", problem("id", "undone_already", at=moment(desk.model, rows[0]["undone_at"]))
        )
    from_ = str(rows[0]["from_user"])
    yield from check_leaver(desk, from_)
    return from_


def _grouped(items: Sequence[Record]) -> dict[tuple[str, str], list[Record]]:
    found: dict[tuple[str, str], list[Record]] = {}
    for each in items:
        found.setdefault((str(each["object"]), str(each["field"])), []).append(each)
    return found


def _unchanged(desk: Desk, object_: str, field: str, items: Sequence[Record]) -> UnitOf[set[str]]:
    """The items whose records are still where the hand-over put them."""
    if object_ not in desk.model.objects:
        return set()
    pooled = [POOL_FIELD] if POOL_FIELD in desk.model.object(object_).fields else []
    ids = [str(each["record"]) for each in items]
    rows = yield from desk.read(object_, [field, *pooled], ids=ids, lock=True)
    now = {str(each["id"]): (each[field], each[POOL_FIELD] if pooled else None) for each in rows}
    return {
        str(each["id"]) for each in items if now.get(str(each["record"])) == (each["to_user"], each["pool"])
    }
