"""What a caller is told of duplicates: those that they may see with the evidence that they may see; of the
others that there is one, and whom to ask.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.label import Label
from salesmode_duplicates.asked import compared_fields
from salesmode_duplicates.search import MOST_IDS, Match

OWNER = "owner"
_ADMINISTRATOR = Label({"en": "an administrator", "zh": "系统管理员"})


def told(desk: Desk, object_: str, found: Sequence[Match]) -> UnitOf[list[dict[str, Any]]]:
    """One answer for each match, in the shape of the type `XMatch`."""
    shown, locale = list(found)[:MOST_IDS], desk.caller.locale
    ids = sorted({each.other for each in shown})
    if not ids:
        return []
    fields = compared_fields(desk.model, object_)
    seen = {each["id"]: each for each in (yield from desk.as_caller().read(object_, fields, ids=ids))}
    true = {each["id"]: each for each in (yield from desk.read(object_, fields, ids=ids))}
    owners = yield from owners_of(desk, object_, [each for each in shown if each.other not in seen])
    return [
        _seen(each, seen[each.other], true[each.other], locale)
        if each.other in seen
        else _unseen(each, owners, locale)
        for each in shown
    ]


def owners_of(desk: Desk, object_: str, hidden: Sequence[Match]) -> UnitOf[Mapping[str, str]]:
    """The names of who has these records, where the rule says that they are told."""
    ids = sorted({each.other for each in hidden if each.rule.ask_owner})
    if not ids:
        return {}
    rows = yield from desk.read(object_, [f"{OWNER}.name"], ids=ids)
    return {row["id"]: row[f"{OWNER}.name"] for row in rows if row[f"{OWNER}.name"]}


def whom_to_ask(match: Match, owners: Mapping[str, str], locale: str) -> str:
    """Of a duplicate that the caller may not see."""
    if match.rule.ask_owner and match.other in owners:
        return owners[match.other]
    return (match.rule.ask or _ADMINISTRATOR).text(locale)


def _seen(match: Match, seen: Record, true: Record, locale: str) -> dict[str, Any]:
    evidence = [each for each in match.score.evidence if _visible(each.comparison.fields, seen, true)]
    whole = len(evidence) == len(match.score.evidence)
    return {
        "record": match.other,
        "rule": match.rule.label.text(locale),
        "certain": match.certain,
        "score": match.score.points if whole else None,
        "evidence": [{"comparison": each.comparison.name, "points": each.points} for each in evidence],
        "ask": None,
    }


def _visible(fields: Sequence[str], seen: Record, true: Record) -> bool:
    """Whether the caller sees every value that was compared."""
    return all(seen[name] == true[name] for name in fields)


def _unseen(match: Match, owners: Mapping[str, str], locale: str) -> dict[str, Any]:
    ask = whom_to_ask(match, owners, locale)
    return {"record": None, "rule": None, "certain": match.certain, "score": None, "evidence": [], "ask": ask}
