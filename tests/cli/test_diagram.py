"""The diagram of a small app, character by character."""

from pathlib import Path

from salesmode.cli.diagram import entity_relationships
from salesmode.cli.diagram_pipeline import stage_diagram
from salesmode.compiler import compile_app, compile_texts
from salesmode.resources import presets_dir
from tests.cli.kit import salesmode, write

TEXT = """
kind: app
name: shop
locales: [en, zh]
---
kind: object
name: shop
label: {en: 'A "shop"', zh: 店}
fields:
  code: {type: text, required: true, unique: true, label: {en: Code, zh: 编号}}
  parent: {type: reference, to: shop, inverse: branches}
---
kind: object
name: item
fields:
  price: {type: money}
  shop: {type: reference, to: shop, required: true, inverse: items, label: {en: Sold in, zh: 所属店}}
---
kind: object
name: note
fields:
  item: {type: reference, to: item}
  readers: {type: multi_reference, to: item}
"""
MODEL = compile_texts({"app.yaml": TEXT}).model

SHOPS = """
erDiagram
    shop["A #quot;shop#quot;"] {
        text code UK "Code"
    }
    item["Item"]
    shop |o--o{ shop : "parent / branches (Parent)"
    shop ||--o{ item : "shop / items (Sold in)"
"""


def drawn(*names: str, locale: str = "en") -> list[str]:
    return list(entity_relationships(MODEL, names, locale))


def test_an_object_and_its_neighbours() -> None:
    assert "\n".join(["", *drawn("shop"), ""]) == SHOPS


def test_labels_are_in_the_language_that_was_asked_for() -> None:
    assert '    shop["店"] {' in drawn(locale="zh")
    assert '    shop ||--o{ item : "shop / items (所属店)"' in drawn(locale="zh")


def test_a_list_of_references_is_many_on_both_sides() -> None:
    assert '    item }o--o{ note : "readers (Readers)"' in drawn()


def test_everything_is_drawn_unless_told() -> None:
    assert {
        each for each in MODEL.objects if any(line.startswith(f"    {each}[") for line in drawn())
    } == set(MODEL.objects)


DEALS = compile_texts(
    {
        "app.yaml": """
kind: app
name: deals
locales: [en, zh]
---
kind: object
name: deal
fields: {customised: {type: boolean}}
---
kind: pipeline
name: direct
object: deal
label: 'Direct: ours'
reopen: true
stages:
  - {name: qualify, label: {en: Qualify, zh: 立项}, probability: 10}
  - {name: engineering, when: {customised: true}, back: true}
  - {name: offer, probability: 40.5, next: [won, qualify, lost]}
  - {name: signing, back: true}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: renewal
object: deal
granularity: simple
"""
    }
).model

DIRECT = """
---
title: Direct#58; ours
---
stateDiagram-v2
    state "Qualify (10 %)" as qualify
    state "Engineering (0 %)" as engineering
    state "Offer (40.5 %)" as offer
    state "Signing (0 %)" as signing
    state "Won (100 %)" as won
    state "Lost (0 %)" as lost
    [*] --> qualify
    qualify --> engineering : customised = true
    qualify --> offer : not (customised = true)
    qualify --> lost
    engineering --> qualify : back
    engineering --> offer
    engineering --> lost
    offer --> qualify : back
    offer --> won
    offer --> lost
    signing --> offer : back
    signing --> won
    signing --> lost
    won --> qualify : reopen
    lost --> qualify : reopen
    won --> [*]
    lost --> [*]
"""


def test_the_ways_through_a_pipeline() -> None:
    assert "\n".join(["", *stage_diagram(DEALS.pipelines["direct"], "en"), ""]) == DIRECT


def test_stages_are_named_in_the_language_that_was_asked_for() -> None:
    assert '    state "立项 (10 %)" as qualify' in [*stage_diagram(DEALS.pipelines["direct"], "zh")]


def test_a_pipeline_without_stages_is_won_or_lost() -> None:
    lines = [*stage_diagram(DEALS.pipelines["renewal"], "en")]
    assert [each.strip() for each in lines if "-->" in each] == [
        "[*] --> open",
        "open --> won",
        "open --> lost",
        "won --> [*]",
        "lost --> [*]",
    ]


def test_the_command_draws_one_pipeline_or_all(tmp_path: Path) -> None:
    app = write(tmp_path, app="kind: app\nname: my_crm\nextends: expert_b2b\n")
    one = salesmode("diagram", "pipeline", "renewal", "--app", app, "--locale", "en")
    assert one.code == 0
    assert one.out.splitlines()[:4] == ["---", "title: Renewal", "---", "stateDiagram-v2"]
    every = salesmode("diagram", "pipeline", "--app", app).out.splitlines()
    there = compile_app(presets_dir() / "expert_b2b").model.pipelines
    assert every.count("stateDiagram-v2") == len(there) > 5
    wrong = salesmode("diagram", "pipeline", "renewall", "--app", app)
    assert wrong.code == 2
    assert "there is no pipeline 'renewall'" in wrong.err
