"""`salesmode new plugin`: a package that pip installs, whose tests pass, and that an app can use."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.cli.kit import salesmode


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that sees what this one has, and can have more."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    (own,) = folder.glob("lib/python*/site-packages")
    (here,) = (each for each in map(Path, sys.path) if each.name == "site-packages")
    (own / "outer.pth").write_text(f"import site; site.addsitedir({str(here)!r})\n", encoding="utf-8")
    return folder / "bin" / "python"


def run(*command: object, cwd: Path) -> str:
    ended = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_it_installs_and_works_as_it_is(python: Path, tmp_path: Path) -> None:
    said = salesmode("new", "plugin", "my_rules", "--into", tmp_path)
    assert (said.code, said.err) == (0, "")
    folder = tmp_path / "my_rules"
    pip = (
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "--disable-pip-version-check",
        "install",
        "--quiet",
    )
    run(*pip, "--no-index", "--no-deps", "--no-build-isolation", folder, cwd=tmp_path)
    assert " passed" in run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=folder)
    command = (python, "-c", "from salesmode.cli import main; main()")
    listed = run(*command, "plugins", tmp_path, cwd=tmp_path)
    assert "my_rules  salesmode-my-rules 0.1.0\n  hooks: metadata_kinds, validate_record\n" in listed
    assert "  kinds: my_rules_limit\n" in listed
    assert "my_rules_limit" in run(*command, "schema", "json", "--app", _app(tmp_path / "app"), cwd=tmp_path)


def _app(folder: Path) -> Path:
    folder.mkdir()
    (folder / "app.yaml").write_text("kind: app\nname: shop\nplugins: [my_rules]\n", encoding="utf-8")
    return folder


def test_its_code_keeps_the_rules_of_ours(tmp_path: Path) -> None:
    assert salesmode("new", "plugin", "my_rules", "--into", tmp_path).code == 0
    folder, bin_ = tmp_path / "my_rules", Path(sys.executable).parent
    options = ("--isolated", "--no-cache", "--line-length", "110")
    run(bin_ / "ruff", "check", *options, "--select", "E,F,I,B,UP,RUF,SIM", ".", cwd=folder)
    run(bin_ / "ruff", "format", "--check", *options, ".", cwd=folder)
    run(bin_ / "mypy", "--strict", "--cache-dir", tmp_path / "cache", "-p", "salesmode_my_rules", cwd=folder)


def test_a_name_that_is_taken_or_is_none_is_refused(tmp_path: Path) -> None:
    for name in ("My-Rules", "routing"):
        said = salesmode("new", "plugin", name, "--into", tmp_path)
        assert said.code == 2
        assert f"'{name}'" in said.err
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").touch()
    assert salesmode("new", "plugin", "there", "--into", tmp_path).code == 2
