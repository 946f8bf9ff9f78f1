"""What a caller sees of matches: the evidence in fields that they see of both records, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode_duplicates.asked import compared_fields
from salesmode_duplicates.scoring import Score, scored
from salesmode_duplicates.search import MOST_IDS, NEW, Keys, Match, stored_keys

_NONE = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Sighted:
    """`seen`: the score of what the caller sees; None where the other record is hidden, or where what is
    likely in it is, or what the two were found by.
    """

    match: Match
    seen: Score | None


def sighted(
    desk: Desk, object_: str, found: Sequence[Match], given: Sequence[Record]
) -> UnitOf[list[Sighted]]:
    """The matches of the `given` records as the caller may see them."""
    if not found:
        return []
    sight = yield from _sight(desk, object_, found, given)
    return [Sighted(each, sight.of(each)) for each in found]


def best(found: Iterable[Sighted]) -> list[Sighted]:
    """Of several rules the one that says most to the caller; the surest first, and hidden ones last. What is
    not likely is left out.
    """
    best: dict[tuple[str, str], Sighted] = {}
    for each in found:
        pair = (each.match.record, each.match.other)
        likely = each.seen is not None or each.match.likely
        if likely and (pair not in best or _sureness(best[pair]) < _sureness(each)):
            best[pair] = each
    return sorted(best.values(), key=lambda each: (*(-one for one in _sureness(each)), each.match.other))


def _sureness(one: Sighted) -> tuple[int, int]:
    """What is hidden tells whether it is certain, and no score: not by its place either."""
    return (1, one.seen.points) if one.seen is not None else (0, int(one.match.certain))


@dataclass(frozen=True, slots=True)
class _Sight:
    """`hidden`: by the id of a record that the caller sees, the compared fields of which they do not see the
    value; `keys`: what is left of the keys of each record without those.
    """

    hidden: Mapping[str, frozenset[str]]
    keys: Keys

    def of(self, match: Match) -> Score | None:
        if match.other not in self.hidden or not self._finds(match):
            return None
        unseen = self.hidden[match.other] | self.hidden.get(match.record, _NONE)
        found = scored(each for each in match.score.evidence if unseen.isdisjoint(each.comparison.fields))
        return found if found.points >= match.rule.likely else None

    def _finds(self, match: Match) -> bool:
        """Whether the two share a key of what is seen: otherwise that they were found would tell a value."""
        return not self.keys[match.record].isdisjoint(self.keys[match.other])


def _sight(desk: Desk, object_: str, found: Sequence[Match], given: Sequence[Record]) -> UnitOf[_Sight]:
    fields = compared_fields(desk.model, object_)
    pairs = {id_ for each in found for id_ in (each.record, each.other)}
    ids = sorted(pairs - {NEW})[:MOST_IDS]
    seen = yield from desk.as_caller().read(object_, fields, ids=ids)
    true = {each["id"]: each for each in (yield from desk.read(object_, fields, ids=ids))}
    hidden = {
        each["id"]: frozenset(name for name in fields if each[name] != true[each["id"]][name])
        for each in seen
    }
    known = {**true, **{each["id"]: each for each in given if each["id"] in pairs}}
    shown = [_without(each, hidden.get(id_, _NONE)) for id_, each in known.items()]
    return _Sight(hidden, defaultdict(frozenset, (yield from stored_keys(desk, object_, shown))))


def _without(record: Record, hidden: frozenset[str]) -> Record:
    return {**record, **dict.fromkeys(hidden)}
