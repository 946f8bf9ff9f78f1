"""Which of many records are like each other, all in memory: a batch that is created, or a whole list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from salesmode_duplicates.forms import Prepared
from salesmode_duplicates.keys import keys_of
from salesmode_duplicates.rules import MatchRule
from salesmode_duplicates.scoring import Score, score

CROWD = 200
"""So many records under one key tell nothing: the key is left aside."""


class Pair(NamedTuple):
    """Two records that are likely the same; `first` came first."""

    first: str
    second: str
    score: Score


def pairs_among(rule: MatchRule, records: Sequence[Prepared]) -> list[Pair]:
    """The likely pairs, each once; the records in the order in which they came."""
    by_id = {each.id: each for each in records}
    return list(likely(rule, by_id, worth_comparing(blocks_of(rule, records))))


def blocks_of(rule: MatchRule, records: Iterable[Prepared]) -> Mapping[tuple[str, str], list[str]]:
    """The ids under each key."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        for block, keys in keys_of(rule, record).items():
            for key in keys:
                found[block, key].append(record.id)
    return found


def worth_comparing(blocks: Mapping[tuple[str, str], Sequence[str]]) -> set[tuple[str, str]]:
    """The pairs that share a key which is not a crowd's."""
    return {pair for ids in blocks.values() if len(ids) <= CROWD for pair in combinations(ids, 2)}


def likely(
    rule: MatchRule, records: Mapping[str, Prepared], pairs: Iterable[tuple[str, str]]
) -> Iterator[Pair]:
    """Those of the pairs that are likely the same."""
    for first, second in pairs:
        found = score(rule, records[first], records[second])
        if found.points >= rule.likely:
            yield Pair(first, second, found)
