"""What the YAML parser complains about, in words that say what to do."""

import re

import yaml

from salesmode.compiler.loader import punctuation
from salesmode.diagnostics import Collector, Span

_COLON = "a ':' stands where no key can begin"
_WORDS: tuple[tuple[str, str, str | None], ...] = (
    (r"mapping values are not allowed", _COLON, "quote a text that holds ': ', or check the indentation"),
    (
        r"did not find expected key",
        "the line does not fit the mapping that it is in",
        "check the indentation",
    ),
    (r"did not find expected '-' indicator", "a list item or the end of the list is expected here", None),
    (r"did not find expected ',' or '\]'", "the list that begins with '[' is not closed", None),
    (r"did not find expected ',' or '\}'", "the mapping that begins with '{' is not closed", None),
    (r"unexpected end of stream", "a quote is opened and never closed", None),
    (r"could not find expected ':'", "a key without ':'", "write `key: value`, with a space after the colon"),
    (r"cannot start any token", "a text cannot begin with this character", "quote the text"),
    (r"unexpected ':'", _COLON, "put a space after the colon, or quote a text that holds one"),
    (r"block sequence entries are not allowed", "a list cannot begin here", "begin it on a line of its own"),
    (r"unknown directive name", "a line cannot begin with '%'", "quote the text"),
    (r"undefined tag handle", "a tag that is not known", "quote the text if it begins with '!'"),
    (r"unknown escape character", "an escape that YAML does not know", "use single quotes, or write '\\\\'"),
)


def report(file: str, text: str, error: yaml.YAMLError, collector: Collector) -> None:
    """One diagnostic for the place where the parser stopped."""
    assert isinstance(error, yaml.MarkedYAMLError), error
    mark, context = error.problem_mark, error.context_mark
    assert mark is not None
    lines = text.split("\n")
    line = min(mark.line, len(lines) - 1)
    if _tab(lines[line], file, line, collector):
        return
    if _full_width(lines, line, file, collector):
        return
    problem = error.problem or "this is not YAML"
    message, hint = _said(problem)
    opened = Span(file, context.line + 1, context.column + 1) if context else None
    related = (opened,) if opened and opened.line != line + 1 else ()
    collector.error("SM101", message, Span(file, line + 1, mark.column + 1), hint=hint, related=related)


def _said(problem: str) -> tuple[str, str | None]:
    for pattern, message, hint in _WORDS:
        if re.search(pattern, problem):
            return message, hint
    return problem, None


def _tab(line: str, file: str, number: int, collector: Collector) -> bool:
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" not in indentation:
        return False
    collector.error(
        "SM107",
        "a tab cannot indent",
        Span(file, number + 1, indentation.index("\t") + 1),
        hint="indent with spaces",
    )
    return True


def _full_width(lines: list[str], line: int, file: str, collector: Collector) -> bool:
    """Looks at the line and the one before it: a missing ':' is noticed only on the next line."""
    for number in (line - 1, line):
        column = punctuation.first_in_syntax(lines[number]) if number >= 0 else None
        if column is not None:
            mark = lines[number][column]
            collector.error(
                "SM105",
                f"'{mark}' is full-width punctuation, not YAML",
                Span(file, number + 1, column + 1),
                hint=punctuation.advice(mark),
            )
            return True
    return False
