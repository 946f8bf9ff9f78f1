"""The description of the architecture has every room that there is, in the order that the contract keeps."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "framework" / "salesmode"


def described() -> list[str]:
    """The rooms of the table, from the top down."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)


def present() -> set[str]:
    """The rooms on disk."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return folders | {path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"}


def test_every_room_is_described_and_no_other() -> None:
    assert set(described()) == present()


def test_they_stand_in_the_order_of_imports() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = [each.strip("()") for each in settings["tool"]["importlinter"]["contracts"][0]["layers"]]
    contracted = [room for room in described() if room in layers]
    assert contracted == [layer for layer in layers if layer in contracted]


def test_every_room_opens_with_its_four_lines() -> None:
    for init in PACKAGE.glob("*/__init__.py"):
        docstring = init.read_text(encoding="utf-8").split('"""')[1]
        assert all(f"\n{word}:" in docstring for word in ("Takes", "Gives", "Rejects when", "Modules")), init


def test_plugins_import_what_is_meant_for_them() -> None:
    for module in (ROOT / "plugins").glob("salesmode_*/**/*.py"):
        own = module.relative_to(ROOT / "plugins").parts[0]
        for name in imported(module):
            meant = ("salesmode.hookspecs", "salesmode.model", own)
            assert any(f"{name}.".startswith(f"{each}.") for each in meant), f"{module}: {name}"


def imported(module: Path) -> list[str]:
    """What a module imports of the engine and of shipped plugins."""
    text = module.read_text(encoding="utf-8")
    return re.findall(r"^\s*(?:from|import) (salesmode[\w.]*)", text, flags=re.MULTILINE)
