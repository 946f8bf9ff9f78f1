"""Nodes become plain data with two side tables: where each key stands, and where each value."""

from collections.abc import Iterator

from salesmode.compiler.loader import punctuation
from salesmode.compiler.loader.composer import Mapping, Node, Scalar, Sequence
from salesmode.compiler.loader.scalars import resolve
from salesmode.compiler.located import Document, Path
from salesmode.diagnostics import Collector, Span

_MOST_REPEATED = 20_000


class _TooMany(Exception):
    pass


def build(file: str, root: Node, collector: Collector) -> Iterator[Document]:
    """The document of a root node; none for an empty one, and none for one that is refused as a whole."""
    if isinstance(root, Scalar) and root.plain and root.text == "":
        return
    if not isinstance(root, Mapping):
        _refuse_root(root, collector)
        return
    builder = _Builder(collector)
    try:
        data = builder.build(root, ())
    except _TooMany:
        collector.error(
            "SM104",
            f"the aliases of this document repeat more than {_MOST_REPEATED:,} parts",
            Span(file, root.span.line, root.span.column),
            hint="write the parts out, or put what they share into a preset",
        )
        return
    assert isinstance(data, dict)
    yield Document(data, builder.keys, builder.values)


def _refuse_root(root: Node, collector: Collector) -> None:
    text = root.text if isinstance(root, Scalar) else ""
    at = punctuation.first(text)
    if at is None:
        collector.error("SM201", "a document is a mapping with `kind` and `name`", root.span)
        return
    place = Span(root.span.file, root.span.line, root.span.column + at)
    collector.error(
        "SM105", f"'{text[at]}' is full-width punctuation, not YAML", place, hint=punctuation.advice(text[at])
    )


class _Builder:
    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._seen: set[int] = set()
        self._repeated = 0
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}

    def build(self, node: Node, path: Path) -> object:
        self.values[path] = node.span
        if isinstance(node, Scalar):
            return resolve(node.text) if node.plain else node.text
        self._count(node)
        if isinstance(node, Mapping):
            return self._mapping(node, path)
        return [self.build(item, (*path, index)) for index, item in enumerate(node.items)]

    def _count(self, node: Mapping | Sequence) -> None:
        """What an alias brings in again is counted, so that a few lines cannot grow without bound."""
        if id(node) not in self._seen:
            self._seen.add(id(node))
            return
        self._repeated += 1 + len(node[0])
        if self._repeated > _MOST_REPEATED:
            raise _TooMany

    def _mapping(self, node: Mapping, path: Path) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, value in zip(node.pairs[::2], node.pairs[1::2], strict=True):
            name = self._key(key)
            if name is None:
                continue
            inner = (*path, name)
            if name in data:
                self._twice(name, key.span, self.keys[inner])
                continue
            self.keys[inner] = key.span
            data[name] = self.build(value, inner)
        return data

    def _key(self, key: Node) -> str | None:
        """Keys are always text, whatever they look like; a list or a mapping is none."""
        if not isinstance(key, Scalar):
            self._collector.error(
                "SM109", "a key is a text", key.span, hint="quote it if the brackets are part of it"
            )
            return None
        at = punctuation.first(key.text)
        if key.plain and at is not None:
            self._full_width(key, at)
            return None
        return key.text

    def _full_width(self, key: Scalar, at: int) -> None:
        mark, span = key.text[at], key.span
        self._collector.error(
            "SM105",
            f"'{mark}' is full-width punctuation, not YAML",
            Span(span.file, span.line, span.column + at),
            hint=punctuation.advice(mark) + ", or quote the key",
        )

    def _twice(self, name: str, second: Span, first: Span) -> None:
        self._collector.error(
            "SM102",
            f"the key '{name}' stands twice",
            second,
            why=f"it is already given in line {first.line}; only one can count",
            hint="remove one of them",
            related=(first,),
        )
