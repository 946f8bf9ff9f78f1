"""Folding case means the same in Python, on SQLite and on PostgreSQL."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import pytest

from salesmode.database.connect import connect
from salesmode.database.fold import fold_text
from salesmode.database.unit import Step


@cache
def assigned() -> Sequence[str]:
    every = map(chr, range(1, 0x110000))
    return [each for each in every if unicodedata.category(each) not in {"Cn", "Cs", "Co"}]


def one_for_one(character: str) -> str:
    """The definition: the simple mapping of Unicode, which `str.lower` has for all but one character."""
    return "i" if character == "\u0130" else character.lower()


def test_every_character_is_folded_on_its_own() -> None:
    assert fold_text("".join(assigned())) == "".join(one_for_one(each) for each in assigned())


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ΟΔΟΣ", "οδοσ"), ("İstanbul", "istanbul"), ("GROẞ", "groß"), ("CRM 客户", "crm 客户"), ("ÉTÉ", "été")],
)
def test_words_are_folded_without_looking_around(text: str, folded: str) -> None:
    assert fold_text(text) == folded


FOLD = {"sqlite": "sm_fold(?)", "postgresql": 'lower($1::text COLLATE "pg_c_utf8")'}


async def test_both_engines_fold_as_python_does(database_url: str) -> None:
    text = "".join(assigned())
    database = await connect(database_url)
    try:
        folded = await database.fetch_text(Step(f"SELECT {FOLD[database.dialect]}", (text,)))
    finally:
        await database.close()
    assert folded == fold_text(text)


async def test_null_stays_null(database_url: str) -> None:
    database = await connect(database_url)
    try:
        assert await database.fetch_text(Step(f"SELECT {FOLD[database.dialect]}", (None,))) is None
    finally:
        await database.close()
