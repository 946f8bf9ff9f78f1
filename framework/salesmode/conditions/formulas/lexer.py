"""The text of an expression as tokens, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 4000

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>[0-9]+(\.[0-9]+)?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*)
  | (?P<text>"([^"\\]|\\.)*"|'([^'\\]|\\.)*')
  | (?P<sign><=|>=|!=|<>|==|[-+*/=<>(),])
    """,
    re.VERBOSE | re.DOTALL,
)
_SAME = {"<>": "!=", "==": "="}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Unreadable(Exception):
    """An expression that means nothing: which code, why, and how many characters into the text."""

    def __init__(self, code: str, message: str, at: int, hint: str | None = None) -> None:
        self.code = code
        self.message = message
        self.at = at
        self.hint = hint
        super().__init__(message)


CANNOT_READ = "SM710"


@dataclass(frozen=True, slots=True)
class Token:
    """`form`: `number name text sign end`; `word`: the text of it, of a quoted text what is inside."""

    form: str
    word: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """Every token, the end last."""
    if len(text) > LONGEST:
        raise Unreadable(CANNOT_READ, f"an expression has at most {LONGEST:,} characters", LONGEST)
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unknown(text, at)
        form = str(found.lastgroup)
        if form != "space":
            yield Token(form, _word(form, found[0], at), at)
        at = found.end()
    yield Token("end", "", at)


def _word(form: str, found: str, at: int) -> str:
    if form != "text":
        return _SAME.get(found, found)
    inside = _ESCAPED.sub(r"\1", found[1:-1])
    if "\0" in inside:
        raise Unreadable(CANNOT_READ, "a text may not hold the character NUL", at)
    return inside


def _unknown(text: str, at: int) -> Unreadable:
    if text[at] in "\"'":
        return Unreadable(CANNOT_READ, "the text that begins here does not end", at)
    hint = "true, false, and, or, not; + - * /; = != < <= > >=" if text[at] in "&|!%^" else None
    return Unreadable(CANNOT_READ, f"'{text[at]}' means nothing in an expression", at, hint)
