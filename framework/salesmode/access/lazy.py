"""Mappings and collections by name of which only what is asked for comes into being."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import TypeVar

T = TypeVar("T")


class Touched(Mapping[str, T]):
    """A value for each of the names, made when it is first asked for and then kept."""

    def __init__(self, make: Callable[[str], T], names: Collection[str]) -> None:
        self._make = make
        self._names = names
        self._made: dict[str, T] = {}

    @property
    def made(self) -> Mapping[str, T]:
        """What has been asked for so far."""
        return self._made

    def __getitem__(self, name: str) -> T:
        found = self._made.get(name)
        if found is not None:
            return found
        if name not in self._names:
            raise KeyError(name)
        return self._made.setdefault(name, self._make(name))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Such(Collection[str]):
    """Those of the names for which a test holds; each is tested when it is asked for, and once."""

    def __init__(self, names: Collection[str], test: Callable[[str], bool]) -> None:
        self._names = names
        self._test = cache(test)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._names and self._test(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._names if self._test(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)
