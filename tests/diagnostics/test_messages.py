"""Clients are told in their language; implementers are given the name that was probably meant."""

import re
import string
from pathlib import Path

import pytest

import salesmode
from salesmode.diagnostics import Message, Problem, Refusal, Span, did_you_mean, say
from salesmode.diagnostics.codes import CODES
from salesmode.diagnostics.messages import CATALOGUE
from salesmode.model.label import Label


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_message_is_there_in_each_language_with_the_same_values(key: str) -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    texts = CATALOGUE[key]
    assert {*texts} == {"en", "zh"}
    assert names(texts["en"]) == names(texts["zh"])


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "At most 5 characters are allowed."),
        ("zh", "最多 5 个字符。"),
        ("zh-Hant-TW", "最多 5 个字符。"),
        ("fr", "At most 5 characters are allowed."),
    ],
)
def test_a_message_is_said_in_the_language_or_the_nearest(locale: str, expected: str) -> None:
    assert say("too_long", locale, max=5) == expected


def test_a_value_that_is_itself_a_text_is_said_in_the_same_language() -> None:
    message = Message("unknown_option", {"value": Label({"en": "Shop", "zh": "商店"})})
    assert "商店" in message.text("zh")


def test_braces_in_a_value_are_only_text() -> None:
    assert say("unknown_option", "en", value="{max}") == "There is no option '{max}'."


def test_a_refusal_says_its_code_and_its_problems() -> None:
    refusal = Refusal(
        "VALIDATION_FAILED", problems=[Problem(("input", "name"), "required", Message("required"))]
    )
    assert refusal.problems[0].as_json("zh") == {
        "path": ["input", "name"],
        "code": "required",
        "message": "此项必填。",
    }
    assert str(refusal) == (
        "VALIDATION_FAILED: Some values are not right.\n['input', 'name'] required: This is required."
    )


def test_codes_are_told_apart_by_their_meaning() -> None:
    assert len({each.meaning for each in CODES.values()}) == len(CODES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ammount", "did you mean 'amount' (a:2:3)?"),
        ("AMOUNT", "did you mean 'amount' (a:2:3)?"),
        ("naem", "did you mean 'name'?"),
        ("colour", None),
        ("name", None),
        ("x" * 100_000, None),
        (None, None),
    ],
)
def test_the_nearest_name_is_meant(name: object, expected: str | None) -> None:
    assert did_you_mean(name, ["amount", "name"], {"amount": Span("a", 2, 3)}) == expected


def test_every_code_that_the_engine_says_has_a_meaning() -> None:
    said = (
        code
        for path in Path(salesmode.__file__).parent.rglob("*.py")
        for code in re.findall(r'"(SM\d+)"', path.read_text(encoding="utf-8"))
    )
    assert {*said} == {*CODES}
