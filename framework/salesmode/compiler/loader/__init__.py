"""Files become documents: plain data with the place of every key and value.

Takes: files of a folder or texts by name. Gives: Document (see `compiler.located`), one per YAML document.
Rejects when: a file is not UTF-8 YAML, or holds duplicate keys, foreign tags, alias bombs … (SM1xx).
Modules: files, punctuation, syntax, composer, scalars, builder.
"""

from collections.abc import Mapping

from salesmode.compiler.loader.builder import build
from salesmode.compiler.loader.composer import compose
from salesmode.compiler.loader.files import UNREADABLE, read_folder, read_texts
from salesmode.compiler.located import Document
from salesmode.diagnostics import Collector

__all__ = ["UNREADABLE", "load", "read_folder", "read_texts"]


def load(sources: Mapping[str, str], collector: Collector) -> tuple[Document, ...]:
    """All documents of these texts (file → text, as read by `files`), in order."""
    return tuple(
        document
        for file, text in sources.items()
        for root in compose(file, text, collector)
        for document in build(file, root, collector)
    )
