"""Prints a diagnostic: for people as a block with source line and caret, for programs as JSON values."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from salesmode.diagnostics.diagnostic import Diagnostic
from salesmode.diagnostics.span import Span

_INDENT = "  "
_WINDOW = 160  # characters of a long source line that are shown


def render(diagnostic: Diagnostic, sources: Mapping[str, str]) -> str:
    """One block: place, code and message; the source line with a caret; why; hint. `sources`: file → text."""
    warning = "warning: " if diagnostic.severity == "warning" else ""
    lines = [f"{diagnostic.span}: {diagnostic.code} {warning}{diagnostic.message}"]
    lines += _excerpt(diagnostic.span, sources)
    if diagnostic.why:
        lines += [_INDENT + line for line in diagnostic.why.splitlines()]
    lines += [f"{_INDENT}see {place}" for place in diagnostic.related]
    if diagnostic.hint:
        lines.append(f"{_INDENT}hint: {diagnostic.hint}")
    return "\n".join(lines)


def as_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The same as plain values; `why` and `hint` are null when there is none."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_place(diagnostic.span),
        "why": diagnostic.why,
        "hint": diagnostic.hint,
        "related": [_place(span) for span in diagnostic.related],
    }


def _place(span: Span) -> dict[str, object]:
    return {"file": span.file, "line": span.line, "column": span.column, "length": span.length}


def _excerpt(span: Span, sources: Mapping[str, str]) -> list[str]:
    """The source line and a caret line under it; nothing where the text is not at hand."""
    line = _line(sources.get(span.file, ""), span.line)
    if not line.strip():
        return []
    cut = max(0, span.column - _WINDOW // 2) if len(line) > _WINDOW else 0
    shown = line[cut : cut + _WINDOW].rstrip()
    before = line[cut : span.column - 1]
    marked = line[span.column - 1 : min(span.column - 1 + span.length, cut + _WINDOW)] or " "
    caret = "".join(_blank(each) for each in before) + "^" * max(1, sum(_width(each) for each in marked))
    return [_INDENT + "".join(_visible(each) for each in shown), _INDENT + caret]


def _line(text: str, number: int) -> str:
    lines = _lines(text)
    return lines[number - 1].rstrip("\r") if number <= len(lines) else ""


@lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    """A run often tells a thousand things about one file."""
    return text.split("\n")


def _visible(character: str) -> str:
    """Control characters would garble a terminal."""
    return (
        character
        if character == "\t" or unicodedata.category(character)[0] != "C"
        else "\N{REPLACEMENT CHARACTER}"
    )


def _blank(character: str) -> str:
    """What stands above the caret's left, so that the caret is under its column: a tab stays a tab."""
    return "\t" if character == "\t" else " " * _width(character)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
