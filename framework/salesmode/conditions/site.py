"""Where a condition is read: whose fields it names, and whom to tell what is wrong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from salesmode.diagnostics import did_you_mean
from salesmode.model.object import Object

Path = tuple[str | int, ...]
Problem = tuple[Path, str, str, str | None]
Report = Callable[[Path, str, str, str | None], None]


@dataclass(frozen=True, slots=True)
class Site:
    """`object`: the row in question; `row`: what `$row` means; `path`: from the raw value that was given;
    `record`: what `$record` means, where there is one.
    """

    object: Object
    row: Object
    objects: Mapping[str, Object]
    report: Report
    path: Path = ()
    record: Object | None = None

    def at(self, *steps: str | int) -> "Site":
        """Further into the raw value."""
        return replace(self, path=(*self.path, *steps))

    def along(self, object_name: str) -> "Site":
        """Along a relation, to another object."""
        return replace(self, object=self.objects[object_name])

    def wrong(self, code: str, message: str, hint: str | None = None) -> None:
        self.report(self.path, code, message, hint)

    def unknown(self, code: str, what: str, name: str, candidates: Iterable[str]) -> None:
        """A name that is not there, with the one that was probably meant."""
        self.report(self.path, code, f"{what} '{name}'", did_you_mean(name, candidates))
