"""`salesmode doctor`: one line for each thing that is needed."""

from pathlib import Path

from tests.cli.kit import SECRET, salesmode, shop


def test_everything_is_there(tmp_path: Path, database_url: str) -> None:
    app = shop(tmp_path / "shop")
    salesmode("apply", app, "--database", database_url)
    said = salesmode("doctor", app, "--database", database_url, SALESMODE_SECRET=SECRET)
    assert said.code == 0
    assert {line.split()[0] for line in said.out.splitlines()} == {"ok"}


def test_what_is_still_to_do_is_a_note(tmp_path: Path, database_url: str) -> None:
    said = salesmode("doctor", shop(tmp_path / "shop"), "--database", database_url)
    assert said.code == 0
    notes = [line for line in said.out.splitlines() if line.startswith("note")]
    assert [("SALESMODE_SECRET" in notes[0]), ("salesmode apply" in notes[1])] == [True, True]


def test_what_cannot_work_is_wrong(tmp_path: Path) -> None:
    said = salesmode("doctor", tmp_path)
    assert said.code == 1
    assert f"wrong  app: 1 problem; `salesmode validate {tmp_path}` shows them" in said.out


def test_a_database_that_does_not_answer_is_wrong(tmp_path: Path) -> None:
    said = salesmode("doctor", shop(tmp_path), "--database", "postgresql://127.0.0.1:1/none")
    assert said.code == 1
    assert "wrong  database: PostgreSQL cannot be reached" in said.out
