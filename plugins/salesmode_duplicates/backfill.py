"""Records that were there before a rule get their keys, and likely pairs among them are found: by and by."""

from collections.abc import Sequence
from hashlib import blake2b

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.condition import ALWAYS, Compare, Condition, Literal
from salesmode_duplicates.asked import compared_fields, match_rules, rules_of
from salesmode_duplicates.keeping import keep_keys
from salesmode_duplicates.pairs import record_pairs
from salesmode_duplicates.search import matches
from salesmode_duplicates.view import CREATED

PROGRESS = "match_progress"
AT_ONCE = 500


def fill_in(desk: Desk) -> UnitOf[int]:
    """Some records of the first object that is not through with its rules; gives how many."""
    for object_ in match_rules(desk.model):
        progress = yield from _progress(desk, object_)
        done = 0 if progress["done"] else (yield from _fill_in(desk, object_, progress))
        if done:
            return done
    return 0


def fingerprint(desk: Desk, object_: str) -> str:
    """Changes when the rules of the object give other keys or other pairs."""
    said = repr(
        [
            (each.name, each.compare, each.blocks, each.likely, each.where)
            for each in rules_of(desk.model, object_)
        ]
    )
    return blake2b(said.encode(), digest_size=16).hexdigest()


def _progress(desk: Desk, object_: str) -> UnitOf[Record]:
    rules = fingerprint(desk, object_)
    fields = ["rules", "done_to", "done"]
    rows = yield from desk.read(PROGRESS, fields, where={"object": object_}, lock=True)
    fresh = {"rules": rules, "done_to": None, "done": False}
    if not rows:
        (id_,) = yield from desk.create(PROGRESS, [{"object": object_, **fresh}])
        return {"id": id_, **fresh}
    if rows[0]["rules"] != rules:
        yield from desk.update(PROGRESS, {rows[0]["id"]: fresh})
        return {"id": rows[0]["id"], **fresh}
    return rows[0]


def _fill_in(desk: Desk, object_: str, progress: Record) -> UnitOf[int]:
    records = yield from _next(desk, object_, progress["done_to"])
    if records:
        yield from keep_keys(desk, object_, records)
        yield from record_pairs(desk, object_, (yield from matches(desk, object_, records)))
        done = {"done_to": records[-1][CREATED]}
    else:
        done = {"done": True}
    yield from desk.update(PROGRESS, {progress["id"]: done})
    return len(records)


def _next(desk: Desk, object_: str, after: object) -> UnitOf[Sequence[Record]]:
    """The oldest that are left; all that were created at one moment are taken together."""
    fields = [*compared_fields(desk.model, object_), CREATED]
    later: Condition = ALWAYS if after is None else Compare(CREATED, "gt", Literal(after))
    page = yield from desk.read(object_, fields, where=later, order=[CREATED], first=AT_ONCE)
    if len(page) < AT_ONCE:
        return page
    last = page[-1][CREATED]
    whole = [each for each in page if each[CREATED] < last]
    if whole:
        return whole
    return (yield from desk.read(object_, fields, where=Compare(CREATED, "eq", Literal(last))))
