"""One mistake of an implementer, as data."""

from dataclasses import dataclass
from typing import Literal

from salesmode.diagnostics.span import Span

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What (`code`, `message`), where (`span`), `why`, and what to do (`hint`).

    `related` are other places that matter (the first of two duplicates, the layer below).
    """

    code: str
    message: str
    span: Span
    why: str | None = None
    hint: str | None = None
    severity: Severity = "error"
    related: tuple[Span, ...] = ()
