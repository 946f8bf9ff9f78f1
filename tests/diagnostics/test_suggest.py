"""A hint is the word that was meant, or none: a wrong one costs more than it helps."""

import pytest

from salesmode.diagnostics import did_you_mean

NAMES = ["user", "customer_group", "amount", "close_date", "phone_number", "Email"]
VARIABLES = ["$user.id", "$user.version", "$user.name", "$today"]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("usr", "user"),
        ("amuont", "amount"),
        ("close_dat", "close_date"),
        ("number", "phone_number"),
        ("email", "Email"),
        ("customer", "customer_group"),
    ],
)
def test_a_misspelled_word_is_found(wanted: str, meant: str) -> None:
    assert did_you_mean(wanted, NAMES) == f"did you mean '{meant}'?"


@pytest.mark.parametrize("wanted", ["custmer", "shop", "date_of_birth", "a", "x" * 100])
def test_another_word_is_no_hint(wanted: str) -> None:
    assert did_you_mean(wanted, NAMES) is None


@pytest.mark.parametrize(
    ("wanted", "meant"), [("$user.shop", None), ("$user.nmae", "$user.name"), ("$usr.id", "$user.id")]
)
def test_what_all_names_begin_with_makes_none_alike(wanted: str, meant: str | None) -> None:
    assert did_you_mean(wanted, VARIABLES) == (f"did you mean '{meant}'?" if meant else None)
