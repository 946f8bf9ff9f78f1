"""docs/tutorial.md is followed from its first line to its last, in an empty folder."""

from pathlib import Path

from tests.tutorial.page import Reader, blocks

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_everything_that_the_tutorial_says_is_so(tmp_path: Path) -> None:
    with Reader(tmp_path) as reader:
        for each in blocks(PAGE):
            reader.follow(each)
    written = [path.read_text(encoding="utf-8") for path in (tmp_path / "swim_school").glob("*.yaml")]
    assert len([line for text in written for line in text.splitlines() if not line.startswith("#")]) < 60
