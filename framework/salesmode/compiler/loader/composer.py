"""Parser events become a tree of nodes. Iterative: the C composer overruns its stack on deep nesting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml
from yaml import CSafeLoader

from salesmode.compiler.loader import syntax
from salesmode.diagnostics import Collector, Span

_DEEPEST = 60
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null"))
_TEXT = "tag:yaml.org,2002:str"


class Scalar(NamedTuple):
    """`plain` scalars may mean something else than text."""

    text: str
    plain: bool
    span: Span


class Mapping(NamedTuple):
    pairs: list["Node"]
    """Key, value, key, value …"""
    span: Span


class Sequence(NamedTuple):
    items: list["Node"]
    span: Span


Node = Scalar | Mapping | Sequence


@dataclass
class _Failure(Exception):
    code: str
    message: str
    span: Span
    hint: str | None = None


def compose(file: str, text: str, collector: Collector) -> Iterator[Node]:
    """The root node of each document, up to the first place that cannot be read."""
    composer = _Composer(file, collector)
    empty = True
    try:
        for event in yaml.parse(text, Loader=CSafeLoader):
            root = composer.take(event)
            if root is not None:
                empty = False
                yield root
    except _Failure as failure:
        collector.error(failure.code, failure.message, failure.span, hint=failure.hint)
    except yaml.YAMLError as error:
        syntax.report(file, text, error, collector)
    else:
        if empty:
            collector.warning("SM111", "the file holds no document", Span(file, 1, 1))


class _Composer:
    """Builds one document after the other: `open` is the stack of collections that are not closed yet."""

    def __init__(self, file: str, collector: Collector) -> None:
        self._file = file
        self._collector = collector
        self._open: list[Mapping | Sequence] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: Any) -> Node | None:
        """The next event; gives the root when it is complete."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._place(self._scalar(event), event.anchor)
        if kind is yaml.AliasEvent:
            return self._place(self._aliased(event), None)
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._begin(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            closed = self._open.pop()
            return None if self._open else closed
        elif kind is yaml.DocumentStartEvent:
            self._anchors = {}
        return None

    def _place(self, node: Node, anchor: str | None) -> Node | None:
        """Puts the node into the innermost open collection; a node outside all of them is a root."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            return node
        self._open[-1][0].append(node)
        return None

    def _begin(self, event: Any) -> None:
        span = self._span(event)
        if len(self._open) >= _DEEPEST:
            raise _Failure(
                "SM108", f"nested more than {_DEEPEST} deep", span, "name parts of it on their own"
            )
        mapping = type(event) is yaml.MappingStartEvent
        self._check_tag(event.tag, {"tag:yaml.org,2002:map" if mapping else "tag:yaml.org,2002:seq"}, span)
        node = Mapping([], span) if mapping else Sequence([], span)
        self._place(node, event.anchor)
        self._open.append(node)

    def _scalar(self, event: Any) -> Scalar:
        span = self._span(event)
        self._check_tag(event.tag, _PLAIN_TAGS, span)
        plain = not event.style if event.tag is None else event.tag != _TEXT
        return Scalar(event.value, plain, span)

    def _aliased(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        span = self._span(event)
        if node is None:
            names = ", ".join(f"'&{name}'" for name in self._anchors)
            hint = f"anchors: {names}" if names else f"quote it if it is a text: '*{event.anchor}'"
            raise _Failure("SM101", f"'*{event.anchor}' has no anchor above it", span, hint)
        if any(node is each for each in self._open):
            raise _Failure("SM104", f"'*{event.anchor}' would contain itself", span)
        return node

    def _check_tag(self, tag: str | None, allowed: frozenset[str] | set[str], span: Span) -> None:
        if tag is None or tag in allowed:
            return
        short = tag.replace("tag:yaml.org,2002:", "!!")
        self._collector.error(
            "SM103",
            f"the tag '{short}' is not used here",
            span,
            why="metadata is plain data: mappings, lists, texts, numbers, true, false and null",
            hint="remove the tag, or quote the text if it begins with '!'",
        )

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        length = end.index - start.index if start.line == end.line else 1
        return Span(self._file, start.line + 1, start.column + 1, max(1, length))
