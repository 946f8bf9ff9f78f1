"""What undoing a merge could not restore, as far as the caller sees it: of what is hidden from them they are
not told either that somebody has changed it since.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.names import camel
from salesmode_duplicates.granted import is_almighty, known_to_caller, seen_everywhere, sees_all
from salesmode_duplicates.search import MOST_IDS
from salesmode_duplicates.undoing import GONE, Rest


def told_rest(desk: Desk, rest: Sequence[Rest]) -> UnitOf[list[dict[str, Any]]]:
    """One answer for each that is told, in the shape of the type `MergeRest`."""
    seen = rest if is_almighty(desk) else (yield from _seen(desk, rest))
    return [
        {"object": each.object, "id": each.id, "field": camel(each.field), "why": each.why} for each in seen
    ]


def _seen(desk: Desk, rest: Sequence[Rest]) -> UnitOf[list[Rest]]:
    found: list[Rest] = []
    for name in dict.fromkeys(each.object for each in rest):
        known = known_to_caller(desk, name)
        those = [each for each in rest if each.object == name and each.field in known]
        rows = yield from _rows(desk, name, those)
        found += [each for each in those if _is_seen(desk, each, rows.get(each.id))]
    return found


def _rows(desk: Desk, object_: str, rest: Sequence[Rest]) -> UnitOf[Mapping[str, Record]]:
    fields, ids = sorted({each.field for each in rest}), sorted({each.id for each in rest})
    found: dict[str, Record] = {}
    for at in range(0, len(ids), MOST_IDS):
        rows = yield from desk.as_caller().read(object_, fields, ids=ids[at : at + MOST_IDS])
        found.update((each["id"], each) for each in rows)
    return found


def _is_seen(desk: Desk, rest: Rest, row: Record | None) -> bool:
    """What is empty may be hidden, and what is gone may never have been seen."""
    everywhere = rest.field in seen_everywhere(desk, rest.object)
    if row is None:
        return rest.why == GONE and everywhere and sees_all(desk, rest.object)
    return everywhere or row[rest.field] is not None
