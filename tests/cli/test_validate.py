"""`salesmode validate`: every problem as the contract's block, or as JSON; exit 0 or 1."""

import json
from pathlib import Path

import pytest

from tests.cli.kit import salesmode, shop

WRONG = """
kind: object
name: product
fields:
  name: {type: text, required: true}
  price: {type: mony}
unique: [[nane]]
"""


def test_a_right_app_is_said_to_be_right(tmp_path: Path) -> None:
    said = salesmode("validate", shop(tmp_path))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("shop 1.0.0 is valid: ")


def test_every_problem_is_a_block_with_its_line_and_a_caret(tmp_path: Path) -> None:
    said = salesmode("validate", shop(tmp_path, product=WRONG))
    assert said.code == 1
    lines = said.out.splitlines()
    first = next(number for number, line in enumerate(lines) if "mony" in line)
    assert lines[first].startswith(f"{tmp_path}/product.yaml:6:17: SM")
    assert lines[first + 1 : first + 3] == ["    price: {type: mony}", "                  ^^^^"]
    assert "hint: did you mean 'money'?" in said.out
    assert f"{tmp_path}/product.yaml:7:11: SM" in said.out
    assert lines[-1] == "2 errors"


def test_json_has_the_same(tmp_path: Path) -> None:
    said = salesmode("validate", shop(tmp_path, product=WRONG), "--json")
    assert said.code == 1
    found = json.loads(said.out)
    assert found["valid"] is False
    places = {(each["file"], each["line"], each["column"]) for each in found["diagnostics"]}
    assert places == {(f"{tmp_path}/product.yaml", 6, 17), (f"{tmp_path}/product.yaml", 7, 11)}
    assert all(each["code"].startswith("SM") for each in found["diagnostics"])
    right = json.loads(salesmode("validate", shop(tmp_path), "--json").out)
    assert right == {"valid": True, "diagnostics": []}


def test_a_warning_is_shown_and_changes_nothing(tmp_path: Path) -> None:
    said = salesmode("validate", shop(tmp_path, empty="# nothing\n"))
    assert said.code == 0
    assert f"{tmp_path}/empty.yaml:1:1: SM111 warning: " in said.out
    assert "1 warning" in said.out


def test_the_current_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop(tmp_path))
    assert salesmode("validate").out.startswith("shop 1.0.0 is valid: ")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    said = salesmode("validate", tmp_path / "none")
    assert said.code == 1
    assert f"{tmp_path}/none:1:1: SM110 there is no folder" in said.out


def test_a_folder_without_an_app(tmp_path: Path) -> None:
    said = salesmode("validate", tmp_path)
    assert said.code == 1
    assert "SM110 there is no document of the kind 'app'" in said.out


@pytest.mark.parametrize("arguments", [("--jsn",), ("one", "two")])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert salesmode("validate", *arguments).code == 2


def test_a_folder_of_several_apps_is_none(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shop(tmp_path / name, product=WRONG)
    said = salesmode("validate", tmp_path)
    assert said.out.splitlines() == [
        f"{tmp_path}:1:1: SM110 there is no app in this folder, and several below it",
        f"  hint: say one of {tmp_path}/one, {tmp_path}/two",
        "",
        "1 error",
    ]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    said = salesmode("validate", shop(tmp_path) / "app.yaml")
    assert f"'{tmp_path}/app.yaml' is a file, and an app is a folder\n  hint: say {tmp_path}\n" in said.out
