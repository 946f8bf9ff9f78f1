"""Full-width punctuation where YAML's own is meant: a mark that looks right and means nothing."""

import re
from collections.abc import Mapping

ASCII: Mapping[str, str] = {
    "：": ":",
    "，": ",",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "＃": "#",
    "－": "-",
    "　": " ",
}

_ANY = re.compile(f"[{''.join(ASCII)}]")
_MARKS = "".join(ASCII)
_IN_SYNTAX = re.compile(rf"""(?:^\s*|[-\w"'\]\}}]\s*|[:,\[{{-]\s+)([{_MARKS}])""", re.ASCII)


def first(text: str) -> int | None:
    """Where the first full-width mark stands in a text that may not have one (a key, a name, a word)."""
    found = _ANY.search(text)
    return found.start() if found else None


def first_in_syntax(line: str) -> int | None:
    """Where a full-width mark follows what looks like YAML in a line that could not be read."""
    found = _IN_SYNTAX.search(line.partition(" #")[0])
    return found.start(1) if found else None


def advice(mark: str) -> str:
    """What to write instead."""
    meant = ASCII[mark]
    return f"write {_NAMES.get(meant, meant)} instead of {_NAMES.get(mark, mark)}"


_NAMES = {" ": "a plain space", "　": "the full-width space"}
