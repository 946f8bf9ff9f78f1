"""What a caller sees of matches: the evidence in fields that they see of both records, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesmode.hookspecs import Desk, UnitOf
from salesmode_duplicates.asked import compared_fields
from salesmode_duplicates.scoring import Score, scored
from salesmode_duplicates.search import MOST_IDS, NEW, Match

Hidden = Mapping[str, frozenset[str]]
"""By the id of a record that the caller sees: the compared fields of which they do not see the value."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """`seen`: the score of what the caller sees; None where the other record is hidden, or where what is
    likely in it is.
    """

    match: Match
    seen: Score | None


def sighted(desk: Desk, object_: str, found: Sequence[Match]) -> UnitOf[list[Sighted]]:
    """The matches as the caller may see them."""
    ids = sorted({id_ for each in found for id_ in (each.record, each.other) if id_ != NEW})
    hidden = yield from _hidden(desk, object_, ids[:MOST_IDS])
    return [Sighted(each, _seen(each, hidden)) for each in found]


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


def _hidden(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[Hidden]:
    if not ids:
        return {}
    fields = compared_fields(desk.model, object_)
    seen = yield from desk.as_caller().read(object_, fields, ids=ids)
    true = {each["id"]: each for each in (yield from desk.read(object_, fields, ids=ids))}
    return {
        each["id"]: frozenset(name for name in fields if each[name] != true[each["id"]][name])
        for each in seen
    }


def _seen(match: Match, hidden: Hidden) -> Score | None:
    if match.other not in hidden:
        return None
    unseen = hidden[match.other] | hidden.get(match.record, frozenset())
    found = scored(each for each in match.score.evidence if unseen.isdisjoint(each.comparison.fields))
    return found if found.points >= match.rule.likely else None
