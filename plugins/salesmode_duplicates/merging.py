"""Records become one (D71): field by field, with all that refers to them, and so that it can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesmode.hookspecs import Desk, Problem, Refusal, UnitOf
from salesmode.model.label import Label
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode_duplicates.attached import take_over
from salesmode_duplicates.carrying import carry
from salesmode_duplicates.pairs import MERGED, settle_pairs
from salesmode_duplicates.plain import plain
from salesmode_duplicates.pointing import as_plain, repoint, seen_of
from salesmode_duplicates.readjudging import rule_after_merge
from salesmode_duplicates.rules import MatchRule
from salesmode_duplicates.survival import survivor_of, values_of_survivor
from salesmode_duplicates.view import merged_fields, viewed

MERGE = "record_merge"
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for: which records, which of them is kept (None: by rule), and by field the record
    whose value is kept.
    """

    ids: tuple[str, ...]
    into: str | None = None
    chosen: Mapping[str, str]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of them. `moved`: how many references of other records the caller sees moved."""

    survivor: str
    merge: str
    moved: int


def merge(desk: Desk, rule: MatchRule, wish: Wish) -> UnitOf[Merged]:
    """Merge records that the caller sees and may merge. VALIDATION_FAILED for a wish that cannot be."""
    object_ = desk.model.objects[rule.object]
    _check(wish, object_)
    view = yield from viewed(desk, object_, wish.ids)
    _refuse([name for name, id_ in wish.chosen.items() if view.shown[id_][name] is None])
    survivor = wish.into or survivor_of(rule, object_, view.looks())["id"]
    merged = [each for each in wish.ids if each != survivor]
    values = values_of_survivor(rule, view, survivor, chosen=wish.chosen)
    moved = yield from repoint(desk, object_.name, merged, survivor)
    added = yield from take_over(desk, object_.name, merged, survivor)
    pairs = yield from settle_pairs(desk, object_.name, wish.ids, MERGED)
    yield from desk.delete(object_.name, merged)
    yield from desk.absorb(object_.name, merged, survivor)
    carried = yield from carry(desk, view, survivor, values)
    _refuse([name for name in wish.chosen if name in values and name not in carried])
    rulings = yield from rule_after_merge(desk, object_.name, survivor, merged)
    before = next(each for each in view.true if each["id"] == survivor)
    row = {
        "object": object_.name,
        "survivor": survivor,
        "merged": merged,
        "rule": rule.name,
        "reason": wish.reason,
        "at": desk.now,
        "by": desk.caller.id,
        "changes": {
            "values": {name: [plain(before[name]), plain(value)] for name, value in carried.items()},
            "moved": as_plain(moved),
            "pairs": pairs,
            "rulings": rulings,
            **added,
        },
    }
    (id_,) = yield from desk.create(MERGE, [row])
    return Merged(survivor, id_, (yield from seen_of(desk, moved)))


def _check(wish: Wish, object_: Object) -> None:
    problems: list[Problem] = []
    if len(set(wish.ids)) < 2 or len(set(wish.ids)) < len(wish.ids):
        problems.append(Problem(("ids",), "too_few", _TWO))
    if len(wish.ids) > MOST:
        problems.append(Problem(("ids",), "too_many", _MANY))
    if wish.into is not None and wish.into not in wish.ids:
        problems.append(Problem(("into",), "not_among_them", _AMONG))
    fields = merged_fields(object_)
    for name, id_ in wish.chosen.items():
        if name not in fields:
            problems.append(_nothing(name))
        elif id_ not in wish.ids:
            problems.append(Problem(("choose",), "not_among_them", _AMONG))
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)


def _refuse(names: Sequence[str]) -> None:
    """Whoever chooses a value sees it, and where it would be: otherwise a merge would show it. One that is
    hidden and one that is not there are the same, and so are their fields.
    """
    if names:
        raise Refusal("VALIDATION_FAILED", problems=[_nothing(each) for each in names])


def _nothing(name: str) -> Problem:
    spelled = camel(name)
    text = Label(
        {"en": f"There is no value of '{spelled}' to be chosen.", "zh": f"“{spelled}”没有可选取的值。"}
    )
    return Problem(("choose",), "nothing_to_choose", text)


_TWO = Label({"en": "At least two different records are merged.", "zh": "至少选择两条不同的记录。"})
_MANY = Label({"en": f"At most {MOST} records are merged at once.", "zh": f"一次最多合并 {MOST} 条记录。"})
_AMONG = Label({"en": "This is not one of the records to be merged.", "zh": "不在待合并的记录之中。"})
