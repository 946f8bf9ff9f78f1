"""What undoing a merge could not restore, as the caller may be told it: no name of a field that is not theirs
to know, and no id of a record that they do not see.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from salesmode.hookspecs import Desk, UnitOf
from salesmode.model.names import camel
from salesmode_duplicates.granted import known_to_caller
from salesmode_duplicates.search import MOST_IDS
from salesmode_duplicates.undoing import Rest


def told_rest(desk: Desk, rest: Sequence[Rest]) -> UnitOf[list[dict[str, Any]]]:
    """One answer for each, in the shape of the type `MergeRest`."""
    known = {each.object: known_to_caller(desk, each.object) for each in rest}
    seen: set[str] = set()
    for name, fields in known.items():
        if fields:
            ids = (each.id for each in rest if each.object == name)
            seen |= yield from _seen(desk, name, ids)
    return [
        {
            "object": each.object if known[each.object] else None,
            "id": each.id if each.id in seen else None,
            "field": camel(each.field) if each.field in known[each.object] else None,
            "why": each.why,
        }
        for each in rest
    ]


def _seen(desk: Desk, object_: str, ids: Iterable[str]) -> UnitOf[set[str]]:
    wanted, found = sorted(set(ids)), set[str]()
    for at in range(0, len(wanted), MOST_IDS):
        rows = yield from desk.as_caller().read(object_, [], ids=wanted[at : at + MOST_IDS])
        found |= {row["id"] for row in rows}
    return found
