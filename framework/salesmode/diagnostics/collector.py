"""Gathers the diagnostics of a run, so that all problems are reported at once."""

from collections.abc import Iterable, Mapping

from salesmode.diagnostics.diagnostic import Diagnostic
from salesmode.diagnostics.render import render
from salesmode.diagnostics.span import Span


class MetadataError(Exception):
    """The metadata is at fault: every problem of the run, warnings too, and the texts that were read."""

    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        self.diagnostics = tuple(diagnostics)
        self.sources = sources
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n\n".join(render(each, self.sources) for each in self.diagnostics)


_MOST = 1000


class Collector:
    """Takes diagnostics in any order; gives them sorted by place, each once.

    After a thousand errors the rest is not told: nobody reads them, and finding hints for them takes long.
    """

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}
        self._errors = 0

    @property
    def full(self) -> bool:
        """Whether further errors are passed over; whoever has costly ones need not make them."""
        return self._errors > _MOST

    def add(self, diagnostic: Diagnostic) -> None:
        if self.full or diagnostic in self._found:
            return
        self._errors += diagnostic.severity == "error"
        if self._errors > _MOST:
            message = f"there are more than {_MOST:,} problems; the rest is not told"
            self._found[Diagnostic("SM112", message, diagnostic.span)] = None
        else:
            self._found[diagnostic] = None

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        why: str | None = None,
        hint: str | None = None,
        related: tuple[Span, ...] = (),
    ) -> None:
        self.add(Diagnostic(code, message, span, why, hint, "error", related))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        why: str | None = None,
        hint: str | None = None,
        related: tuple[Span, ...] = (),
    ) -> None:
        self.add(Diagnostic(code, message, span, why, hint, "warning", related))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found, key=lambda each: (each.span, each.code, each.message)))

    @property
    def failed(self) -> bool:
        return self._errors > 0

    def stop_on_errors(self, sources: Mapping[str, str]) -> None:
        """Raise `MetadataError` with everything found so far, if any of it is an error."""
        if self.failed:
            raise MetadataError(self.diagnostics, sources)
