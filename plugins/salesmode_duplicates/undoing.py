"""A merge is undone: what was not changed since is as before, and the rest is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salesmode.hookspecs import Desk, Record, Refusal, UnitOf
from salesmode.model.condition import And, Compare, Literal
from salesmode_duplicates.attached import give_back
from salesmode_duplicates.merging import MERGE
from salesmode_duplicates.pairs import PAIR
from salesmode_duplicates.plain import canonical, plain, same
from salesmode_duplicates.pointing import Moved, write_moves
from salesmode_duplicates.readjudging import rule_after_undoing
from salesmode_duplicates.search import MOST_IDS

CHANGED, GONE = "changed_since", "deleted_since"


@dataclass(frozen=True, slots=True)
class Rest:
    """Something that stays as it is: the field was changed since, or its record is gone."""

    object: str
    id: str
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Undone:
    """The survivor, the records that are there again, and what could not be restored."""

    survivor: str
    restored: tuple[str, ...]
    rest: tuple[Rest, ...]


def undo(desk: Desk, object_: str, survivor: str) -> UnitOf[Undone]:
    """Undo the latest merge into that record. NOT_FOUND where there is none."""
    row = yield from _latest(desk, object_, survivor)
    changes: Mapping[str, Any] = row["changes"]
    merged: tuple[str, ...] = tuple(row["merged"])
    rest = yield from _restore_values(desk, object_, survivor, changes["values"])
    yield from give_back(desk, object_, survivor, changes)
    yield from desk.restore(object_, merged)
    yield from desk.release(object_, merged, survivor)
    rest += yield from _move_back(desk, changes["moved"])
    yield from _reopen(desk, changes["pairs"])
    yield from rule_after_undoing(desk, object_, changes["rulings"])
    told = [{"object": each.object, "id": each.id, "field": each.field, "why": each.why} for each in rest]
    yield from desk.update(MERGE, {row["id"]: {"undone_at": desk.now, "rest": told}})
    return Undone(survivor, merged, tuple(rest))


def _latest(desk: Desk, object_: str, survivor: str) -> UnitOf[Record]:
    where = And(
        (
            Compare("object", "eq", Literal(object_)),
            Compare("survivor", "eq", Literal(survivor)),
            Compare("undone_at", "isNull", Literal(True)),
        )
    )
    yield from desk.read(object_, [], ids=[survivor], lock=True)
    rows = yield from desk.read(
        MERGE, ["merged", "changes"], where=where, order=["-at", "-created_at"], first=1
    )
    if not rows:
        raise Refusal("NOT_FOUND")
    return rows[0]


def _restore_values(
    desk: Desk, object_: str, survivor: str, values: Mapping[str, Sequence[Any]]
) -> UnitOf[list[Rest]]:
    fields = desk.model.objects[object_].fields
    known = [each for each in values if each in fields]
    (row,) = yield from desk.read(object_, known, ids=[survivor])
    back: dict[str, Any] = {}
    rest = [Rest(object_, survivor, each, GONE) for each in values if each not in fields]
    for name in known:
        old, new = values[name]
        if same(plain(row[name]), new):
            back[name] = canonical(fields[name], old)
        else:
            rest.append(Rest(object_, survivor, name, CHANGED))
    if back:
        yield from desk.update(object_, {survivor: back})
    return rest


def _move_back(desk: Desk, moved: Sequence[Mapping[str, Any]]) -> UnitOf[list[Rest]]:
    """References that still say what the merge made them say."""
    rest: list[Rest] = []
    by_field: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in moved:
        by_field.setdefault((each["object"], each["field"]), []).append(each)
    for (name, field), moves in by_field.items():
        now = yield from _now(desk, name, field, [each["id"] for each in moves])
        back: list[Moved] = []
        for each in moves:
            why = _why_not(each, now)
            if why is None:
                old = canonical(desk.model.objects[name].fields[field], each["old"])
                back.append(Moved(name, each["id"], field, each["new"], old))
            else:
                rest.append(Rest(name, each["id"], field, why))
        yield from write_moves(desk, back)
    return rest


def _now(desk: Desk, name: str, field: str, ids: Sequence[str]) -> UnitOf[dict[str, Any]]:
    found: dict[str, Any] = {}
    if name not in desk.model.objects or field not in desk.model.objects[name].fields:
        return found
    for at in range(0, len(ids), MOST_IDS):
        rows = yield from desk.read(name, [field], ids=ids[at : at + MOST_IDS])
        found.update((row["id"], row[field]) for row in rows)
    return found


def _why_not(move: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    if move["id"] not in now:
        return GONE
    return None if same(plain(now[move["id"]]), move["new"]) else CHANGED


def _reopen(desk: Desk, pairs: Mapping[str, str]) -> UnitOf[None]:
    """Pairs have the status again that they had."""
    rows = yield from desk.read(PAIR, [], ids=list(pairs))
    if rows:
        yield from desk.update(PAIR, {row["id"]: {"status": pairs[row["id"]]} for row in rows})
