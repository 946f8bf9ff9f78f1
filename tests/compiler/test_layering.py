"""Layers merge by kind and name: the upper says what differs, and nothing is lost in silence."""

from pathlib import Path

import pytest

from salesmode.compiler import compile_app
from salesmode.model.app import App
from salesmode.model.condition import Compare, Literal
from tests.compiler.apps import compiled, merged, told

SHOP = "kind: object\nname: shop\n"
GRADED = (
    SHOP
    + "fields:\n  name: {type: text, max_length: 20}\n"
    + "  grade: {type: choice, options: [a, {name: b, label: B}, c]}\n"
)
ROLE = "---\nkind: role\nname: clerk\nobjects:\n  shop:\n"


def test_mappings_merge_by_key(tmp_path: Path) -> None:
    shop = merged(
        tmp_path, GRADED, SHOP + "owned: true\nfields:\n  name: {label: Name}\n  phone: {type: phone}\n"
    )
    assert shop.data["owned"] is True
    assert shop.data["fields"]["name"] == {"type": "text", "max_length": 20, "label": "Name"}
    assert [*shop.data["fields"]] == ["name", "grade", "phone"]


def test_each_part_keeps_the_place_it_came_from(tmp_path: Path) -> None:
    shop = merged(tmp_path, GRADED, SHOP + "fields:\n  name: {label: Name}\n")
    assert shop.keys["fields", "name", "type"].file.endswith("layer0/rest.yaml")
    assert shop.keys["fields", "name", "label"].file.endswith("layer1/rest.yaml")
    assert shop.place(("fields", "name")).file.endswith("layer0/rest.yaml")


def test_named_lists_merge_by_name_and_keep_their_order(tmp_path: Path) -> None:
    upper = SHOP + "fields:\n  grade: {options: [d, {name: a, label: A}, b]}\n"
    options = merged(tmp_path, GRADED, upper).data["fields"]["grade"]["options"]
    assert options == [{"name": "a", "label": "A"}, {"name": "b", "label": "B"}, "c", "d"]


def test_places_of_a_named_list_follow_its_items(tmp_path: Path) -> None:
    upper = (
        SHOP
        + "fields:\n  grade:\n    options:\n      - {name: z, $after: null}\n      - {name: b, label: Bee}\n"
    )
    shop = merged(tmp_path, GRADED, upper)
    path = ("fields", "grade", "options")
    assert [
        str(each.get("name", each)) if isinstance(each, dict) else each
        for each in shop.data["fields"]["grade"]["options"]
    ] == ["z", "a", "b", "c"]
    assert shop.values[(*path, 0, "name")].file.endswith("layer1/rest.yaml")
    assert shop.values[(*path, 1)].file.endswith("layer0/rest.yaml")
    assert shop.values[(*path, 2, "label")].file.endswith("layer1/rest.yaml")


def test_an_item_can_be_placed_removed_and_replaced(tmp_path: Path) -> None:
    upper = """fields:
  grade:
    options:
      - {name: x, $after: a}
      - {name: b, $replace: true, value: bee}
      - {name: c, $remove: true}
      - {name: a, $after: b}
"""
    options = merged(tmp_path, GRADED, SHOP + upper).data["fields"]["grade"]["options"]
    assert options == [{"name": "x"}, {"name": "b", "value": "bee"}, {"name": "a"}]


def test_an_app_changes_single_items_of_a_queue(tmp_path: Path) -> None:
    queue = "---\nkind: queue\nname: today\n"
    lower = "object: shop\nitems:\n  - {name: a, priority: 1}\n  - {name: b, where: {name: x}}\n"
    upper = "items:\n  - {name: b, priority: 9}\n  - {name: a, $remove: true}\n  - {name: c}\n"
    queues = compiled(tmp_path, GRADED + queue + lower, queue.removeprefix("---\n") + upper).model.queues
    items = queues["today"].items
    assert [(each.name, each.priority) for each in items] == [("b", 9), ("c", 0)]
    assert items[0].where == Compare("name", "eq", Literal("x"))


def test_fields_can_be_placed_removed_and_replaced(tmp_path: Path) -> None:
    upper = """fields:
  first: {type: text, $after: null}
  name: {$remove: true}
  grade: {type: choice, $replace: true, open: true}
"""
    fields = merged(tmp_path, GRADED, SHOP + upper).data["fields"]
    assert fields == {"first": {"type": "text"}, "grade": {"type": "choice", "open": True}}
    assert [*fields] == ["first", "grade"]


def test_unnamed_lists_are_replaced_or_added_to(tmp_path: Path) -> None:
    lower = GRADED + "groups: {one: [name], two: [name]}\nindexes: [[name]]\n"
    upper = SHOP + "groups: {one: [grade], two: {$add: [name, grade]}}\nindexes: {$add: [[grade, name]]}\n"
    shop = merged(tmp_path, lower, upper)
    assert shop.data["groups"] == {"one": ["grade"], "two": ["name", "grade"]}
    assert shop.data["indexes"] == [["name"], ["grade", "name"]]
    assert shop.values["indexes", 1, 0].file.endswith("layer1/rest.yaml")


def test_what_a_stage_requires_is_added_to(tmp_path: Path) -> None:
    stages = "kind: pipeline\nname: deal\nstages:\n  - name: won\n    entry: {required: "
    lower = GRADED + "---\n" + stages + "[name]}\n    closes: won\n  - {name: open}\nobject: shop\n"
    upper = stages + "{$add: [{fields: [grade], when: {grade: a}}]}}\n"
    deal = merged(tmp_path, lower, upper, kind="pipeline", name="deal")
    assert deal.data["stages"][0]["entry"]["required"] == [
        "name",
        {"fields": ["grade"], "when": {"grade": "a"}},
    ]


def test_adding_to_nothing_is_a_list(tmp_path: Path) -> None:
    assert merged(tmp_path, GRADED + "groups: {all: {$add: [name]}}\n").data["groups"] == {"all": ["name"]}


def test_a_condition_replaces_the_one_below_as_a_whole(tmp_path: Path) -> None:
    """Merged by key they would be and-ed: a right that nobody wrote."""
    lower = GRADED + ROLE + "    read: {where: {name: x}}\n    fields: {default: read}\n"
    upper = ROLE + "    read: {where: {grade: a}}\n"
    role = merged(tmp_path, lower, upper, kind="role", name="clerk")
    assert role.data["objects"]["shop"] == {"read": {"where": {"grade": "a"}}, "fields": {"default": "read"}}


def test_fields_named_like_keywords_merge_like_other_fields(tmp_path: Path) -> None:
    lower = SHOP + "fields:\n  mask: {type: text, max_length: 5}\n  when: {type: date}\n"
    fields = merged(tmp_path, lower, SHOP + "fields:\n  mask: {label: Mask}\n  when: {label: When}\n").data[
        "fields"
    ]
    assert fields == {
        "mask": {"type": "text", "max_length": 5, "label": "Mask"},
        "when": {"type": "date", "label": "When"},
    }


def test_another_shape_replaces_the_value_below(tmp_path: Path) -> None:
    lower = GRADED + ROLE + "    read: true\n    fields: {name: read}\n"
    upper = ROLE + "    read: {where: {grade: a}}\n    fields: {name: {read: masked}}\n"
    shop = merged(tmp_path, lower, upper, kind="role", name="clerk").data["objects"]["shop"]
    assert shop == {"read": {"where": {"grade": "a"}}, "fields": {"name": {"read": "masked"}}}


def test_documents_can_be_removed_and_replaced(tmp_path: Path) -> None:
    lower = GRADED + "---\nkind: object\nname: store\n"
    upper = (
        "kind: object\nname: store\n$remove: true\n---\n"
        + SHOP
        + "$replace: true\nfields: {town: {type: text}}\n"
    )
    app = compiled(tmp_path, lower, upper)
    assert "store" not in app.model.objects
    assert [name for name, field in app.model.objects["shop"].fields.items() if not field.system] == ["town"]


def test_three_layers_merge_in_turn(tmp_path: Path) -> None:
    middle = SHOP + "fields:\n  name: {max_length: 30}\n  grade: {options: [d]}\n"
    top = SHOP + "fields:\n  name: {label: N}\n  grade: {options: [{name: d, label: D}]}\n"
    shop = merged(tmp_path, GRADED, middle, top)
    assert shop.data["fields"]["name"] == {"type": "text", "max_length": 30, "label": "N"}
    assert shop.data["fields"]["grade"]["options"][-1] == {"name": "d", "label": "D"}


def test_an_app_takes_the_settings_of_what_it_extends_but_not_its_name(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "app.yaml").write_text(
        "kind: app\nname: base\nversion: '2'\nlabel: Base\ncurrency: JPY\nlocales: [zh]\n"
    )
    (tmp_path / "app.yaml").write_text("kind: app\nname: mine\nextends: ./base\nlocales: [en, zh]\n")
    app = compile_here(tmp_path)
    assert (app.name, app.version, app.label.text("en")) == ("mine", "0", "Mine")
    assert (app.currency, app.locales) == ("JPY", ("en", "zh"))


def compile_here(folder: Path) -> App:

    return compile_app(folder).model.app


def test_of_several_extended_the_later_wins_and_each_counts_once(tmp_path: Path) -> None:
    for name, size, below in (
        ("root", 1, ""),
        ("one", 2, "extends: ../root\n"),
        ("two", 3, "extends: ../root\n"),
    ):
        (tmp_path / name).mkdir()
        fields = f"fields:\n  name: {{type: text, max_length: {size}}}\n  {name}: {{type: text}}\n"
        text = f"kind: app\nname: {name}\n{below}---\n{SHOP}{fields}"
        (tmp_path / name / "app.yaml").write_text(text)
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / "app.yaml").write_text("kind: app\nname: top\nextends: [../one, ../two]\n")

    fields = compile_app(tmp_path / "top").model.objects["shop"].fields
    assert fields["name"].max_length == 3
    assert [name for name, field in fields.items() if not field.system] == ["name", "root", "one", "two"]


@pytest.mark.parametrize(
    ("upper", "expected"),
    [
        ("fields:\n  name: {type: long_text}\n", "SM405 the type of 'name' cannot change"),
        ("fields:\n  name: {type: date, $replace: true}\n", "SM405 the type of 'name' cannot change"),
        (
            "fields:\n  nam: {$remove: true}\n",
            "SM404 'nam' cannot be removed: no layer below 'layer1' has it",
        ),
        (
            "fields:\n  grade: {options: [{name: z, $remove: true}]}\n",
            "SM404 'z' cannot be removed: no layer below 'layer1' has it",
        ),
        ("fields:\n  grade: {options: [{name: a, $after: z}]}\n", "SM406 there is no 'z' to stand after"),
        ("fields:\n  grade: {options: [{name: a, $after: a}]}\n", "SM406 there is no 'a' to stand after"),
        ("fields:\n  grade: {options: [z, z]}\n", "SM403 'z' stands twice in the list"),
    ],
)
def test_what_cannot_be_merged_is_told(upper: str, expected: str, tmp_path: Path) -> None:
    assert told(tmp_path, GRADED, SHOP + upper) == [expected]


def test_what_is_removed_and_still_used_is_told_at_both_places(tmp_path: Path) -> None:
    lower = GRADED + "title: name\n"
    upper = SHOP + "fields:\n  name: {$remove: true}\n"
    assert told(tmp_path, lower, upper) == [
        "SM302 unknown field 'name'",
        "SM407 'name' is removed here and still used",
    ]
