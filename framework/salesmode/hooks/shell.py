"""What a plugin adds to the command line and to the console."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from salesmode.hooks.desk import Desk, UnitOf

Table = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One word on the command line, `--option` where it is `optional`."""

    name: str
    help: str
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`salesmode NAME …`; `("explain", "route")` is `salesmode explain route`. `run` gets the arguments by
    name and gives lines of text or a table, printed as such or as `--json`; a Refusal is told and exits 1.
    What `run` writes is committed only where `writes` says so.
    """

    name: tuple[str, ...]
    help: str
    run: Callable[[Desk, Mapping[str, str | None]], UnitOf[Sequence[str] | Table]]
    arguments: Sequence[Argument] = ()
    writes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A table on the console: what `query` (GraphQL, asked as the user) gives, one row for each of the list
    at `rows` (`routingDecisions.nodes`). `columns`: by title, where a row has the value (`customer.name`).
    Who may not ask the query has no such panel.
    """

    name: str
    title: str
    query: str
    rows: str
    columns: Mapping[str, str]
