"""`salesmode upgrade`: what an app was built on, what is below it now, and what it says itself."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.kit import Said, salesmode

_PRESET = """
kind: app
name: base
version: "{version}"
---
kind: object
name: shop
fields:
  name: {{type: text, max_length: {length}, label: {label}}}
  size: {{type: choice, options: {options}}}
{more}
"""
OLD = _PRESET.format(
    version="1.0", length=20, label="Name", options="[{name: small}, large]", more="  fax: {type: text}"
)
NEW = _PRESET.format(
    version="1.1",
    length=30,
    label="Title",
    options="[{name: small, label: Little}, large, huge]",
    more="  mail: {type: email}",
)
APP = "kind: app\nname: mine\nextends: ./base\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return lay(tmp_path, {"app.yaml": APP, "base/app.yaml": OLD})


def lay(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def accepted(folder: Path) -> None:
    assert salesmode("upgrade", folder, "--accept").code == 0


def upgraded(folder: Path, own: str = "") -> Said:
    """After the app was built with that text of its own on the old preset, and the new one came."""
    lay(folder, {"own.yaml": own})
    accepted(folder)
    lay(folder, {"base/app.yaml": NEW})
    return salesmode("upgrade", folder)


def section(said: Said, title: str) -> list[str]:
    """The lines of one part of the report."""
    _, _, rest = said.out.partition(f"\n{title}\n")
    return [line.strip() for line in rest.split("\n\n")[0].splitlines()]


def test_changes_of_the_presets_are_listed_with_their_places(app: Path) -> None:
    said = upgraded(app)
    assert said.code == 0
    assert "base 1.0 → 1.1" in said.out.splitlines()[0]
    assert [line.replace(f"{app}/", "") for line in section(said, "Changes below")] == [
        "~ object shop.fields.name.max_length: '20' → '30'  (base/app.yaml:9:22)",
        "~ object shop.fields.name.label: 'Name' → 'Title'  (base/app.yaml:9:38)",
        "+ object shop.fields.size.options.small.label: 'Little'  (base/app.yaml:10:48)",
        "+ object shop.fields.size.options.huge: 'huge'  (base/app.yaml:10:71)",
        "+ object shop.fields.mail  (base/app.yaml:11:10)",
        "- object shop.fields.fax",
    ]
    assert said.out.endswith("6 changes, 0 conflicts; 0 overrides of what did not change.\n")


def test_what_the_app_overrides_of_what_changed_is_a_conflict_at_its_line(app: Path) -> None:
    own = """
kind: object
name: shop
fields:
  name: {label: Shop name, max_length: 30}
  fax: {label: Fax}
  mail: {type: text}
  size: {type: choice, options: [{name: small, label: Tiny}, {name: large, label: Big}]}
"""
    said = upgraded(app, own)
    assert said.code == 1
    assert [line.replace(f"{app}/", "") for line in section(said, "Conflicts")] == [
        "own.yaml:5:10: object shop.fields.name.label: "
        "the app says 'Shop name', and 'Name' has become 'Title'  (base/app.yaml:9:38)",
        "own.yaml:8:48: object shop.fields.size.options.small.label: "
        "the app says 'Tiny', and it is there below now, as 'Little'  (base/app.yaml:10:48)",
        "own.yaml:7:10: object shop.fields.mail.type: "
        "the app says 'text', and it is there below now, as 'email'  (base/app.yaml:11:10)",
        "own.yaml:6:9: object shop.fields.fax: the app says 'Fax' of what is gone below",
    ]
    assert section(said, "No longer needed in the app") == [f"{app}/own.yaml:5:28"]
    assert "0 overrides of what did not change" in said.out


def test_what_the_app_removes_or_replaces_hides_changes(app: Path) -> None:
    own = "kind: object\nname: shop\nfields: {name: {$replace: true, type: text}, size: {$remove: true}}\n"
    assert upgraded(app, own).code == 1
    found = json.loads(salesmode("upgrade", app, "--json").out)
    assert {(each["kind"], each["name"], each["says"]) for each in found["conflicts"]} == {
        ("hidden", "object shop.fields.name.max_length", "$replace"),
        ("hidden", "object shop.fields.name.label", "$replace"),
        ("hidden", "object shop.fields.size.options.small.label", "$remove"),
        ("hidden", "object shop.fields.size.options.huge", "$remove"),
    }


def test_an_app_that_overrides_nothing_that_changed_keeps_what_it_says(app: Path) -> None:
    said = upgraded(
        app, "kind: object\nname: shop\nfields: {size: {label: How large}, extra: {type: text}}\n"
    )
    assert said.code == 0
    assert "Conflicts" not in said.out


def test_accepting_records_what_is_there_and_the_next_look_finds_nothing(app: Path) -> None:
    assert upgraded(app, "kind: object\nname: shop\nfields: {name: {label: Mine}}\n").code == 1
    accepted(app)
    said = salesmode("upgrade", app)
    assert said.code == 0
    assert said.out.endswith("0 changes, 0 conflicts; 1 override of what did not change.\n")


def test_items_may_be_named_by_any_text(app: Path) -> None:
    stage = '{name: talk, tasks: [{subject: "Call / ~visit~ them"}]}'
    text = f"""
kind: pipeline
name: sale
object: shop
stages: [{stage}, {{name: won, closes: won}}, {{name: lost, closes: lost}}]
"""
    lay(app, {"base/sale.yaml": text})
    accepted(app)
    assert "0 changes, 0 conflicts" in salesmode("upgrade", app).out


def test_without_a_record_it_says_how_to_make_one(app: Path) -> None:
    said = salesmode("upgrade", app)
    assert said.code == 0
    assert "salesmode upgrade --accept" in said.err
    assert not (app / "salesmode.lock.json").exists()


def test_an_app_that_is_wrong_on_the_new_presets_is_compared_nevertheless(app: Path) -> None:
    own = "kind: object\nname: shop\nfields: {copy: {type: formula, result: text, expression: fax}}\n"
    assert upgraded(app, own).code == 0
    assert salesmode("validate", app).code == 1


def test_a_record_that_is_none_is_told(app: Path) -> None:
    (app / "salesmode.lock.json").write_text("{}", encoding="utf-8")
    said = salesmode("upgrade", app)
    assert said.code == 1
    assert "salesmode.lock.json cannot be read" in said.err


def test_a_folder_without_an_app_is_at_fault(tmp_path: Path) -> None:
    assert salesmode("upgrade", tmp_path / "nowhere").code == 1


def test_a_new_app_records_what_it_is_built_on(tmp_path: Path) -> None:
    assert salesmode("new", "app", "my_crm", "--preset", "expert_b2b", "--into", tmp_path).code == 0
    said = salesmode("upgrade", tmp_path / "my_crm", "--json")
    found = json.loads(said.out)
    assert said.code == 0
    assert found["versions"]["before"] == found["versions"]["now"]
    assert "expert_b2b" in found["versions"]["now"]
    assert found["changes"] == found["conflicts"] == []
