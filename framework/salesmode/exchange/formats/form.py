"""What the forms of a file have in common."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Writer = Callable[[Sequence[object]], None]
"""Writes one row: a value for each column, as `cells.exported` gives it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file. `number` as a person counts, the header being 1. `cells` are by header; one that
    is missing says nothing, None is empty. `fault`: what is wrong with the line itself.
    """

    number: int
    cells: dict[str, object]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and the lines, read once. `verbatim`: cells are values already, not texts."""

    headers: tuple[str, ...]
    lines: Iterable[Line]
    verbatim: bool = False


def line_of(number: int, headers: Sequence[str], cells: Sequence[object]) -> Line:
    """A line whose cells stand below the headers."""
    if len(cells) == len(headers):
        return Line(number, dict(zip(headers, cells, strict=True)))
    fault = f"the row has {len(cells)} cells, and the header {len(headers)}"
    return Line(number, dict(zip(headers, cells, strict=False)), fault)
