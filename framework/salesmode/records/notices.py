"""Telling other processes which records a transaction wrote; they hear it once it is committed.

PostgreSQL only: a notice names the record, and who wants to know more reads `sm_change`. On SQLite who waits
for changes looks there by itself.
"""

from collections.abc import Iterable, Sequence

from salesmode.database.unit import Step

CHANNEL = "sm_change"

_NOTIFY = f"SELECT pg_notify('{CHANNEL}', told) FROM unnest($1::text[]) AS told"
_MOST = 7_900  # bytes of one notice: PostgreSQL takes fewer than 8,000

Named = tuple[str, str, int]
"""Object, id and version of one written record."""


def notice(written: Iterable[Named]) -> Step:
    """The statement that tells of the records."""
    return Step(_NOTIFY, [list(_texts([f"{name} {id_} {version}" for name, id_, version in written]))])


def read_notice(text: str) -> Sequence[Named]:
    """What one notice tells."""
    lines = (each.split(" ") for each in text.split("\n"))
    return [(name, id_, int(version)) for name, id_, version in lines]


def _texts(lines: Iterable[str]) -> Iterable[str]:
    text = ""
    for line in lines:
        if text and len(text) + len(line) >= _MOST:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    if text:
        yield text
