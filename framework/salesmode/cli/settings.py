"""Limits and origins of a server, as they are given on the command line."""

from collections.abc import Sequence
from dataclasses import fields, replace

from salesmode.cli.faults import usage
from salesmode.graph.limits import DEFAULT, Limits
from salesmode.queries.cost import FILTERS, FilterLimits
from salesmode.server.settings import DEFAULTS, Settings

_BODY = "body"
_OF_REQUEST = tuple(each.name for each in fields(Limits) if each.name != "filters")
_OF_FILTERS = tuple(each.name for each in fields(FilterLimits))
_NAMES = (_BODY, *_OF_REQUEST, *_OF_FILTERS)

LIMITS = ", ".join(_NAMES)


def settings_of(limits: Sequence[str], origins: Sequence[str]) -> Settings:
    """`limits` are `NAME=NUMBER`. Wrong usage for what is no limit."""
    given = dict(_limit(each) for each in limits)
    filters = FilterLimits(**{name: given.get(name, getattr(FILTERS, name)) for name in _OF_FILTERS})
    request = Limits(**{name: given.get(name, getattr(DEFAULT, name)) for name in _OF_REQUEST})
    body = given.get(_BODY, DEFAULTS.max_body)
    return replace(DEFAULTS, limits=replace(request, filters=filters), max_body=body, origins=tuple(origins))


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name not in _NAMES or not number.isdecimal() or int(number) == 0:
        raise usage(f"'{text}' is not a limit", hint=f"--limit NAME=NUMBER with a NAME of {LIMITS}")
    return name, int(number)
