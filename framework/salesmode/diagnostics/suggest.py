"""Hints: the name that was probably meant."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from salesmode.diagnostics.span import Span

_LONGEST = 80


def did_you_mean(
    name: object, candidates: Iterable[str], places: Mapping[str, Span] | None = None
) -> str | None:
    """`did you mean 'amount' (file:9:5)?`, or None when nothing is near.

    Candidates must be names that the reader may know: a client's hint is made from the client's own schema.
    """
    wanted = str(name)
    if len(wanted) > _LONGEST:
        return None
    known = {each.lower(): each for each in candidates if each != wanted}
    near = get_close_matches(wanted.lower(), known, n=1, cutoff=0.6)
    if not near:
        return None
    found = known[near[0]]
    place = f" ({places[found]})" if places and found in places else ""
    return f"did you mean '{found}'{place}?"
