"""Hints: the name that was probably meant."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches

from salesmode.diagnostics.span import Span

_LONGEST = 80
_SHORT = 3
_NEAR = 0.75


def did_you_mean(
    name: object, candidates: Iterable[str], places: Mapping[str, Span] | None = None
) -> str | None:
    """`did you mean 'amount' (file:9:5)?`, or None when nothing is near.

    Candidates must be names that the reader may know: a client's hint is made from the client's own schema.
    """
    wanted = str(name)
    if len(wanted) > _LONGEST:
        return None
    names = [each for each in candidates if each != wanted]
    stem = wanted[: wanted.rfind(".") + 1].lower()
    if not any(each.lower().startswith(stem) for each in names):
        stem = ""
    known = {each.lower().removeprefix(stem): each for each in names}
    asked = wanted.lower().removeprefix(stem)  # what `$user.a` and `$user.b` share makes them no more alike
    near = next((each for each in get_close_matches(asked, known, cutoff=0.6) if _alike(asked, each)), None)
    if near is None:
        return None
    found = known[near]
    place = f" ({places[found]})" if places and found in places else ""
    return f"did you mean '{found}'{place}?"


def _alike(asked: str, known: str) -> bool:
    """Nearly the same letters, or one is a piece of the other; less alike are other words, and no help."""
    if asked in known or known in asked or len(asked) <= _SHORT:
        return True
    return SequenceMatcher(None, asked, known).ratio() >= _NEAR
