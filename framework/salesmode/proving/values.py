"""Values of fields for worlds: few, so that ties and nulls are common, and boundary ones among them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import orjson

from salesmode.fieldtypes import field_type
from salesmode.model.field import Field

Ids = Sequence[str]

_TEXTS = ("a", "A", "ab", 'quote " and \\', "客户", "😀 emoji", "100%_", "plain text of some length")
_DAYS = (date(2024, 2, 29), date(2026, 1, 31), date(2026, 12, 31))
_TIMES = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, 0, 250000, tzinfo=UTC))
_WHOLE = (-1, 0, 1, 2, 50, 2_000_000_000)
_EXACT = ("-0.01", "0", "1", "2.5", "20", "1000000")
_DOMAINS: dict[str, Sequence[Any]] = {
    "text": _TEXTS,
    "long_text": _TEXTS,
    "boolean": (True, False),
    "date": _DAYS,
    "datetime": _TIMES,
    "phone": ("+8613800001234", "+8613911115678", "+862188889999"),
    "email": ("ann@example.com", "bo.li@example.org", "c@example.net"),
    "url": ("https://example.com/a", "https://example.org/b?c=d"),
    "json": ({"a": 1}, [1, "x"]),
    "id": ("00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"),
}


def drawn(field: Field, random: Random, ids: Ids) -> Any:
    """A canonical value, null now and then where it may be; `ids` are the rows that a reference may name."""
    if field.nullable and random.random() < 0.15:
        return None
    if field.type == "multi_reference":
        return tuple(random.sample(list(ids), k=min(len(ids), random.randint(0, 2))))
    if field.to is not None:
        return random.choice(ids) if ids else None
    if field.type in ("choice", "multi_choice", "stage"):
        return _options(field, random)
    return random.choice(_domain(field))


def distinct(field: Field, number: int) -> Any:
    """The value of a unique field of one row: like no other row's."""
    match field.type:
        case "integer" | "big_integer":
            return int(field.min or 0) + number
        case "decimal" | "money" | "percent":
            return (field.min or Decimal(0)) + number
        case "email":
            return f"row{number}@example.com"
        case "phone":
            return f"+86138000{number:05d}"
        case "date":
            return date.fromordinal(date(2026, 1, 1).toordinal() + number)
        case _:
            return f"u{number:04d}"


def spelled(field: Field, value: Any) -> str:
    """A value as a literal in the text of a request."""
    if value is None or isinstance(value, bool | int):
        whole = value is None or field.type != "big_integer"
        return orjson.dumps(value if whole else str(value)).decode()
    if isinstance(value, tuple):
        return "[" + ", ".join(spelled(field, each) for each in value) + "]"
    if field.to is not None:
        return orjson.dumps(value).decode()
    if field.type in ("choice", "multi_choice", "stage") and not field.open_options:
        return str(value)
    return orjson.dumps(shown(field, value)).decode() if field.type != "json" else '"json"'


def shown(field: Field, value: Any) -> Any:
    """A clear value as an answer has it, references by id."""
    match value:
        case Decimal():
            return f"{value:.{field.scale}f}"
        case datetime():
            text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            return text.replace(".000000Z", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return [shown(field, each) for each in value]
        case int() if field.type == "big_integer":
            return str(value)
        case None if field.type == "multi_reference":
            return []
        case _:
            return {"id": value} if value is not None and field.to else value


def selected(field: Field, value: Any) -> Any:
    """A clear value as it comes out of a record."""
    return {"name": value} if field.type == "stage" and value is not None else shown(field, value)


def remembered(field: Field, value: Any) -> str | None:
    """The JSON text of a value in the history."""
    if value is None:
        return None
    told = (
        value if isinstance(value, str) else list(value) if isinstance(value, tuple) else shown(field, value)
    )
    return orjson.dumps(told).decode()


def _domain(field: Field) -> Sequence[Any]:
    type_ = field_type(field.type)
    if type_.samples:
        return [type_.parse(field, each) for each in type_.samples]
    if field.type in ("integer", "big_integer"):
        return [each for each in _WHOLE if _within(field, Decimal(each))] or [
            int(field.min or field.max or 0)
        ]
    if field_type(field.type).scalar == "Decimal":
        numbers = [Decimal(each).quantize(Decimal(1).scaleb(-field.scale)) + 0 for each in _EXACT]  # no -0
        return [each for each in numbers if _within(field, each)] or [field.min or field.max]
    domain = _DOMAINS.get(field.type, _TEXTS)
    return [each[: field.max_length] for each in domain] if field.max_length and domain is _TEXTS else domain


def _within(field: Field, number: Decimal) -> bool:
    return (field.min is None or number >= field.min) and (field.max is None or number <= field.max)


def _options(field: Field, random: Random) -> Any:
    names = [option.name for option in field.options if option.active] or ["x"]
    if field.type == "multi_choice":
        return tuple(random.sample(names, k=min(len(names), random.randint(0, 2))))
    return random.choice(names)
