"""Limits and origins of a server, as they are given by the environment and on the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from salesmode.cli.faults import usage
from salesmode.graph.limits import DEFAULT, Limits
from salesmode.queries.cost import FILTERS, FilterLimits
from salesmode.server.settings import DEFAULTS, Settings

VARIABLE = "SALESMODE_LIMIT_"

# By the name that is said: the setting of the server.
_OF_SERVER = {
    "body": "max_body",
    "batch": "batch",
    "rate": "rate",
    "burst": "burst",
    "timeout": "statement_timeout",
}
_DECIMAL = ("rate", "timeout")
_OF_REQUEST = tuple(each.name for each in fields(Limits) if each.name != "filters")
_OF_FILTERS = tuple(each.name for each in fields(FilterLimits))
_NAMES = (*_OF_SERVER, *_OF_REQUEST, *_OF_FILTERS)

LIMITS = ", ".join(_NAMES)


def settings_of(
    limits: Sequence[str], origins: Sequence[str], environment: Mapping[str, str] | None = None
) -> Settings:
    """`limits` are `NAME=NUMBER`; the environment has `SALESMODE_LIMIT_NAME`, which they go before.

    Wrong usage for what is no limit.
    """
    given = dict(_limit(*each) for each in (*_in(environment or {}), *_said(limits)))
    filters = replace(FILTERS, **_chosen(given, _OF_FILTERS))
    request = replace(DEFAULT, filters=filters, **_chosen(given, _OF_REQUEST))
    server = {_OF_SERVER[name]: number for name, number in given.items() if name in _OF_SERVER}
    return replace(DEFAULTS, limits=request, origins=tuple(origins), **server)


def _in(environment: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [
        (name.removeprefix(VARIABLE).lower(), number, f"{name}={number}")
        for name, number in environment.items()
        if name.startswith(VARIABLE)
    ]


def _said(limits: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(each.partition("=")[0], each.partition("=")[2], each) for each in limits]


def _limit(name: str, number: str, text: str) -> tuple[str, Any]:
    found = _number(name, number)
    if name not in _NAMES or not found:
        raise usage(f"'{text}' is not a limit", hint=f"--limit NAME=NUMBER with a NAME of {LIMITS}")
    return name, found


def _number(name: str, number: str) -> float | int:
    whole, _, places = number.partition(".") if name in _DECIMAL else (number, "", "")
    if not number.isascii() or not whole.isdecimal() or not (places or "0").isdecimal():
        return 0
    return float(number) if places else int(whole)


def _chosen(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: number for name, number in given.items() if name in names}
