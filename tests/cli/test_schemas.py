"""The printed JSON Schemas take what the validator takes, and mark names that an app does not have."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from salesmode.cli import main
from salesmode.cli.schema_editor import editor_schema
from salesmode.compiler import compile_app
from salesmode.compiler.loader import load
from salesmode.diagnostics import Collector
from salesmode.hookspecs import MetadataKind, hookimpl
from salesmode.resources import presets_dir
from tests.support.plugged import plugged

PRESET = presets_dir() / "expert_b2b"


def documents(folder: Path) -> list[Any]:
    texts = {str(path): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))}
    return [each.data for each in load(texts, Collector())]


def of_kind(kind: str) -> Any:
    return next(deepcopy(each) for each in documents(PRESET) if each["kind"] == kind)


@pytest.fixture(scope="module")
def editor() -> Draft202012Validator:
    schema = editor_schema(compile_app(PRESET))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def said(validator: Draft202012Validator, document: Any) -> list[str]:
    return [f"{each.json_path}: {each.message}" for each in validator.iter_errors(document)]


@pytest.mark.parametrize("layer", ["core", "common", "expert_b2b"])
def test_the_editors_schema_takes_the_presets(editor: Draft202012Validator, layer: str) -> None:
    for each in documents(presets_dir() / layer):
        assert said(editor, each) == []


def test_it_marks_an_object_that_is_not_there(editor: Draft202012Validator) -> None:
    role = of_kind("role")
    role["objects"]["custommer"] = {"read": True}
    assert any("custommer" in each for each in said(editor, role))


def test_it_marks_a_field_in_a_grant_and_in_a_condition(editor: Draft202012Validator) -> None:
    role = of_kind("role")
    role["objects"]["customer"] = {"read": {"where": {"ownr": "$user.id"}}, "fields": {"nmae": "read"}}
    found = said(editor, role)
    assert any("ownr" in each for each in found)
    assert any("nmae" in each for each in found)


def test_it_marks_a_target_an_inherited_role_and_a_kind(editor: Draft202012Validator) -> None:
    described = of_kind("object")
    described["fields"]["other"] = {"type": "reference", "to": "custommer"}
    assert any("custommer" in each for each in said(editor, described))
    assert said(editor, {"kind": "role", "name": "x", "inherits": ["employe"], "objects": {}})
    assert said(editor, {"kind": "objekt", "name": "x"})


def test_the_published_schema_of_a_kind_stands_alone() -> None:
    result = CliRunner().invoke(main, ["schema", "json", "role"])
    assert result.exit_code == 0
    validator = Draft202012Validator(json.loads(result.stdout))
    assert said(validator, of_kind("role")) == []
    assert said(validator, {"kind": "role", "name": "x", "objets": {}})
    assert said(validator, of_kind("object"))


def test_numbers_are_taken_as_text_where_text_is_meant(editor: Draft202012Validator) -> None:
    assert said(editor, {"kind": "object", "name": "x", "label": {"en": "X"}, "description": 135}) == []
    assert said(editor, {"kind": "object", "name": 135})


def test_an_unknown_kind_is_wrong_usage_with_a_near_one() -> None:
    result = CliRunner().invoke(main, ["schema", "json", "roel"])
    assert result.exit_code == 2
    assert "did you mean 'role'?" in result.stderr


def test_the_editors_schema_is_written_with_the_line_that_names_it(tmp_path: Path) -> None:
    target = tmp_path / "schema.json"
    result = CliRunner().invoke(main, ["schema", "editor", str(PRESET), "-o", str(target)])
    assert result.exit_code == 0
    assert f"# yaml-language-server: $schema={target.resolve().as_uri()}" in result.stderr
    assert json.loads(target.read_text())["properties"]["kind"]["enum"]


def test_it_completes_what_plugins_bring(tmp_path: Path) -> None:
    wait = {"$ref": "#/$defs/span", "description": "How long."}
    span = {"type": "string", "description": "A time."}
    schema = {"required": ["wait"], "properties": {"wait": wait}, "$defs": {"span": span}}
    kind = MetadataKind(
        name="gift",
        schema={"properties": schema["properties"], "$defs": schema["$defs"]},
        build=lambda reader: reader.name,
    )

    class Plugin:
        @hookimpl
        def settings_schema(self) -> Any:
            return schema

        @hookimpl
        def metadata_kinds(self) -> Any:
            return [kind]

    text = "kind: app\nname: a\nplugins: [gifts]\n---\nkind: settings\nname: gifts\nvalues: {wait: 1d}\n"
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    with plugged(gifts=Plugin()):
        made = Draft202012Validator(editor_schema(compile_app(tmp_path)))
    settings, gift = {"kind": "settings", "name": "gifts"}, {"kind": "gift", "name": "one"}
    for right in ({"wait": "1d"}, {"wait": {"env": "WAIT"}}, {}):
        assert said(made, {**settings, "values": right}) == []
    assert said(made, {**gift, "wait": "1d", "$remove": True}) == []
    assert said(made, {**settings, "values": {"wiat": "1d"}})
    assert said(made, {**settings, "values": {"wait": [1]}})
    assert said(made, {**gift, "wait": [1]})
