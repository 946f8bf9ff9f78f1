"""What a caller is told of duplicates: those that they may see by the evidence that they may see; of the
others, and of what is alike only in what they may not see, that there is one, and whom to ask.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.label import Label
from salesmode_duplicates.scoring import Score
from salesmode_duplicates.search import MOST_IDS, Match
from salesmode_duplicates.sight import best, sighted

OWNER = "owner"
_ADMINISTRATOR = Label({"en": "an administrator", "zh": "系统管理员"})


def told(
    desk: Desk, object_: str, found: Sequence[Match], given: Sequence[Record]
) -> UnitOf[list[dict[str, Any]]]:
    """One answer for each match of the `given` records, in the shape of the type `XMatch`; `found` is every
    match.
    """
    shown = best((yield from sighted(desk, object_, found, given)))
    owners = yield from owners_of(desk, object_, [each.match for each in shown if each.seen is None])
    locale = desk.caller.locale
    return [
        _unseen(each.match, owners, locale) if each.seen is None else _seen(each.match, each.seen, locale)
        for each in shown
    ]


def owners_of(desk: Desk, object_: str, hidden: Sequence[Match]) -> UnitOf[Mapping[str, str]]:
    """The names of who has these records, where the rule says that they are told."""
    ids = sorted({each.other for each in hidden if each.rule.ask_owner})[:MOST_IDS]
    if not ids:
        return {}
    rows = yield from desk.read(object_, [f"{OWNER}.name"], ids=ids)
    return {row["id"]: row[f"{OWNER}.name"] for row in rows if row[f"{OWNER}.name"]}


def whom_to_ask(match: Match, owners: Mapping[str, str], locale: str) -> str:
    """Of a duplicate that the caller may not see."""
    if match.rule.ask_owner and match.other in owners:
        return owners[match.other]
    return (match.rule.ask or _ADMINISTRATOR).text(locale)


def _seen(match: Match, seen: Score, locale: str) -> dict[str, Any]:
    return {
        "record": match.other,
        "rule": match.rule.label.text(locale),
        "certain": seen.points >= match.rule.certain,
        "score": seen.points,
        "evidence": [{"comparison": each.comparison.name, "points": each.points} for each in seen.evidence],
        "ask": None,
    }


def _unseen(match: Match, owners: Mapping[str, str], locale: str) -> dict[str, Any]:
    ask = whom_to_ask(match, owners, locale)
    return {"record": None, "rule": None, "certain": match.certain, "score": None, "evidence": [], "ask": ask}
