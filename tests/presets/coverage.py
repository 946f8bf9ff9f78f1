"""Writes docs/coverage.md: which story shows which line of the domain, and which part of a preset decides it.

`python -m tests.presets.coverage > docs/coverage.md`
"""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from salesmode.diagnostics import Span
from salesmode.stories.coverage import Shown, coverage
from tests.presets.stories import place, told

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "coverage.md"
_LINE = re.compile(r"^- (D\d+[a-z]?) (.*)$", re.MULTILINE)
_FIRST = re.compile(r"^(.*?)(?:[:;.]|$)")

HEAD = """# What shows that each line of the domain holds

For every line of [the domain](domain.md): the stories of the presets that show it, and the parts of the
metadata without which they fail. `make test` plays them on both databases; `make mutations` takes out each
part and sees them fail. `make reference` writes this page.

| line | story | proves |
|---|---|---|
"""


def lines() -> dict[str, str]:
    """The numbered lines of the domain, each with how it begins."""
    text = (DOCS / "domain.md").read_text()
    return {name: _FIRST.match(rest)[1] for name, rest in _LINE.findall(text)}  # type: ignore[index]


def shown() -> list[Shown]:
    """What every story of the presets covers, in the order of the domain."""
    order = [*lines()]
    rows = [row for each in told().values() for row in coverage(each.stories, each.proofs)]
    return sorted(rows, key=lambda row: order.index(row.requirement))


def page() -> str:
    """The page as it has to be."""
    return HEAD + "".join(f"{row}\n" for row in _rows())


def _rows() -> Iterator[str]:
    begins = lines()
    for requirement, group in groupby(shown(), key=lambda row: row.requirement):
        first = f"**{requirement}** {begins[requirement]}"
        for row in group:
            story = f"`{row.story.name}` {_link(row.story.span)}"
            parts = "<br>".join(f"`{each.path}` {_link(each.part)}" for each in row.proofs)
            yield f"| {first} | {story} | {parts} |"
            first = ""


def _link(span: Span) -> str:
    file, line, _ = place(span).rsplit(":", 2)
    return f"[{file}:{line}](../presets/{file}#L{line})"


if __name__ == "__main__":
    print(page(), end="")
