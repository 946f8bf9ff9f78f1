"""Likely pairs are recorded, so that somebody looks at them; what was decided about a pair stays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode_duplicates.search import Match

PAIR = "match_pair"
OPEN, LINKED, APART, MERGED = "open", "linked", "apart", "merged"

_FIELDS = ["first", "second", "rule", "score", "certain", "status"]


def record_pairs(
    desk: Desk, object_: str, found: Iterable[Match], *, linked: frozenset[tuple[str, str]] = frozenset()
) -> UnitOf[None]:
    """Pairs that were not known become rows, open or `linked`; of known ones the score follows."""
    wanted = {tuple(sorted((each.record, each.other))): each for each in found}
    known = yield from pairs_of(desk, {id_ for pair in wanted for id_ in pair})
    new: list[dict[str, Any]] = []
    changed: dict[str, dict[str, Any]] = {}
    for pair, match in wanted.items():
        values = _values(match)
        row = known.get((pair[0], pair[1]))
        if row is None:
            status = LINKED if pair in linked else OPEN
            new.append({"object": object_, "first": pair[0], "second": pair[1], "status": status, **values})
        elif any(row[name] != value for name, value in values.items()):
            changed[row["id"]] = values
    if new:
        yield from desk.create(PAIR, new)
    if changed:
        yield from desk.update(PAIR, changed)


def forget_pairs(desk: Desk, ids: Sequence[str], found: Iterable[Match]) -> UnitOf[None]:
    """Open pairs of these records that are not alike any more."""
    alike = {tuple(sorted((each.record, each.other))) for each in found}
    known = yield from pairs_of(desk, ids)
    gone = [row["id"] for pair, row in known.items() if row["status"] == OPEN and pair not in alike]
    if gone:
        yield from desk.delete(PAIR, gone)


def pairs_of(desk: Desk, ids: Iterable[str]) -> UnitOf[Mapping[tuple[str, str], Record]]:
    """The recorded pairs that one of these records is in."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    where = {"or": [{"first": {"in": wanted}}, {"second": {"in": wanted}}]}
    rows = yield from desk.read(PAIR, _FIELDS, where=where)
    return {(row["first"], row["second"]): row for row in rows}


def settle_pairs(
    desk: Desk, object_: str, ids: Sequence[str], status: str, reason: str | None = None
) -> UnitOf[dict[str, str]]:
    """Pairs among these records get that status; one that was not recorded is. Gives the former status of
    those that were there, by the row's id.
    """
    known = yield from pairs_of(desk, ids)
    among = {pair: row for pair, row in known.items() if pair[0] in ids and pair[1] in ids}
    if among:
        yield from desk.update(
            PAIR, {row["id"]: {"status": status, "reason": reason} for row in among.values()}
        )
    first, *others = sorted(ids)
    missing = [(first, each) for each in others if (first, each) not in among]
    shared = {"object": object_, "status": status, "reason": reason, "rule": "by hand", "score": 0}
    if missing and status == APART:
        yield from desk.create(PAIR, [{**shared, "first": one, "second": two} for one, two in missing])
    return {row["id"]: row["status"] for row in among.values()}


def _values(match: Match) -> dict[str, Any]:
    return {"rule": match.rule.name, "score": match.score.points, "certain": match.certain}
