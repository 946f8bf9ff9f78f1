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
    shutil.copytree(ROOT / "plugins", tmp_path / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    return package


def source(package: Path, room: str) -> Path:
    folder = package / room
    return folder / "__init__.py" if folder.is_dir() else package / f"{room}.py"


def lint(package: Path) -> subprocess.CompletedProcess[str]:
    checkout = package.parents[1]
    lint_imports = Path(sys.executable).with_name("lint-imports")
    command = [str(lint_imports), "--no-cache", "--config", str(checkout / "pyproject.toml")]
    sources = os.pathsep.join([str(package.parent), str(checkout / "plugins")])
    environment = os.environ | {"PYTHONPATH": sources, "NO_COLOR": "1", "COLUMNS": "200"}
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


def test_a_plugin_that_reaches_into_the_engine_is_refused(copy: Path) -> None:
    closed = {*rooms()} - {"hookspecs", "model"}
    for plugin in plugins():
        with source(copy.parents[1] / "plugins", plugin).open("a", encoding="utf-8") as module:
            module.writelines(AGAINST_THE_FLOW.format(above=room) for room in closed)
    result = lint(copy)
    assert result.returncode == 1
    for plugin in plugins():
        for room in closed:
            assert f"{plugin} is not allowed to import salesmode.{room}" in result.stdout


def test_plugins_that_know_each_other_are_refused(copy: Path) -> None:
    first, second, *_ = plugins()
    with source(copy.parents[1] / "plugins", first).open("a", encoding="utf-8") as module:
        module.write(f"import {second}\n")
    result = lint(copy)
    assert result.returncode == 1
    assert f"{first} is not allowed to import {second}" in result.stdout


def test_every_shipped_plugin_is_in_the_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    _, forbidden, independent = settings["tool"]["importlinter"]["contracts"]
    assert settings["tool"]["importlinter"]["root_packages"] == ["salesmode", *plugins()]
    assert forbidden["source_modules"] == independent["modules"] == plugins()
    entries = settings["project"]["entry-points"]["salesmode"]
    assert sorted(f"salesmode_{each}" for each in entries) == plugins()


def plugins() -> list[str]:
    """The packages of the shipped plugins."""
    return sorted(path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py"))
