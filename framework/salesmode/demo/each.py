"""Which records there are because others are: one, or several, for each record of another object."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.demo.values import WrongValue
from salesmode.demo.world import Row, World


@dataclass(frozen=True, slots=True)
class Each:
    """For every record of the object `of` whose fields and parts have the values of `where`: `times` records,
    or as many as stands at that name of it. `name`: the field or part that holds the other record's id.
    """

    of: str
    name: str
    where: Mapping[str, frozenset[object]]
    times: int | str

    @property
    def reads(self) -> Iterator[str]:
        """What it looks at of the other records."""
        yield from self.where
        if isinstance(self.times, str):
            yield self.times

    def begun(self, world: World) -> Iterator[Row]:
        """The beginnings of the records, with their number `k` among those of the same other one."""
        for row in world.rows[self.of]:
            if all(row.get(name) in wanted for name, wanted in self.where.items()):
                for number in range(self._times(row)):
                    yield {"k": number, self.name: row["id"]}

    def _times(self, row: Row) -> int:
        times = row.get(self.times) if isinstance(self.times, str) else self.times
        try:
            return int(str(times or 0))
        except ValueError:
            raise WrongValue(self.name, f"'{self.times}' of '{self.of}' is no number: {times}") from None


def each_of(raw: Mapping[str, Any]) -> Each:
    """As it is written."""
    where = {name: values_of(wanted) for name, wanted in raw.get("where", {}).items()}
    times = str(raw.get("times", 1))
    return Each(raw["object"], raw["as"], where, int(times) if times.isdecimal() else times)


def values_of(wanted: object) -> frozenset[object]:
    """A value, or any of a list."""
    if isinstance(wanted, Iterable) and not isinstance(wanted, str):
        return frozenset(wanted)
    return frozenset([wanted])
