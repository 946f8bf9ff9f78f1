"""How a value that may not be read is shown (RULING 17). Lengths stay hidden; at most half of a text shows.

`email` shows the domain. `hash` is another one on each record, so that equal values do not show; `equal_hash`
is the same for equal values, and clients can group by it. Who can guess a value can confirm either.
`bucket` is for numbers (lower end of a step of `numbers[0]`, 1000 unless said) and dates (start of the year).
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, case, func

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import (
    as_text,
    integer_literal,
    json_string,
    length,
    or_null,
    substring,
    text_literal,
)
from salesmode.model.field import Mask

DOTS = "••••"
DEFAULT_BUCKET = 1000
_DIGEST = 12  # hexadecimal digits of a hash that are shown
# Mask → how many numbers it takes at least and at most.
MASKS = {
    "full": (0, 0),
    "last4": (0, 0),
    "first1": (0, 0),
    "email": (0, 0),
    "phone": (0, 0),
    "partial": (2, 2),
    "hash": (0, 0),
    "equal_hash": (0, 0),
    "bucket": (0, 1),
}
Show = Callable[[ColumnElement[str], tuple[int, ...], Dialect], ColumnElement[str]]
"""A mask of a plugin: from a text, the mask's numbers and the dialect to the text that is shown."""

_brought: dict[str, tuple[tuple[int, int], Show]] = {}


def bring_mask(name: str, numbers: tuple[int, int], show: Show) -> None:
    """From now on the process knows this mask of a plugin too."""
    _brought[name] = (numbers, show)


def known_masks() -> Mapping[str, tuple[int, int]]:
    """The engine's masks and those of plugins, with how many numbers they take."""
    return {**MASKS, **{name: numbers for name, (numbers, _) in _brought.items()}}


def masked_text(text: ColumnElement[str], mask: Mask, dialect: Dialect) -> ColumnElement[str]:
    """The JSON text of a masked text; `null` for null."""
    match mask.name:
        case "last4":
            shown = _last4(text)
        case "first1":
            shown = _partial(text, 1, 0, text_literal(DOTS))
        case "phone":
            shown = _partial(text, 3, 4, _last4(text))
        case "partial":
            first, last = mask.numbers
            shown = _partial(text, first, last, text_literal(DOTS))
        case "email":
            shown = _email(text, dialect)
        case name if name in _brought:
            shown = _brought[name][1](text, mask.numbers, dialect)
        case "hash" | "equal_hash":
            return or_null(text_literal('"').concat(digest(text, dialect)).concat(text_literal('"')))
        case _:
            return case((text.is_not(None), text_literal(f'"{DOTS}"')), else_=text_literal("null"))
    return json_string(case((text.is_not(None), shown)), dialect)


def with_record(text: ColumnElement[str], id: ColumnElement[Any], mask: Mask) -> ColumnElement[str]:
    """The text that is masked: a `hash` is of the text with its record."""
    return text.concat(as_text(id)) if mask.name == "hash" else text


def digest(text: ColumnElement[str], dialect: Dialect) -> ColumnElement[str]:
    """The first digits of the SHA-256 of the text in UTF-8."""
    if dialect == "sqlite":
        whole = func.sm_digest(text, type_=Text())
    else:
        bytes_ = func.convert_to(text, text_literal("UTF8"))
        whole = func.encode(func.sha256(bytes_), text_literal("hex"), type_=Text())
    return substring(whole, 1, _DIGEST)


def _last4(text: ColumnElement[str]) -> ColumnElement[str]:
    """Four characters, or half of a short text."""
    half = length(text) // integer_literal(2)
    count = case((half < integer_literal(4), half), else_=integer_literal(4))
    return text_literal(DOTS).concat(_end(text, count))


def _partial(
    text: ColumnElement[str], first: int, last: int, otherwise: ColumnElement[str]
) -> ColumnElement[str]:
    """Some characters of both ends; `otherwise` where that would be more than half."""
    parts = substring(text, 1, first).concat(text_literal(DOTS)).concat(_end(text, integer_literal(last)))
    return case((length(text) >= integer_literal(2 * (first + last)), parts), else_=otherwise)


def _end(text: ColumnElement[str], count: ColumnElement[int]) -> ColumnElement[str]:
    return substring(text, length(text) - count + integer_literal(1), count)


def _email(text: ColumnElement[str], dialect: Dialect) -> ColumnElement[str]:
    """The first character and the domain; the first character only where it is not all there is."""
    position = func.instr if dialect == "sqlite" else func.strpos
    at: ColumnElement[int] = position(text, text_literal("@"), type_=length(text).type)
    domain: ColumnElement[str] = func.substr(text, at, type_=Text())
    first = case((at > integer_literal(2), substring(text, 1, 1)), else_=text_literal(""))
    dots = text_literal(DOTS)
    return case((at > integer_literal(0), first.concat(dots).concat(domain)), else_=dots)


def bucket(number: ColumnElement[Any], step: ColumnElement[Any]) -> ColumnElement[Any]:
    """The greatest multiple of `step` that is not above `number`; negative numbers too."""
    return number - (number % step + step) % step


def bucket_step(mask: Mask) -> int:
    """The step of a bucket of numbers."""
    return mask.numbers[0] if mask.numbers else DEFAULT_BUCKET
