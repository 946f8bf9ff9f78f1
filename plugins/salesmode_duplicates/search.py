"""Which stored records are like these: found by their keys, in a bounded number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesmode.hookspecs import Desk, MatchKey, Record, UnitOf
from salesmode.model.condition import ALWAYS
from salesmode_duplicates.asked import compared_fields, rules_of
from salesmode_duplicates.forms import prepared
from salesmode_duplicates.keys import hashed, keys_of
from salesmode_duplicates.locking import hold
from salesmode_duplicates.pairing import CROWD
from salesmode_duplicates.rules import MatchRule
from salesmode_duplicates.scoring import Score, score

KEY = "match_key"
MOST_IDS = 10_000
NEW = "new"
"""The id of a record that is not stored yet."""

Keys = Mapping[str, frozenset[str]]
"""Stored keys by the id of the record."""


@dataclass(frozen=True, slots=True)
class Match:
    """`other` is likely the same as `record`, by that rule."""

    rule: MatchRule
    record: str
    other: str
    score: Score

    @property
    def likely(self) -> bool:
        return self.score.points >= self.rule.likely

    @property
    def certain(self) -> bool:
        return self.score.points >= self.rule.certain


def own_keys(desk: Desk, object_: str, records: Sequence[Record]) -> list[MatchKey]:
    """What this plugin's rules give for the hook `match_keys`."""
    found: list[MatchKey] = []
    for rule in rules_of(desk.model, object_):
        for record in records:
            for block, keys in keys_of(rule, prepared(rule, record)).items():
                name = f"{rule.name}.{block}"
                found += [MatchKey(record=record["id"], name=name, key=each) for each in keys]
    return found


def stored_keys(desk: Desk, object_: str, records: Sequence[Record]) -> UnitOf[Keys]:
    """The keys of all plugins for these records, as they are stored."""
    found: dict[str, set[str]] = {each["id"]: set() for each in records}
    answers = yield from desk.ask("match_keys", object=object_, records=records)
    for plugin, keys in answers:
        for each in keys:
            found[each.record].add(hashed(object_, plugin, each.name, each.key))
    return {id_: frozenset(keys) for id_, keys in found.items()}


def matches(
    desk: Desk, object_: str, records: Sequence[Record], *, alone: bool = False, every: bool = False
) -> UnitOf[list[Match]]:
    """For each record those that are likely the same, best first; also among these records themselves.

    A record that is not stored yet has the id NEW. Of several rules the best score counts. `alone`: nobody
    else creates a record with one of these keys until the end of the transaction. `every`: all that share a
    key, by each rule, whether that is likely or not.
    """
    keys = yield from stored_keys(desk, object_, records)
    if alone:
        yield from hold(desk, keys)
    pairs = yield from _sharing(desk, keys)
    mine = {each["id"]: each for each in records}
    others = yield from _read(desk, object_, {two for _, two in pairs} - set(mine))
    known = {**mine, **others}
    found: list[Match] = []
    for rule in rules_of(desk.model, object_):
        taking = yield from _taking_part(desk, rule, list(known))
        able = [each for each in pairs if each[1] in taking and (each[0] in taking or not _stored(each[0]))]
        found += _scored(rule, known, able)
    return found if every else _best(each for each in found if each.likely)


def _stored(id_: str) -> bool:
    return id_ != NEW


def _sharing(desk: Desk, keys: Keys) -> UnitOf[list[tuple[str, str]]]:
    """Pairs of one of these records and another that share a key which is not a crowd's."""
    by_key: dict[str, set[str]] = defaultdict(set)
    for id_, several in keys.items():
        for key in several:
            by_key[key].add(id_)
    if not by_key:
        return []
    sizes = yield from desk.count(KEY, where={"code": {"in": list(by_key)}}, by=["code"])
    usable = [each for each, size in sizes.items() if size <= CROWD]
    rows = yield from desk.read(KEY, ["code", "record"], where={"code": {"in": usable}})
    sharing: dict[str, set[str]] = {key: set(ids) for key, ids in by_key.items() if len(ids) <= CROWD}
    for row in rows:
        sharing.setdefault(row["code"], set()).add(row["record"])
    found = {(one, two) for key, ids in sharing.items() for one in by_key[key] for two in ids if one != two}
    return sorted(found)


def _read(desk: Desk, object_: str, ids: Iterable[str]) -> UnitOf[dict[str, Record]]:
    wanted, found = sorted(ids), dict[str, Record]()
    fields = compared_fields(desk.model, object_)
    for at in range(0, len(wanted), MOST_IDS):
        rows = yield from desk.read(object_, fields, ids=wanted[at : at + MOST_IDS])
        found.update((each["id"], each) for each in rows)
    return found


def _taking_part(desk: Desk, rule: MatchRule, ids: Sequence[str]) -> UnitOf[frozenset[str]]:
    if rule.where == ALWAYS:
        return frozenset(ids)
    stored, found = [each for each in ids if _stored(each)], frozenset[str]()
    for at in range(0, len(stored), MOST_IDS):
        found |= yield from desk.matching(rule.object, stored[at : at + MOST_IDS], rule.where)
    return found


def _scored(rule: MatchRule, known: Mapping[str, Record], pairs: Iterable[tuple[str, str]]) -> list[Match]:
    forms = {id_: prepared(rule, record) for id_, record in known.items()}
    return [Match(rule, one, two, score(rule, forms[one], forms[two])) for one, two in pairs if two in forms]


def _best(found: Iterable[Match]) -> list[Match]:
    best: dict[tuple[str, str], Match] = {}
    for each in found:
        there = best.get((each.record, each.other))
        if there is None or there.score.points < each.score.points:
            best[each.record, each.other] = each
    return sorted(best.values(), key=lambda each: (-each.score.points, each.record, each.other))
