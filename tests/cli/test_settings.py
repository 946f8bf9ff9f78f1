"""Limits and origins of a server, as they are given on the command line."""

import pytest

from salesmode.cli.faults import Fault
from salesmode.cli.settings import settings_of
from salesmode.server.settings import DEFAULTS


def test_what_is_not_given_is_as_documented() -> None:
    assert settings_of([], []) == DEFAULTS


def test_limits_are_named() -> None:
    found = settings_of(["depth=3", "terms=7", "body=10"], ["https://crm.example"])
    assert (found.limits.depth, found.limits.filters.terms, found.max_body) == (3, 7, 10)
    assert found.limits.tokens == DEFAULTS.limits.tokens
    assert found.origins == ("https://crm.example",)


@pytest.mark.parametrize("text", ["depth", "depth=0", "depth=-1", "depth=x", "width=3", "filters=3"])
def test_what_is_no_limit_is_wrong_usage(text: str) -> None:
    with pytest.raises(Fault) as fault:
        settings_of([text], [])
    assert fault.value.code == 2
