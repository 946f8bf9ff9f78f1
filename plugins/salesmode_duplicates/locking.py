"""Two requests that create the same record at once: the second waits for the first, and then finds it."""

from collections.abc import Mapping, Set

from salesmode.hookspecs import Desk, UnitOf
from salesmode.model.condition import Compare, Literal

LOCK = "match_lock"
BUCKETS = 64


def hold(desk: Desk, keys: Mapping[str, Set[str]]) -> UnitOf[None]:
    """The lock rows of these stored keys, in the order of their ids, to the end of the transaction. Strangers
    may share a bucket: they wait, and nothing else.
    """
    buckets = sorted({int(key[:8], 16) % BUCKETS for several in keys.values() for key in several})
    if buckets:
        yield from desk.read(LOCK, [], where=Compare("bucket", "in", Literal(tuple(buckets))), lock=True)
