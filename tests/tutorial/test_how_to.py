"""docs/how-to.md: every recipe is a layer over its preset that brings no warning, and its stories hold; its
commands say what it says.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.kit import salesmode
from tests.tutorial.page import Reader, blocks

PAGE = Path(__file__).parents[2] / "docs" / "how-to.md"


def _recipes() -> Mapping[str, list[str]]:
    """The recipes by the preset that they are for."""
    found: dict[str, list[str]] = {}
    for each in blocks(PAGE):
        if each.language == "yaml":
            found.setdefault(each.name, []).append(each.text)
    return found


@pytest.mark.parametrize("preset", _recipes())
def test_every_recipe_holds(preset: str, tmp_path: Path) -> None:
    """Each in a layer of its own, so that one document may stand in several."""
    names = [f"recipe_{number}" for number in range(len(_recipes()[preset]))]
    for name, text in zip(names, _recipes()[preset], strict=True):
        _write(tmp_path / name, f"kind: app\nname: {name}\n---\n{text}")
    layers = ", ".join([preset, *(f"./{name}" for name in names)])
    _write(tmp_path, f"kind: app\nname: recipes\nlocales: [en, zh]\nextends: [{layers}]\n")
    stories = re.findall(r"^kind: story\nname: (\w+)$", "\n".join(_recipes()[preset]), re.MULTILINE)
    assert len(stories) == len(names)
    said = salesmode("test", tmp_path, *(f"--story={each}" for each in stories))
    assert (said.code, said.err) == (0, ""), said.out


def test_records_come_in_from_the_files_of_the_page(tmp_path: Path) -> None:
    """The commands are for an app over the preset with all of its recipes."""
    recipes = [text for text in _recipes()["expert_b2b"] if "former_key" in text]
    _write(tmp_path, "\n---\n".join(["kind: app\nname: shop\nextends: expert_b2b\n", *recipes]))
    assert salesmode("apply", tmp_path).code == 0
    with Reader(tmp_path) as reader:
        for each in blocks(PAGE):
            if each.language in ("csv", "console"):
                reader.follow(each)


def _write(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "app.yaml").write_text(text, encoding="utf-8")
