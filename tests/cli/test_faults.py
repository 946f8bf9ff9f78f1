"""What goes wrong outside the metadata: said in words, with an exit code, never with a traceback."""

from pathlib import Path

import pytest

from salesmode.cli import validate
from tests.cli.kit import salesmode, shop


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return shop(tmp_path / "shop")


@pytest.mark.parametrize("url", ["mysql://host/name", "salesmode.db", "sqlite:///", "sqlite://x.db", ""])
def test_an_address_of_no_known_form_is_wrong_usage(app: Path, url: str) -> None:
    for command in ("plan", "apply", "doctor"):
        said = salesmode(command, app, "--database", url)
        assert said.code == 2
        assert "is not the address of a database" in said.err
        assert "sqlite:///PATH" in said.err


def test_a_password_is_not_repeated(app: Path) -> None:
    assert "hidden" not in salesmode("plan", app, "--database", "mysql://user:hidden@host/name").err


def test_a_server_that_does_not_answer(app: Path) -> None:
    said = salesmode("plan", app, "--database", "postgresql://127.0.0.1:1/none")
    assert said.code == 1
    assert "PostgreSQL cannot be reached" in said.err


def test_a_folder_that_is_not_there(app: Path, tmp_path: Path) -> None:
    said = salesmode("plan", app, "--database", f"sqlite:///{tmp_path}/none/x.db")
    assert said.code == 1
    assert "there is no folder" in said.err


def test_a_file_that_is_no_database(app: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to look like one\n" * 100)
    said = salesmode("plan", app, "--database", f"sqlite:///{tmp_path}/notes.txt")
    assert said.code == 1
    assert "notes.txt" in said.err


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = salesmode("new", "app", "my_crm", "--into", tmp_path / "file")
    assert said.code == 1
    assert said.err.startswith(f"error: {tmp_path}/file")


def test_a_mistake_of_ours_is_one_line(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(validate, "compile_app", fail)
    said = salesmode("validate", app)
    assert said.code == 1
    assert said.err.startswith("error: this should not happen: KeyError: 'surprise'\n")
