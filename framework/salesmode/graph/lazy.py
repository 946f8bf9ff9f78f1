"""A mapping whose values are made when they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import TypeVar

T = TypeVar("T")


class Lazy(Mapping[str, T]):
    """`make` answers None for a name that does not exist; such answers are not kept, so nobody can fill the
    memory.

    `names` lists what exists, for introspection and suggestions; it is asked once.
    """

    def __init__(self, make: Callable[[str], T | None], names: Callable[[], Iterable[str]]) -> None:
        self._make = make
        self._names = names
        self._made: dict[str, T] = {}
        self._lock = RLock()

    @property
    def made(self) -> Mapping[str, T]:
        """What has been asked for so far."""
        return self._made

    def __getitem__(self, name: str) -> T:
        found = self._made.get(name)
        return self._first(name) if found is None else found

    def _first(self, name: str) -> T:
        """Made once, though introspection runs in a thread of its own: graphql-core compares types by
        identity.
        """
        with self._lock:
            found = self._made.get(name) or self._make(name)
            if found is None:
                raise KeyError(name)
            self._made[name] = found
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    @cached_property
    def _listed(self) -> Sequence[str]:
        return tuple(self._names())
