"""README.md is followed: its own app, and its questions to the demo."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from salesmode.resources import presets_dir
from tests.cli.kit import Server, serving
from tests.tutorial.page import Block, Reader, blocks

PAGE = Path(__file__).parents[2] / "README.md"
BLOCKS = blocks(PAGE)
QUESTIONS = [
    (asked.name, asked.text, json.loads(told.text))
    for asked, told in pairwise(BLOCKS)
    if asked.language == "graphql"
]


def _is_of_the_app(block: Block) -> bool:
    return block.language == "console" or (block.language == "yaml" and bool(block.name))


def test_the_app_becomes_what_the_page_says(tmp_path: Path) -> None:
    with Reader(tmp_path) as reader:
        for each in filter(_is_of_the_app, BLOCKS):
            reader.follow(each)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("demo")
    with serving("demo", "--size", "s", ready="Ctrl+C", cwd=folder) as server:
        yield server


@pytest.mark.parametrize(("user", "question", "answer"), QUESTIONS)
def test_the_demo_answers_as_the_page_says(demo: Server, user: str, question: str, answer: Any) -> None:
    """The page has the answers of more records: which they are differs, and nothing else."""
    token = next(below.strip() for line, below in pairwise(demo.said) if line.startswith(user))
    status, told = demo.ask(question, Authorization=f"Bearer {token}", Accept_Language="en")
    assert told == answer if "errors" in answer else _shape(told) == _shape(answer), (status, told)


def _shape(value: Any) -> Any:
    """The names in an answer, without its values and without how many there are."""
    match value:
        case dict():
            return {name: _shape(each) for name, each in value.items()}
        case list():
            return _shape(value[0]) if value else None
        case _:
            return ...


def test_a_line_of_a_role_is_one_that_roles_have() -> None:
    (line,) = [each.text.strip() for each in BLOCKS if each.language == "yaml" and not each.name]
    assert line.startswith("wechat: ")
    assert line in (presets_dir() / "expert_b2b" / "roles" / "sales.yaml").read_text(encoding="utf-8")
