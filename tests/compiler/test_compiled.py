"""The stages together: what a right app gives, that nothing breaks the compiler, and how fast it is."""

import copy
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from salesmode.compiler import compile_app, compile_texts
from salesmode.diagnostics import MetadataError
from salesmode.resources import presets_dir

APP = "kind: app\nname: shop_app\n"
WHOLE = """
kind: object
name: shop
label: {en: Shop, zh: 商店}
title: "{name} {code}"
owned: true
activities: true
groups: {money: [revenue, cost]}
fields:
  name: {type: text, required: true, max_length: 20, unique: true}
  code: {type: auto_number, format: "S-{0000}"}
  parent: {type: reference, to: shop, inverse: {name: branches, label: Branches}, tree: true}
  revenue: {type: money, min: 0}
  cost: {type: decimal, scale: 3, default: 1.50}
  grade: {type: choice, options: {from: grades}, required: {when: {revenue: {gt: 5}}}}
  kind: {type: choice, options: [{name: a, when: {grade: x}}, b], default: b}
  phone: {type: phone, mask: last4}
  opened: {type: date, default: $today}
unique: [[name, grade], {fields: [code], fold: true}]
indexes: [[grade, opened]]
validations:
  - {name: rich, when: {grade: [x, y]}, must: {or: [{revenue: {gte: 9}}, {parent: {name: z}}]}, message: R}
---
kind: option_set
name: grades
options: [x, {name: y, label: Y}]
---
kind: role
name: clerk
objects:
  shop:
    read: {where: {owner: $user.id}}
    create: {set: {owner: $user.id}}
    update: {where: {branches: {some: {grade: x}}}, check: {grade: {ne: y}}}
    fields:
      default: write
      groups: {money: read}
      phone: {read: {where: {owner: $user.id}}, mask: {partial: [2, 2]}, write: true}
---
kind: role
name: boss
inherits: [clerk]
objects:
  shop: {read: true, delete: true, fields: {default: read}}
---
kind: user_data
name: first
object: shop
by: [name]
records: [{name: one, revenue: 12, opened: 2026-01-31}]
"""


def test_an_app_becomes_a_model() -> None:
    compiled = compile_texts({"app.yaml": APP, "shop.yaml": WHOLE})
    shop = compiled.model.objects["shop"]
    assert compiled.warnings == ()
    assert (shop.plural, shop.title, shop.label.text("zh")) == ("shops", "{name} {code}", "商店")
    assert {*shop.inverses} >= {"branches", "activities", "tasks"}
    assert {"user", "team", "territory", "activity", "task"} < {*compiled.model.objects}
    assert shop.fields["name"].span.file == "shop.yaml"


def test_folder_and_texts_give_the_same_model(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(APP)
    (tmp_path / "shop.yaml").write_text(WHOLE)
    texts = compile_texts({"app.yaml": APP, "shop.yaml": WHOLE})
    assert compile_app(tmp_path).model.version == texts.model.version


@pytest.mark.parametrize(
    "preset", [path.name for path in sorted(presets_dir().iterdir()) if (path / "app.yaml").is_file()]
)
def test_every_preset_compiles_without_a_warning(preset: str) -> None:
    assert compile_texts({"app.yaml": f"{APP}extends: {preset}\n"}).warnings == ()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MetadataError) as raised:
        compile_app(tmp_path / "nowhere")
    assert [each.code for each in raised.value.diagnostics] == ["SM110"]


def parts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every part of plain data."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from parts(each, (*path, key))


DOCUMENTS: list[Any] = [*yaml.load_all(WHOLE, Loader=yaml.BaseLoader)]
PARTS = [*parts(DOCUMENTS)]
WRONG: list[Any] = [
    None,
    "",
    "x",
    "nothing_like_it",
    "$user.x",
    "$row.name",
    5,
    -1,
    "1.5",
    True,
    [],
    ["x"],
    [[]],
    {},
    {"x": "y"},
]


@settings(max_examples=75)
@given(st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from(WRONG)), min_size=1, max_size=3))
def test_a_part_replaced_by_anything_is_refused_or_right(
    changes: list[tuple[tuple[str | int, ...], Any]],
) -> None:
    """Whatever is wrong comes as diagnostics, never as another exception."""
    documents = copy.deepcopy(DOCUMENTS)
    for path, value in changes:
        holder: Any = documents
        try:
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    text = yaml.safe_dump_all(documents, allow_unicode=True)
    try:
        compile_texts({"app.yaml": APP, "shop.yaml": text})
    except MetadataError as error:
        told = str(error)
    else:
        told = "right"
    assert told


@pytest.mark.parametrize("path", PARTS, ids=lambda path: ".".join(map(str, path)))
def test_a_part_left_out_is_refused_or_right(path: tuple[str | int, ...]) -> None:
    documents = copy.deepcopy(DOCUMENTS)
    holder: Any = documents
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    try:
        compile_texts({"app.yaml": APP, "shop.yaml": yaml.safe_dump_all(documents, allow_unicode=True)})
    except MetadataError as error:
        told = str(error)
    else:
        told = "right"
    assert told


def large() -> dict[str, str]:
    """300 objects of 20 fields, and 3 roles that grant on each of them."""
    field = (
        "  field_{0}: {{type: text, required: {1}, max_length: 200, label: {{en: Field {0}, zh: 字段}}}}\n"
    )
    fields = "".join(field.format(number, str(number == 1).lower()) for number in range(20))
    objects = (f"---\nkind: object\nname: thing_{number}\nfields:\n{fields}" for number in range(300))
    rights = "    read: {{where: {{field_1: $user.name}}}}\n    create: true\n    update: true\n"
    grant = f"  thing_{{}}:\n{rights}    fields: {{{{default: write, field_2: none}}}}\n"
    grants = "".join(grant.format(number) for number in range(300))
    roles = (f"---\nkind: role\nname: role_{number}\nobjects:\n{grants}" for number in range(3))
    return {"app.yaml": APP, "objects.yaml": "".join(objects), "roles.yaml": "".join(roles)}


@pytest.mark.parametrize(
    "wrong",
    [
        "fields:\n" + "".join(f"  field_{number}: {{tpye: text, labl: x}}\n" for number in range(20_000)),
        "fields: {f: {type: choice, options: ["
        + ", ".join(f"o{number % 9999}" for number in range(20_000))
        + "]}}",
        "indexes: [[" + ", ".join(f"f{number}" for number in range(20_000)) + "]]",
        "groups: {all: {$add: [" + ", ".join(f"f{number}" for number in range(20_000)) + "]}}",
        "\n".join(f"wrong_key_{number}: x" for number in range(20_000)),
    ],
    ids=["fields", "options", "index", "group", "keys"],
)
def test_many_mistakes_are_told_soon(wrong: str) -> None:
    """A thousand of them; more than that nobody reads."""
    started = time.process_time()
    with pytest.raises(MetadataError) as raised:
        compile_texts({"app.yaml": APP, "shop.yaml": f"kind: object\nname: shop\n{wrong}\n"})
    assert len(str(raised.value)) > 1000
    assert len(raised.value.diagnostics) <= 1001
    assert time.process_time() - started < 20


def test_a_large_app_compiles_in_seconds_and_little_memory(tmp_path: Path) -> None:
    """The bounds are far above what it takes, and far below what anything quadratic would.

    The peak is the kernel's for this program alone: `ru_maxrss` is handed on from the process that starts it.
    """
    for name, text in large().items():
        (tmp_path / name).write_text(text)
    program = (
        "import pathlib, re, time, salesmode.compiler\n"
        "salesmode.compiler.compile_app(pathlib.Path())\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text())\n"
        "print(time.process_time(), int(peak[1]) / 1024)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    seconds, megabytes = map(float, run.stdout.split())
    assert seconds < 20
    assert megabytes < 500
