"""The language of an answer: the best match of `Accept-Language`, else the app's first (RULING 40)."""

from collections.abc import Iterator
from functools import lru_cache


@lru_cache(maxsize=1024)
def best_language(accepted: str, locales: tuple[str, ...]) -> str:
    """One of `locales`: the same tag, or one of the same language, as the client prefers."""
    by_tag = {each.lower(): each for each in locales}
    by_language = {each.lower().split("-")[0]: each for each in reversed(locales)}
    for tag in _preferred(accepted):
        found = by_tag.get(tag) or by_language.get(tag.split("-")[0])
        if found is not None:
            return found
        if tag == "*":
            break
    return locales[0]


def _preferred(accepted: str) -> Iterator[str]:
    """The tags of the header, best first; those with weight 0 are not wanted."""
    weighed = []
    for at, part in enumerate(accepted[:1000].split(",")):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if tag and weight > 0:
            weighed.append((-weight, at, tag.strip().lower()))
    return (tag for _, _, tag in sorted(weighed))


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
