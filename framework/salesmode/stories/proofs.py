"""What stories prove: the parts of the metadata without which they would fail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from salesmode.compiler.layering import Layered
from salesmode.compiler.located import Document
from salesmode.compiler.provenance import UnknownPath, named
from salesmode.diagnostics import Collector, Diagnostic, Span

UNKNOWN_PART = "SM833"


@dataclass(frozen=True, slots=True)
class Proof:
    """A story, the path of a part as `explain` takes it, where that is said, and where the part stands."""

    story: str
    path: str
    span: Span
    part: Span


def proofs_of(story: Document, layered: Layered, collector: Collector) -> tuple[Proof, ...]:
    """What a story says that it proves, in order; a path that leads nowhere is told at its place."""
    return tuple(_proofs(story, layered, collector))


def _proofs(story: Document, layered: Layered, collector: Collector) -> Iterator[Proof]:
    for at, path in enumerate(story.data.get("proves", ())):
        span = story.value_place(("proves", at))
        try:
            yield Proof(story.name, path, span, named(layered.documents, path).span)
        except UnknownPath as unknown:
            collector.add(_unknown(path, span, unknown, layered.removed))


def _unknown(
    path: str, span: Span, unknown: UnknownPath, removed: Mapping[str, tuple[Span, ...]]
) -> Diagnostic:
    """What was removed is told as that."""
    gone = next((name for name in path.split(".") if name in removed), None)
    if gone is None:
        return Diagnostic(UNKNOWN_PART, unknown.message, span, hint=unknown.hint)
    return Diagnostic(UNKNOWN_PART, f"'{path}': '{gone}' is removed", span, related=removed[gone])
