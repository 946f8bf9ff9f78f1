"""Types of fields and masks of plugins: stored, asked, shown and told like the engine's own."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from salesmode.compiler import compile_texts
from salesmode.diagnostics import MetadataError
from salesmode.hookspecs import DecimalType, Invalid, MaskType, TextType, hookimpl
from salesmode.model.label import Label
from salesmode.testing import Crm, Refused, crm
from tests.support.plugged import plugged

APP = """
kind: app
name: shop
plugins: [codes]
---
kind: object
name: part
fields:
  ean: {type: ean, unique: true, index: true, mask: stars}
  share: {type: share, min: 0, max: 1, scale: 3}
  half: {type: formula, result: decimal, scale: 4, expression: "share / 2"}
  long: {type: formula, result: text, expression: "concat(ean, '!')"}
  note: {type: text, mask: {keeping: 2}}
---
kind: role
name: seller
objects:
  part:
    read: true
    create: true
    fields: {default: write, ean: {read: masked, write: true}, note: {read: masked, write: true}}
"""


class EanType(TextType):
    """Thirteen digits, of which the last one checks the others."""

    name = "ean"
    samples = ("4006381333931", "5901234123457")

    def parse(self, field: Any, value: object) -> str:
        text = str(super().parse(field, value)).replace(" ", "")
        if (
            len(text) != 13
            or not text.isdecimal()
            or sum(int(d) * (1, 3)[at % 2] for at, d in enumerate(text)) % 10
        ):
            raise Invalid("pattern")
        return text


class ShareType(DecimalType):
    name = "share"
    samples = ("0.5", "1")

    def check(self, field: Any, value: Any) -> Iterable[Invalid]:
        yield from super().check(field, value)
        if value == 0:
            yield Invalid("unfit", why=Label({"en": "Nothing is no share."}))


def stars(text: sa.ColumnElement[str], numbers: tuple[int, ...], dialect: str) -> sa.ColumnElement[str]:
    return sa.func.substr(text, 1, *numbers or (1,)).concat(sa.literal_column("'***'"))


TYPES = (EanType(), ShareType())


def codes(types: Any = TYPES) -> object:
    shown = (
        MaskType(name="stars", show=stars),
        MaskType(name="keeping", show=stars, least=1, most=1),
    )
    return SimpleNamespace(field_types=hookimpl(lambda: types), masks=hookimpl(lambda: shown))


@pytest.fixture
def shop(database_url: str) -> Iterator[Crm]:
    with crm(APP, plugins={"codes": codes()}, database=database_url) as found:
        yield found


def test_a_type_is_stored_asked_and_shown(shop: Crm) -> None:
    part = shop.admin.create("part", ean="400 6381 333931", share="0.125")
    assert shop.admin.read("part", part, "ean share half long") == {
        "ean": "4006381333931",
        "share": "0.125",
        "half": "0.0625",
        "long": "4006381333931!",
    }
    assert shop.admin.list("part", "ean", ean={"startsWith": "4006"}, share={"lt": "0.2"})
    assert not shop.admin.list("part", "ean", share={"gt": "0.2"})


def test_values_that_the_type_does_not_take_are_refused_at_their_place(shop: Crm) -> None:
    with pytest.raises(Refused) as raised:
        shop.admin.create("part", ean="4006381333932", share="0")
    assert [(each["path"], each["code"], each["message"]) for each in raised.value.problems] == [
        (["input", "ean"], "pattern", "The text does not have the expected form."),
        (["input", "share"], "unfit", "Nothing is no share."),
    ]


def test_a_type_has_the_constraints_of_a_field(shop: Crm) -> None:
    shop.admin.create("part", ean="4006381333931")
    with pytest.raises(Refused) as raised:
        shop.admin.create("part", ean="4006381333931")
    assert raised.value.codes == ("CONFLICT",)


def test_a_mask_shows_what_it_lets_out_and_nothing_of_null(shop: Crm) -> None:
    seller = shop.role("seller")
    part = seller.create("part", ean="4006381333931", note='a"b')
    assert seller.read("part", part, "ean note") == {"ean": "4***", "note": 'a"***'}
    assert seller.read("part", seller.create("part"), "ean note") == {"ean": None, "note": None}


def told(text: str, plugin: object) -> list[str]:
    with plugged(codes=plugin), pytest.raises(MetadataError) as raised:
        compile_texts({"app.yaml": text})
    return [": ".join(filter(None, (each.message, each.why))) for each in raised.value.diagnostics]


def test_a_type_that_is_no_derivation_or_taken_is_the_plugin_s_fault() -> None:
    class Odd(TextType):
        name = "odd"
        operators = ("eq",)

    class Text(TextType):
        name = "text"

    found = told("kind: app\nname: a\nplugins: [codes]\n", codes(types=[Odd(), Text()]))
    assert len(found) == 2
    assert "the type 'odd' has another" in found[0] + found[1]
    assert "'text' is brought by the engine too" in found[0] + found[1]


def test_keys_are_those_of_the_type_it_derives_from() -> None:
    wrong = APP.replace("type: ean, unique: true", "type: ean, scale: 3, max_length: 20")
    assert told(wrong, codes())[0] == "'scale' does not apply to a field of the type 'ean'"


def test_another_app_of_the_process_does_not_have_the_type() -> None:
    with plugged(codes=codes()):
        compile_texts({"app.yaml": APP})
        (message, *_) = told(
            APP.replace("plugins: [codes]\n", "").replace("mask: stars", "readonly: true"), codes()
        )
    assert message.startswith("'type' cannot be 'ean'")


def test_a_mask_with_other_numbers_is_told() -> None:
    assert told(APP.replace("{keeping: 2}", "keeping"), codes())[0] == "the mask 'keeping' takes 1 number"
