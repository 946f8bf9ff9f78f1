"""What a field says about its values, where its keys do not fit each other."""

import re
from collections.abc import Mapping
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.located import Path, text_of
from salesmode.compiler.validator.faults import number_hint

_COUNTER = re.compile(r"\{0+\}")
_PART = re.compile(r"\{[^}]*\}?")
_PARTS = re.compile(r"\{(?:YYYY|0+)\}")


def check_limits(raw: Mapping[str, Any], say: Reporter, path: Path) -> None:
    """Bounds, pattern, number format and what deleting does."""
    _check_bounds(raw, say, path)
    _check_pattern(raw, say, path)
    _check_format(raw, say, path)
    if raw.get("on_delete") == "set_null" and raw.get("required") is True:
        message = f"'{path[-1]}' is required, and deleting what it refers to would clear it"
        hint = "write restrict or cascade"
        say.error_at_value("SM308", message, *path, "on_delete", hint=hint)


def _check_bounds(raw: Mapping[str, Any], say: Reporter, path: Path) -> None:
    names = [key for key in ("min", "max") if isinstance(raw.get(key), str)]
    for key in names:
        what = f"'{key}' is the text '{raw[key]}', and a number is expected"
        say.error_at_value("SM203", what, *path, key, hint=number_hint(raw[key]))
    if not names and "min" in raw and "max" in raw and raw["min"] > raw["max"]:
        message = f"no value is at least {text_of(raw['min'])} and at most {text_of(raw['max'])}"
        say.error_at_value("SM308", message, *path, "max")


def _check_pattern(raw: Mapping[str, Any], say: Reporter, path: Path) -> None:
    try:
        re.compile(raw.get("pattern", ""))
    except re.error as error:
        say.error_at_value("SM308", f"the pattern cannot be read: {error.msg}", *path, "pattern")


def _check_format(raw: Mapping[str, Any], say: Reporter, path: Path) -> None:
    if raw.get("type") != "auto_number":
        return
    if "format" not in raw:
        hint = 'add `format: "{0000}"`'
        say.missing(f"'{path[-1]}' does not say what its numbers look like", "format", *path, hint=hint)
        return
    format_ = raw["format"]
    wrong = [part for part in _PART.findall(format_) if not _PARTS.fullmatch(part)]
    if wrong:
        hint = "parts are {0000} and {YYYY}"
        say.error_at_value("SM308", f"the format has no part '{wrong[0]}'", *path, "format", hint=hint)
    elif not _COUNTER.search(format_):
        hint = "add {0000}"
        say.error_at_value(
            "SM308", "without a counter all numbers would be the same", *path, "format", hint=hint
        )
