"""The order of the rooms is kept by a contract that can fail: every import against the flow is refused."""

import os
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
AGAINST_THE_FLOW = "\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import salesmode.{above}\n"


def rooms() -> list[str]:
    """Every room of the contract, from the top down."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers: list[str] = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return [layer.strip("()") for layer in layers]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package in a checkout of its own, where a room that is not there yet is an empty module."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "framework" / "salesmode"
    shutil.copytree(ROOT / "framework" / "salesmode", package, ignore=shutil.ignore_patterns("__pycache__"))
    for room in rooms():
        source(package, room).touch()
    return package


def source(package: Path, room: str) -> Path:
    folder = package / room
    return folder / "__init__.py" if folder.is_dir() else package / f"{room}.py"


def lint(package: Path) -> subprocess.CompletedProcess[str]:
    checkout = package.parents[1]
    lint_imports = Path(sys.executable).with_name("lint-imports")
    command = [str(lint_imports), "--no-cache", "--config", str(checkout / "pyproject.toml")]
    environment = os.environ | {"PYTHONPATH": str(package.parent), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def test_the_package_keeps_the_order(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


def test_every_import_of_the_room_above_is_refused_even_for_types_alone(copy: Path) -> None:
    for above, below in pairwise(rooms()):
        with source(copy, below).open("a", encoding="utf-8") as module:
            module.write(AGAINST_THE_FLOW.format(above=above))
    result = lint(copy)
    assert result.returncode == 1
    for above, below in pairwise(rooms()):
        assert f"salesmode.{below} -> salesmode.{above} " in result.stdout


def test_a_module_that_belongs_to_no_room_is_refused(copy: Path) -> None:
    (copy / "helpers.py").touch()
    result = lint(copy)
    assert result.returncode == 1
    assert "salesmode.helpers" in result.stdout
