"""Says what is wrong at a part of a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.compiler.located import Document, Path
from salesmode.conditions.site import Report
from salesmode.diagnostics import Span, did_you_mean
from salesmode.diagnostics.collector import Collector


@dataclass(frozen=True, slots=True)
class Reporter:
    """One document and where its problems go; paths are from the document."""

    document: Document
    collector: Collector

    def span(self, *path: str | int) -> Span:
        return self.document.place(path)

    def error(self, code: str, message: str, *path: str | int, **more: Any) -> None:
        self.collector.error(code, message, self.document.place(path), **more)

    def error_at_value(self, code: str, message: str, *path: str | int, **more: Any) -> None:
        self.collector.error(code, message, self.document.value_place(path), **more)

    def warning(self, code: str, message: str, *path: str | int, **more: Any) -> None:
        self.collector.warning(code, message, self.document.place(path), **more)

    def warning_at_value(self, code: str, message: str, *path: str | int, **more: Any) -> None:
        self.collector.warning(code, message, self.document.value_place(path), **more)

    def missing(self, message: str, key: str, *path: str | int, hint: str) -> None:
        """A key that the part at `path` needs; silent where it was there and wrong, which is told already."""
        if not {path, (*path, key)} & self.document.refused:
            self.error("SM204", message, *path, hint=hint)

    def unknown(self, code: str, what: str, name: str, candidates: Iterable[str], *path: str | int) -> None:
        """A name that leads nowhere, with the one that was probably meant and where that is declared."""
        hint = None if self.collector.full else did_you_mean(name, candidates, _places(candidates))
        report = self.error if path[-1] == name else self.error_at_value
        report(code, f"unknown {what} '{name}'", *path, hint=hint)

    def below(self, *path: str | int) -> Report:
        """A report for whoever reads the part at `path` and knows paths from there only."""

        def report(inner: Path, code: str, message: str, hint: str | None) -> None:
            place = self.error if code in _ABOUT_KEYS else self.error_at_value
            place(code, message, *path, *inner, hint=hint)

        return report


_ABOUT_KEYS = frozenset({"SM702", "SM703"})
"""Codes of conditions whose path ends with the name that is wrong: a field or an operator, which is a key."""


def _places(candidates: Iterable[str]) -> Mapping[str, Span]:
    if not isinstance(candidates, Mapping):
        return {}
    spans = ((name, getattr(each, "span", None)) for name, each in candidates.items())
    engine = {name for name, each in candidates.items() if getattr(each, "system", False)}
    return {name: span for name, span in spans if isinstance(span, Span) and span.line and name not in engine}
