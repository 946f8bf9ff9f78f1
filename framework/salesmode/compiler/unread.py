"""Kinds that have a grammar and that nothing reads: what they say has no effect, and that is told."""

from collections.abc import Iterable

from salesmode.compiler.located import Document
from salesmode.diagnostics import Collector

UNREAD = frozenset({"tag"})


def report_unread(documents: Iterable[Document], collector: Collector) -> None:
    """One warning for each document of such a kind."""
    for document in documents:
        if document.kind in UNREAD:
            message = f"the {document.kind} '{document.name}' has no effect: nothing reads this kind"
            collector.warning("SM901", message, document.value_place(("kind",)))
