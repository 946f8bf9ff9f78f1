"""Says what is wrong at a part of a document."""

from collections.abc import Iterable
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

    def unknown(self, code: str, what: str, name: str, candidates: Iterable[str], *path: str | int) -> None:
        """A name that leads nowhere, with the one that was probably meant."""
        message = f"unknown {what} '{name}'"
        self.error_at_value(code, message, *path, hint=did_you_mean(name, candidates))

    def below(self, *path: str | int) -> Report:
        """A report for whoever reads the part at `path` and knows paths from there only."""

        def report(inner: Path, code: str, message: str, hint: str | None) -> None:
            self.error_at_value(code, message, *path, *inner, hint=hint)

        return report
