"""`explain` says where each part comes from, and what it overrode."""

from pathlib import Path

import pytest

from salesmode.compiler import explain
from salesmode.compiler.provenance import UnknownPath
from tests.compiler.apps import compiled

LOWER = """kind: object
name: shop
fields:
  name: {type: text, max_length: 20}
  grade: {type: choice, options: [{name: a, label: A}, b]}
  town: {type: text}
---
kind: role
name: clerk
objects:
  shop: {read: true, fields: {name: read}}
"""
UPPER = """kind: object
name: shop
fields:
  name: {max_length: 30}
  grade: {options: [{name: a, label: Best}]}
  town: {$remove: true}
"""


def explained(folder: Path, path: str) -> list[str]:
    """Each origin with the folder of the test left out."""
    origins = explain(compiled(folder, LOWER, UPPER).layered, path)
    return [str(each).replace(f"{folder}/", "").replace("layer1/../", "") for each in origins]


def test_each_part_has_its_place_and_layer(tmp_path: Path) -> None:
    assert explained(tmp_path, "shop.name") == [
        "shop.fields.name.type: text\n    layer0/rest.yaml:4:10 (layer0)",
        "shop.fields.name.max_length: 30\n    layer1/rest.yaml:4:10 (layer1)\n"
        "    overrides 20 of layer0/rest.yaml:4:34 (layer0)",
    ]


def test_items_of_named_lists_are_parts_of_their_own(tmp_path: Path) -> None:
    assert explained(tmp_path, "shop.grade.a.label") == [
        "shop.fields.grade.options.a.label: Best\n    layer1/rest.yaml:5:31 (layer1)\n"
        "    overrides A of layer0/rest.yaml:5:52 (layer0)"
    ]


def test_what_was_removed_is_told_too(tmp_path: Path) -> None:
    (removed,) = (each for each in explained(tmp_path, "shop") if "removed" in each)
    assert removed == (
        "shop.fields.town: (removed)\n    layer0/rest.yaml:6:9 (layer0)\n"
        "    overrides {type: text} of layer0/rest.yaml:6:9 (layer0)"
    )


@pytest.mark.parametrize("path", ["clerk.shop.name", "role.clerk.objects.shop.fields.name"])
def test_a_role_is_explained_by_object_and_field(path: str, tmp_path: Path) -> None:
    assert explained(tmp_path, path) == [
        "clerk.objects.shop.fields.name: read\n    layer0/rest.yaml:11:31 (layer0)"
    ]


def test_core_is_a_layer(tmp_path: Path) -> None:
    assert explained(tmp_path, "user.name.unique") == [
        "user.fields.name.unique: true\n    presets/core/user.yaml:13:5 (core)"
    ]


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("shp", "nothing is named 'shp'", "did you mean 'shop'?"),
        ("shop.nme", "'shop' has no 'nme'", "did you mean 'name'?"),
        ("shop.name.max", "'shop.fields.name' has no 'max'", None),
        ("shop.name.type.x", "'shop.fields.name.type' has no 'x'", None),
    ],
)
def test_a_path_that_leads_nowhere_is_told(path: str, message: str, hint: str | None, tmp_path: Path) -> None:
    with pytest.raises(UnknownPath) as raised:
        explained(tmp_path, path)
    assert (raised.value.message, raised.value.hint) == (message, hint)
