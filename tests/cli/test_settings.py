"""Limits and origins of a server, as they are given on the command line."""

import re
from pathlib import Path

import pytest

from salesmode.cli.faults import Fault
from salesmode.cli.settings import LIMITS, settings_of
from salesmode.server.settings import DEFAULTS


def test_what_is_not_given_is_as_documented() -> None:
    assert settings_of([], []) == DEFAULTS


def test_limits_are_named() -> None:
    found = settings_of(["depth=3", "terms=7", "body=10"], ["https://crm.example"])
    assert (found.limits.depth, found.limits.filters.terms, found.max_body) == (3, 7, 10)
    assert found.limits.tokens == DEFAULTS.limits.tokens
    assert found.origins == ("https://crm.example",)


def test_the_environment_names_them_too_and_the_command_line_goes_before_it() -> None:
    environment = {"SALESMODE_LIMIT_DEPTH": "3", "SALESMODE_LIMIT_TERMS": "7", "SALESMODE_SECRET": "x"}
    found = settings_of(["depth=4"], [], environment)
    assert (found.limits.depth, found.limits.filters.terms) == (4, 7)


def test_a_rate_and_a_time_may_be_parts_of_one() -> None:
    found = settings_of(["rate=0.5", "burst=3", "timeout=2.25", "batch=10"], [])
    assert (found.rate, found.burst, found.statement_timeout, found.batch) == (0.5, 3, 2.25, 10)


WRONG = ["depth", "depth=0", "depth=-1", "depth=x", "depth=1.5", "width=3", "filters=3", "rate=0", "rate=0.0"]


@pytest.mark.parametrize("text", [*WRONG, "rate=1.x", "rate=1e3", "rate=.", "max_body=3"])
def test_what_is_no_limit_is_wrong_usage(text: str) -> None:
    with pytest.raises(Fault) as fault:
        settings_of([text], [])
    assert fault.value.code == 2


def test_what_is_no_limit_in_the_environment_is_wrong_usage() -> None:
    with pytest.raises(Fault, match="'SALESMODE_LIMIT_WIDTH=3' is not a limit"):
        settings_of([], [], {"SALESMODE_LIMIT_WIDTH": "3"})


def test_the_page_of_the_reference_has_every_limit_with_its_default() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page, re.MULTILINE)
    assert {name for name, _ in rows} == set(LIMITS.split(", "))
    numbers = [f"{name}={default.replace(',', '')}" for name, default in rows if default[0].isdecimal()]
    assert settings_of(numbers, []) == DEFAULTS
    assert [name for name, default in rows if not default[0].isdecimal()] == ["rate", "burst"]
