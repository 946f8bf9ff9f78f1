"""A value and its cell. Options go by their `value`, lists are joined by `;`, exact numbers stay exact.

A text that a spreadsheet would take for a formula is never written as one: in CSV it gets an apostrophe
before it, which an import takes away again. A cell that is empty is null: an empty text is not told apart.
"""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from salesmode.fieldtypes import Invalid, field_type
from salesmode.model.field import Field

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_NUMBERS = ("Int", "BigInt", "Decimal")
_SEPARATOR = ";"
_DIGITS = 15  # what a spreadsheet's numbers hold exactly


def numeric(field: Field) -> bool:
    """Whether the field's text is always a number, which no spreadsheet takes for a formula."""
    return field_type(field.type).scalar in _NUMBERS and field.type != "auto_number"


def exported(field: Field, value: object) -> object:
    """A value as the planner's JSON has it → as files have it: options by their `value`."""
    if isinstance(value, list):
        return [exported(field, each) for each in value] if field_type(field.type).many else value
    if field.options and isinstance(value, str):
        return next((option.value for option in field.options if option.name == value), value)
    return value


def as_text(field: Field, value: object) -> str | None:
    """The text of one value in a cell; None for null."""
    if value is None or (isinstance(value, str) and field.type != "json"):
        return value
    if field_type(field.type).many and isinstance(value, list):
        return _joined(value)
    return json.dumps(value, ensure_ascii=False)


def _joined(items: Sequence[object]) -> str:
    texts = [str(each) for each in items]
    if not texts or any(
        _SEPARATOR in each or each != each.strip() or each[:1] in ("[", "") for each in texts
    ):
        return json.dumps(texts, ensure_ascii=False)
    return _SEPARATOR.join(texts)


def guarded(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """What was guarded, as it was."""
    return text[1:] if _QUOTED.match(text) else text


def risky(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return _RISKY.match(text) is not None


def number(text: str) -> Decimal | None:
    """The number if a spreadsheet holds it exactly."""
    found = Decimal(text)
    return found if len(found.as_tuple().digits) <= _DIGITS else None


def given(field: Field, raw: object, timezone: ZoneInfo) -> object:
    """What stands in a cell → what the field's type parses. `raw` is a text, or what a spreadsheet or JSON
    has. Raises Invalid for what cannot be one.
    """
    if field_type(field.type).many:
        return _items(raw)
    if isinstance(raw, str):
        return _from_text(field, raw)
    if isinstance(raw, datetime | date):
        return _moment(field, raw, timezone)
    if isinstance(raw, float):
        raw = _plain(raw)
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool) and not _takes_numbers(field):
        return str(raw)
    return raw


def _takes_numbers(field: Field) -> bool:
    return numeric(field) or field.type in ("json", "boolean")


def _items(raw: object) -> object:
    if not isinstance(raw, str):
        return [_plain_text(raw)] if isinstance(raw, int | float) else raw
    if raw.startswith("["):
        return _json(raw, "not_a_list")
    return [each.strip() for each in raw.split(_SEPARATOR) if each.strip()]


def _plain_text(raw: float) -> str:
    return str(_plain(raw))


def _from_text(field: Field, raw: str) -> object:
    if field.type == "json":
        return _json(raw, "not_json")
    if field.type == "boolean":
        return raw.strip().lower()
    return raw.strip() if numeric(field) or field.type in ("date", "datetime") else raw


def _json(raw: str, code: str) -> object:
    try:
        return json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Invalid(code) from None


def _moment(field: Field, raw: date, timezone: ZoneInfo) -> object:
    """A spreadsheet's dates know no zone: an instant is meant in the app's."""
    if field.type == "date" and isinstance(raw, datetime):
        return raw.date()
    if field.type == "datetime":
        at = raw if isinstance(raw, datetime) else datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001
        return at.replace(tzinfo=timezone) if at.tzinfo is None else at
    return raw if field.type == "date" else raw.isoformat()


def _plain(raw: float) -> int | Decimal:
    """A spreadsheet shows and means fifteen digits."""
    if raw != raw or raw in (float("inf"), float("-inf")):
        raise Invalid("not_a_number")
    found = Decimal(format(raw, f".{_DIGITS}g"))
    return int(found) if found == found.to_integral_value() else found
