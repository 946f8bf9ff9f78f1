"""`salesmode explain`: the file and line of every part, what it overrode, and who is granted it."""

from pathlib import Path

import pytest

from tests.cli.kit import salesmode, write

APP = "kind: app\nname: my_crm\nextends: expert_b2b\n"
OVERLAY = """\
kind: object
name: customer
fields:
  grade:
    label: {en: Tier}
  loyalty: {type: choice, options: [bold, red]}
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return write(tmp_path, app=APP, customer=OVERLAY)


def test_each_part_has_its_file_and_line(app: Path) -> None:
    said = salesmode("explain", "customer.grade", "--app", app)
    assert said.code == 0
    assert "customer.fields.grade.type: choice\n    presets/expert_b2b/objects/customer.yaml:" in said.out


def test_what_the_app_changed_names_both_places(app: Path) -> None:
    said = salesmode("explain", "customer.grade", "--app", app)
    assert f"customer.fields.grade.label.en: Tier\n    {app}/customer.yaml:5:13 (my_crm)\n" in said.out
    assert "    overrides Price grade of presets/expert_b2b/objects/customer.yaml:" in said.out


def test_brackets_are_shown_and_no_markup(app: Path) -> None:
    said = salesmode("explain", "customer.loyalty", "--app", app)
    assert "customer.fields.loyalty.options: [bold, red]\n" in said.out


def test_a_field_says_which_roles_grant_it_and_where(app: Path) -> None:
    said = salesmode("explain", "customer.wechat", "--app", app)
    assert (
        "role sales: read on some rows, write on some rows, masked\n    presets/expert_b2b/roles/" in said.out
    )
    assert "role finance" not in said.out


def test_it_says_who_may_export_the_records_and_unmask_the_field(app: Path) -> None:
    said = salesmode("explain", "customer.wechat", "--app", app).out
    assert (
        "role sales_manager: unmask on some rows, at most 20 records a day\n    presets/expert_b2b/" in said
    )
    said = salesmode("explain", "customer", "--app", app).out
    assert "role sales_operations: export\n    presets/expert_b2b/roles/sales_operations.yaml:" in said


@pytest.mark.parametrize(("path", "near"), [("custmer", "customer"), ("customer.grad", "grade")])
def test_a_path_to_nothing_is_wrong_usage(app: Path, path: str, near: str) -> None:
    said = salesmode("explain", path, "--app", app)
    assert said.code == 2
    assert f"did you mean '{near}'?" in said.err
