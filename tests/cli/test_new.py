"""`salesmode new app`: a small app that validates, on every preset and on none."""

from pathlib import Path

import pytest

from salesmode.compiler.compiled import compile_app
from salesmode.compiler.layers import preset_names
from tests.cli.kit import salesmode


@pytest.mark.parametrize("preset", preset_names())
def test_an_app_on_a_preset_validates_without_a_warning(tmp_path: Path, preset: str) -> None:
    said = salesmode("new", "app", "my_crm", "--preset", preset, "--into", tmp_path)
    assert (said.code, said.err) == (0, "")
    made = compile_app(tmp_path / "my_crm")
    assert made.warnings == ()
    assert made.model.app.name == "my_crm"
    assert "supplier" in made.model.objects
    assert "supplier" in made.model.roles["employee"].objects


def test_an_app_on_no_preset_validates(tmp_path: Path) -> None:
    assert salesmode("new", "app", "my_crm", "--into", tmp_path).code == 0
    assert compile_app(tmp_path / "my_crm").warnings == ()


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    lines = salesmode("new", "app", "my_crm", "--into", tmp_path).out.splitlines()
    assert all(Path(line).is_file() for line in lines[:-1])
    assert lines[-1] == f"Next: salesmode validate {tmp_path}/my_crm"


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "my_crm").mkdir()
    (tmp_path / "my_crm" / "app.yaml").write_text("mine")
    said = salesmode("new", "app", "my_crm", "--into", tmp_path)
    assert said.code == 2
    assert (tmp_path / "my_crm" / "app.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["My_crm", "1crm", "my-crm", "../crm", "crm_", ""])
def test_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    assert salesmode("new", "app", name, "--into", tmp_path).code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_preset_that_is_not_there(tmp_path: Path) -> None:
    said = salesmode("new", "app", "my_crm", "--preset", "expert_b2c", "--into", tmp_path)
    assert said.code == 2
    assert "did you mean 'expert_b2b'?" in said.err
    assert list(tmp_path.iterdir()) == []


def test_an_object_is_written_into_the_app_and_validates(tmp_path: Path) -> None:
    assert salesmode("new", "app", "my_crm", "--into", tmp_path).code == 0
    folder = tmp_path / "my_crm"
    said = salesmode("new", "object", "price_list", "--app", folder)
    assert said.code == 0
    assert said.out.splitlines()[0] == str(folder / "objects" / "price_list.yaml")
    made = compile_app(folder)
    assert made.warnings == ()
    assert made.model.objects["price_list"].label.texts == {"en": "Price list"}


def test_an_object_that_the_app_has_is_not_written_again(tmp_path: Path) -> None:
    assert salesmode("new", "app", "my_crm", "--into", tmp_path).code == 0
    for name in ("supplier", "user", "Price-List"):
        said = salesmode("new", "object", name, "--app", tmp_path / "my_crm")
        assert said.code == 2
        assert f"'{name}'" in said.err
    (tmp_path / "my_crm" / "objects" / "wish.yaml").touch()
    assert salesmode("new", "object", "wish", "--app", tmp_path / "my_crm").code == 2
