"""What a layer removed and something still uses is an error at the use and at the removal (RULING 2)."""

import re
from collections.abc import Mapping

from salesmode.diagnostics import Collector, Diagnostic, Span

_NOT_FOUND = frozenset(
    {"SM302", "SM303", "SM304", "SM305", "SM312", "SM602", "SM606", "SM607", "SM612", "SM702", "SM704"}
)
_NAME = re.compile(r"'([a-z0-9_]+)'")
_HINT = "remove the uses too, or keep it and grant it to no role"


def report_removals(removed: Mapping[str, tuple[Span, ...]], collector: Collector) -> None:
    """Looks for removed names among those that were not found; a removal is told once, with all its uses."""
    uses: dict[tuple[str, Span], list[Span]] = {}
    for diagnostic in collector.diagnostics:
        name = _name(diagnostic)
        for span in removed_at(diagnostic, removed):
            uses.setdefault((name, span), []).append(diagnostic.span)
    for (name, span), places in uses.items():
        message = f"'{name}' is removed here and still used"
        collector.error("SM407", message, span, hint=_HINT, related=tuple(places))


def removed_at(diagnostic: Diagnostic, removed: Mapping[str, tuple[Span, ...]]) -> tuple[Span, ...]:
    """Where that was removed which was not found."""
    return removed.get(_name(diagnostic), ())


def _name(diagnostic: Diagnostic) -> str:
    """The name that a message is about: conditions name the object first and what it lacks last."""
    found = _NAME.findall(diagnostic.message) if diagnostic.code in _NOT_FOUND else []
    return str(found[-1 if diagnostic.code == "SM702" else 0]) if found else ""
