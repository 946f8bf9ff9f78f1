"""Many records, as many at once as one statement may name."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 10_000


def portions(items: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]
