"""What each type takes as input, and what it says to what it does not take."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salesmode.diagnostics.messages import CATALOGUE
from salesmode.fieldtypes import Invalid, field_type
from salesmode.model.field import Field
from tests.fieldtypes.kit import IDS, named, spelled
from tests.support.models import option

MONEY = named("money")
CHOICE = named("choice", options=[option("a", value="Closed Won"), option("b", value="a")])

TAKEN: list[tuple[Field, Any, Any]] = [
    (named("text"), "", ""),
    (named("integer"), "-12", -12),
    (named("integer"), 2**31 - 1, 2**31 - 1),
    (named("big_integer"), str(-(2**63)), -(2**63)),
    (MONEY, 100, Decimal("100.00")),
    (MONEY, "-0.01", Decimal("-0.01")),
    (MONEY, "1.500", Decimal("1.50")),
    (MONEY, Decimal("1E+5"), Decimal("100000.00")),
    (MONEY, "-0", Decimal("0.00")),
    (named("percent"), "5", Decimal("5.00")),
    (named("boolean"), "false", False),
    (named("date"), "2024-02-29", date(2024, 2, 29)),
    (named("datetime"), "2026-01-31T08:00:00+08:00", datetime(2026, 1, 31, tzinfo=UTC)),
    (named("datetime"), "2026-01-31t00:00:00.123456789z", datetime(2026, 1, 31, 0, 0, 0, 123456, tzinfo=UTC)),
    (CHOICE, "a", "a"),
    (CHOICE, "Closed Won", "a"),
    (named("choice", options=["a"], open_options=True), "anything", "anything"),
    (named("multi_choice", options=["a", "b"]), ["b", "a", "b"], ("b", "a")),
    (named("multi_choice", options=["a", "b"]), [], ()),
    (named("reference", to="x"), IDS[2].upper(), IDS[2]),
    (named("email"), " A.b@Example.COM ", "A.b@example.com"),
    (named("phone", format="CN"), "138 1234 5678", "+8613812345678"),
    (named("phone"), "+1 (415) 555-2671", "+14155552671"),
    (named("url"), " https://a.b/?q=1#c ", "https://a.b/?q=1#c"),
    (named("json"), {"a": [1, Decimal("1.5"), None]}, {"a": [1, 1.5, None]}),
    (named("secret"), "s3cret", "s3cret"),
]

REFUSED: list[tuple[Field, Any, str]] = [
    *((named("text"), each, "not_text") for each in (1, True, ["a"], {})),
    *((named("text"), each, "bad_characters") for each in ("\0", "a\ud800", "\udfff")),
    *((named("integer"), each, "not_an_integer") for each in ("1.0", 1.0, True, " 1", "١", "", "1e3")),
    (named("integer"), 2**31, "out_of_range"),
    (named("integer"), str(-(2**31) - 1), "out_of_range"),
    (named("big_integer"), 2**63, "out_of_range"),
    *((MONEY, each, "not_a_number") for each in (1.5, True, "1e5", "", " 1", "NaN", Decimal("NaN"), "1,5")),
    *(
        (MONEY, each, "too_many_places")
        for each in ("1.234", "0.001", "1." + "0" * 50 + "1", Decimal("1E-999999999"))
    ),
    *((MONEY, each, "out_of_range") for each in ("10000000000000000", 10**40, Decimal("1E+999999999"))),
    *((named("boolean"), each, "not_a_boolean") for each in (1, "True", "yes", "")),
    *(
        (named("date"), each, "not_a_date")
        for each in ("2026-02-29", "20260101", "2026-01-01T00:00:00Z", 20260101)
    ),
    *(
        (named("datetime"), each, "not_a_datetime")
        for each in (
            *("2026-01-31", "2026-01-31T08:00:00", "2026-01-31 08:00", "2026-13-01T00:00:00Z", 0),
            *("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59.999999Z"),
        )
    ),
    *((CHOICE, each, "unknown_option") for each in ("c", "", 1, ["a"])),
    (named("multi_choice", options=["a"]), "a", "not_a_list"),
    (named("multi_choice", options=["a"]), ["a", "b"], "unknown_option"),
    *((named("id"), each, "not_an_id") for each in ("", IDS[1].replace("-", ""), "{" + IDS[1] + "}", 7)),
    *(
        (named("email"), each, "not_an_email")
        for each in ("a", "a@b", "a@@b.c", "a b@c.d", "a@-b.c", "@b.c", "a@b..c")
    ),
    *(
        (named("phone"), each, "not_a_phone")
        for each in ("13812345678", "abc", "", "+1", "+14155552671 ext. 9")
    ),
    (named("phone", format="US"), "(415) 555-2671" + " " * 1000, "not_a_phone"),
    *(
        (named("url"), each, "not_a_url")
        for each in ("a.b", "javascript:alert(1)", "http://", "http://a b", "ftp://a", "http://[")
    ),
    *((named("json"), each, "bad_characters") for each in ("\0", [{"a\0": 1}], {"a": ["\0"]})),
    *((named("json"), each, "not_json") for each in (object(), "\ud800", 2**64, {1: 2}, Decimal("Infinity"))),
    *((named("secret"), each, code) for each, code in ((1, "not_text"), ("\0", "bad_characters"))),
]


@pytest.mark.parametrize(("field", "given", "canonical"), TAKEN, ids=spelled)
def test_taken(field: Field, given: object, canonical: object) -> None:
    found = field_type(field.type).parse(field, given)
    assert (found, type(found)) == (canonical, type(canonical))


@pytest.mark.parametrize(("field", "given", "code"), REFUSED, ids=spelled)
def test_refused(field: Field, given: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        field_type(field.type).parse(field, given)
    assert refused.value.code == code
    assert CATALOGUE[code]["en"].format_map(refused.value.values)


def test_exact_numbers_keep_their_places() -> None:
    assert str(field_type("money").parse(MONEY, "100")) == "100.00"
    assert str(field_type("money").parse(named("money", scale=0), "100")) == "100"


CHECKED: list[tuple[Field, Any, list[str]]] = [
    (named("text"), "x" * 500, []),
    (named("text"), "😀" * 501, ["too_long"]),
    (named("text", max_length=2, pattern="[a-z]+"), "ABC", ["too_long", "pattern"]),
    (named("text", pattern="[a-z]+"), "abc\n", ["pattern"]),
    (named("long_text"), "x" * 501, []),
    (named("integer", min=1, max=5), 0, ["below_min"]),
    (named("integer", min=1, max=5), 5, []),
    (named("percent", min=0, max=100), Decimal("100.01"), ["above_max"]),
    (named("choice", options=[option("a", active=False), "b"]), "a", ["inactive_option"]),
    (named("choice", options=[option("a", active=False), "b"]), "b", []),
    (named("multi_choice", options=[option("a", active=False), "b"]), ("b", "a"), ["inactive_option"]),
    (named("choice", options=["a"], open_options=True), "x" * 501, ["too_long"]),
    (named("email"), "a@" + "b" * 300 + ".cd", ["too_long"]),
    (named("url"), "https://a/" + "b" * 2000, ["too_long"]),
]


@pytest.mark.parametrize(("field", "value", "codes"), CHECKED, ids=spelled)
def test_what_the_field_says_comes_all_at_once(field: Field, value: Any, codes: list[str]) -> None:
    problems = list(field_type(field.type).check(field, value))
    assert [each.code for each in problems] == codes
    assert all(CATALOGUE[each.code]["en"].format_map(each.values) for each in problems)
