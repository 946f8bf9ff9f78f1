"""A cache bounded by bytes; what was not used for longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class ByteCache:
    """Values with the number of bytes that each is taken to hold. One too large for the cache is not kept."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    @property
    def bytes(self) -> int:
        """What is held."""
        return self._bytes

    def get(self, key: Hashable) -> Any:
        """The value, now the last to go; None if there is none."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value, and let go of others until all fit."""
        old = self._entries.pop(key, None)
        self._bytes -= old[1] if old else 0
        if size > self._max_bytes:
            return
        self._entries[key] = (value, size)
        self._bytes += size
        while self._bytes > self._max_bytes:
            _, (_, freed) = self._entries.popitem(last=False)
            self._bytes -= freed
