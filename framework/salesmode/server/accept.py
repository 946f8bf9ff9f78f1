"""Which of the two media types an answer gets."""

from collections.abc import Iterator
from functools import lru_cache

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
_ANY = ("*/*", "application/*")


@lru_cache(maxsize=1024)
def reply_type(accept: str) -> str | None:
    """The one that the client likes best; None where it takes neither. Who says nothing gets
    `application/json`.
    """
    if not accept.strip():
        return JSON
    for media in _preferred(accept):
        if media in (JSON, RESPONSE):
            return media
        if media in _ANY:
            return JSON
    return None


def wants_stream(accept: str) -> bool:
    """Whether the client likes a stream of events best."""
    return "text/event-stream" in accept and next(_preferred(accept), "") == "text/event-stream"


def wants_page(accept: str) -> bool:
    """Whether a browser asks for a page."""
    return next((media in ("text/html", "application/xhtml+xml") for media in _preferred(accept)), False)


def _preferred(accept: str) -> Iterator[str]:
    """Media types, best first; those with weight 0 are not wanted."""
    weighed = []
    for at, part in enumerate(accept[:2000].split(",")):
        media, *parameters = (each.strip().lower() for each in part.split(";"))
        weight = next((_number(each[2:]) for each in parameters if each.startswith("q=")), 1.0)
        if weight > 0:
            weighed.append((-weight, at, media))
    return (media for _, _, media in sorted(weighed))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
