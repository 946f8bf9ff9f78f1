"""Every file that a page links to is there, and so is the heading of a page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "presets/*/*.md", "plugins/*/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)(?P<page>[^)#\s]*)(?:#(?P<heading>[^)\s]*))?\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    assert [each for each in _links(ROOT / page) if not _is_there(*each)] == []


def _links(page: Path) -> Iterator[tuple[Path, str | None]]:
    for each in _LINK.finditer(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        yield (page.parent / each["page"]).resolve() if each["page"] else page, each["heading"]


def _is_there(page: Path, heading: str | None) -> bool:
    if heading is None or page.suffix != ".md" or not page.exists():
        return page.exists()
    return heading in {_anchor(each) for each in _HEADING.findall(page.read_text(encoding="utf-8"))}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
