"""What ships beside the code is found from a checkout and from an installed wheel alike."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from salesmode.resources import presets_dir, schemas_dir

ROOT = Path(__file__).parents[1]
SHOW = "from salesmode.resources import *; print(*presets_dir().rglob('*.*'), *schemas_dir().rglob('*.*'))"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with the content of a wheel, built from a checkout with one file of each kind."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "framework", checkout / "framework", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    for name in ("presets/common/app.yaml", "schemas/app.json", "plugins/salesmode_sample/__init__.py"):
        (checkout / name).parent.mkdir(parents=True)
        (checkout / name).touch()
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=checkout, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    return tmp_path / "installed"


def test_a_checkout_has_them_at_the_top() -> None:
    assert (presets_dir(), schemas_dir()) == (ROOT / "presets", ROOT / "schemas")


def test_a_wheel_has_them_inside_the_package(installed: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    found = subprocess.check_output([sys.executable, "-c", SHOW], env=environment, cwd=installed, text=True)
    data = installed / "salesmode" / "_data"
    assert found.split() == [str(data / "presets/common/app.yaml"), str(data / "schemas/app.json")]


def test_a_wheel_has_the_plugins_beside_the_package(installed: Path) -> None:
    assert (installed / "salesmode_sample" / "__init__.py").is_file()
    assert (installed / "salesmode" / "py.typed").is_file()
