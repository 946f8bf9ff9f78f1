"""What is selected of a value that is no record: a payload, an explanation."""

from collections.abc import Iterable, Mapping
from typing import Any

from salesmode.queries.pick import Pick


def picked(value: Mapping[str, Any], picks: Iterable[Pick]) -> Mapping[str, Any]:
    """The selected members by their keys, `__typename` among them, and so on below."""
    return {pick.key: _below(value[pick.name], pick) for pick in picks}


def _below(value: Any, pick: Pick) -> Any:
    if value is None or not pick.picks:
        return value
    if isinstance(value, list):
        return [picked(each, pick.picks) for each in value]
    return picked(value, pick.picks)
