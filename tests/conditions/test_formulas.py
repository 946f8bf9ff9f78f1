"""Formulas mean the same on both engines: what a second, naive reading of them says."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from salesmode.access.scope import SystemScope
from salesmode.conditions.formulas.checker import checked
from salesmode.conditions.formulas.compile import compile_expression
from salesmode.conditions.formulas.lexer import Unreadable
from salesmode.conditions.formulas.parser import parse
from salesmode.conditions.formulas.signatures import SIGNATURES
from salesmode.database.fold import raise_text
from salesmode.database.statement import render
from salesmode.fieldtypes import field_type
from salesmode.model.field import Field
from salesmode.tables import tables_of
from tests.conditions import expressions as tried
from tests.conditions.expressions import PLACES, Said, day, expressions, half_even
from tests.conditions.world import MODEL, ROWS, Engine, environment
from tests.support.models import field

RESULTS = {
    "decimal": field("decimal"),
    "fine": field("decimal", scale=9),
    "money": field("money"),
    "percent": field("percent"),
    "integer": field("integer"),
    "big_integer": field("big_integer"),
    "text": field("text"),
    "boolean": field("boolean"),
    "date": field("date"),
    "datetime": field("datetime"),
}
KINDS = {**dict.fromkeys(("decimal", "fine", "money", "percent", "integer", "big_integer"), "number")}
LIMITS = {"integer": (1 << 31), "big_integer": (1 << 63)}
NOBODY = environment({}, {})


def values(engine: Engine, text: str, result: Field) -> dict[str, Any]:
    """The formula on every living customer, by id, as canonical values."""
    scope = SystemScope(tables_of(MODEL, engine.dialect))
    source = scope.source("customer")
    expression = checked(parse(text), result, MODEL.objects["customer"], MODEL.objects)
    found = compile_expression(expression, result, source, scope)
    statement = render(sa.select(source.table.c.id, found).where(scope.rows(source)), engine.dialect)
    rows = engine.fetch(statement.sql, statement.bind(NOBODY))
    decode = field_type(result.type).decode
    return {str(id_): None if each is None else decode(result, each, engine.dialect) for id_, each in rows}


def value(engine: Engine, text: str, result: str = "decimal") -> Any:
    """A formula that reads no field."""
    found = set(values(engine, text, RESULTS[result]).values())
    assert len(found) == 1
    return found.pop()


def expected(said: Said, row: Any, result: Field) -> Any:
    """What the naive reading says, as the type of the result holds it."""
    found = said.value(row, min(result.scale, PLACES))
    if isinstance(found, Fraction):
        number = half_even(found, result.scale)
        most = LIMITS.get(result.type, Fraction(10**18, 10**result.scale))
        lowest = -most if result.type in LIMITS else -most + Fraction(1, 10**result.scale)
        inside = lowest <= number < most
        return (
            (int(number) if result.type in LIMITS else as_decimal(number, result.scale)) if inside else None
        )
    return day(found) if result.type == "date" else found


def as_decimal(number: Fraction, scale: int) -> Decimal:
    return Decimal(int(number * 10**scale)).scaleb(-scale)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Said]:
    name = draw(st.sampled_from(sorted(RESULTS)))
    kind = KINDS.get(name, name)
    return name, draw(expressions(2)[kind])


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_sql_says_what_the_naive_reading_says(loaded: Engine, case: tuple[str, Said]) -> None:
    name, said = case
    result = RESULTS[name]
    found = values(loaded, said.text, result)
    for id_, each in found.items():
        assert each == expected(said, ROWS["customer"][id_], result), id_


@pytest.mark.parametrize(
    ("text", "result", "wanted"),
    [
        ("1 / 3", "decimal", Decimal("0.3333")),
        ("2 / 3 * 3", "decimal", Decimal("2.0000")),
        ("1 / 0", "decimal", None),
        ("0.00005 * 1", "decimal", Decimal("0.0000")),
        ("0.00015 * 1", "decimal", Decimal("0.0002")),
        ("-0.00015 * 1", "decimal", Decimal("-0.0002")),
        ("round(2.5)", "integer", 2),
        ("round(3.5)", "integer", 4),
        ("round(-2.5)", "integer", -2),
        ("5 / 2", "integer", 2),
        ("7 / 2", "integer", 4),
        ("2147483647 + 1", "integer", None),
        ("-2147483648", "integer", -2147483648),
        ("99999999999999.9999 + 0.0001", "decimal", None),
        ("999999999999999999 * 999999999999999999 / 999999999999999999", "big_integer", 10**18 - 1),
        ("1 - 2 - 3", "integer", -4),
        ("1 - (2 - 3)", "integer", 2),
        ("2 + 3 * 4", "integer", 14),
        ("8 / 4 / 2", "integer", 1),
        ("--2", "integer", 2),
        ("if(not 1 = 2 and 2 <> 3 or false, 1, 2)", "integer", 1),
        ("if(null, 1, 2)", "integer", 2),
        ("null + 1", "integer", None),
        ("coalesce(null, null)", "integer", None),
        ("case(false, 1, false, 2)", "integer", None),
        ("concat('a', null, 1.50, -0.05 + 0)", "text", "a1.50-0.05"),
        ("concat(1 / 4)", "text", "0.25000000000000000000"),
        (r"'it\'s'", "text", "it's"),
        ('"客户😀"', "text", "客户😀"),
        ("upper('straße ŉ ǆ ᾳ')", "text", "STRAßE ŉ Ǆ ᾼ"),
        ("lower('İΣ')", "text", "iσ"),
        ("right('abc', 5)", "text", "abc"),
        ("left('😀b', 1)", "text", "😀"),
        ("add_months(add_days('2024-02-28', 1), 12) = '2025-02-28'", "boolean", True),
        ("is_null(add_days(today(), 100000000000000000))", "boolean", True),
        ("is_null(null)", "boolean", True),
        ("null", "datetime", None),
    ],
)
def test_an_expression_is_worth(loaded: Engine, text: str, result: str, wanted: object) -> None:
    assert value(loaded, text, result) == wanted


def test_upper_case_is_the_same_on_both_engines_for_every_character(loaded: Engine) -> None:
    """But for characters that are younger than one of the two."""
    text = "".join(map(chr, [*range(1, 0xD800), *range(0xE000, 0x11000), *range(0x1E900, 0x1E960)]))
    if loaded.dialect == "sqlite":
        return
    found = loaded.fetch('SELECT upper($1::text COLLATE "pg_c_utf8")', [text])[0][0]
    for character, one, other in zip(text, found, raise_text(text), strict=True):
        assert one == other or "Cn" in {category(each) for each in (character, one, other)}, character


def test_deep_and_wide_expressions_are_refused_and_not_run(loaded: Engine) -> None:
    for text in (
        "(" * 200 + "1" + ")" * 200,
        "not " * 90 + "true",
        "abs(" * 40 + "1" + ")" * 40,
        "1" + "+1" * 500,
        "case(" + "true, 1, " * 60 + "2)",
    ):
        with pytest.raises(Unreadable):
            values(loaded, text, RESULTS["integer"])
    assert value(loaded, "+".join(["1"] * 100), "integer") == 100
    assert value(loaded, " and ".join(["1 = 1"] * 100), "boolean") is True


def test_the_deepest_expression_that_is_accepted_can_be_run(loaded: Engine) -> None:
    for inner in (
        "abs({})",
        "if(1 = 1, {}, 2)",
        "(1 + {} * 2)",
        "round({}, 1)",
        "min({}, 2)",
        "coalesce(null, {})",
    ):
        text = "1"
        deepest = 0
        for depth in range(1, 30):
            text = inner.format(text)
            try:
                values(loaded, text, RESULTS["decimal"])
            except Unreadable:
                break
            deepest = depth
        assert deepest >= 5, inner


def test_every_function_is_in_the_strategies_or_above() -> None:
    said = Path(tried.__file__).read_text(encoding="utf-8")
    assert [name for name in SIGNATURES if f"{name}(" not in said] == []
