"""The diagram of a small app, character by character."""

from salesmode.cli.diagram import entity_relationships
from salesmode.compiler import compile_texts

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
