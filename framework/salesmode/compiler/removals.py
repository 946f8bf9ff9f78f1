"""What a layer removed and something still uses is an error at the use and at the removal (RULING 2)."""

import re
from collections.abc import Mapping

from salesmode.diagnostics import Collector, Diagnostic, Span

_NOT_FOUND = frozenset({"SM302", "SM303", "SM304", "SM305", "SM312", "SM702", "SM704"})
_NAME = re.compile(r"'([a-z0-9_]+)'")


def report_removals(removed: Mapping[str, tuple[Span, ...]], collector: Collector) -> None:
    """Looks for removed names among those that were not found."""
    for diagnostic in collector.diagnostics:
        for name in _names(diagnostic):
            for span in removed.get(name, ()):
                collector.error(
                    "SM407", f"'{name}' is removed here and still used", span, related=(diagnostic.span,)
                )


def _names(diagnostic: Diagnostic) -> list[str]:
    return _NAME.findall(diagnostic.message)[:1] if diagnostic.code in _NOT_FOUND else []
