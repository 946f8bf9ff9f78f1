"""What is shown instead of a value that may not be read, the same on both engines."""

from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson
import pytest
from sqlalchemy import column

from salesmode.database.driver import Database
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.masks import DOTS, MASKS
from salesmode.model.field import Field, Mask
from tests.fieldtypes.kit import TEXTS, VALUES, day, named, outcome, spelled

SHOWN = {
    Mask("full"): {"": DOTS, "secret": DOTS, "😀": DOTS},
    Mask("last4"): {
        "": DOTS,
        "a": DOTS,
        "abc": DOTS + "c",
        "abcdefg": DOTS + "efg",
        "123456789": DOTS + "6789",
    },
    Mask("first1"): {"": DOTS, "a": DOTS, "ab": "a" + DOTS, "😀客户": "😀" + DOTS, '"\\x': '"' + DOTS},
    Mask("email"): {"a@b.cd": DOTS + "@b.cd", "ab@b.cd": "a" + DOTS + "@b.cd", "nobody": DOTS, "": DOTS},
    Mask("phone"): {"+8613812345678": "+86" + DOTS + "5678", "+14155552671": DOTS + "2671", "12": DOTS + "2"},
    Mask("partial", (2, 1)): {"abcdef": "ab" + DOTS + "f", "abcde": DOTS, "": DOTS},
    Mask("equal_hash"): {each: sha256(each.encode()).hexdigest()[:12] for each in ("", "é😀", "O'Brien")},
}


async def masked(database: Database, field: Field, values: list[Any], mask: Mask) -> list[Any]:
    type_ = field_type(field.type)
    rows = await outcome(
        database, field, values, lambda column: type_.mask(field, column, mask, database.dialect)
    )
    return [orjson.loads(json) for (json,) in rows]


@pytest.mark.parametrize("mask", SHOWN, ids=spelled)
async def test_texts(database: Database, mask: Mask) -> None:
    texts = SHOWN[mask]
    assert await masked(database, named("text"), [*texts, None], mask) == [*texts.values(), None]


def test_every_mask_of_texts_is_tested_here() -> None:
    assert {mask.name for mask in SHOWN} == set(MASKS) - {"bucket", "hash"}


@pytest.mark.parametrize(
    "mask", [Mask("last4"), Mask("first1"), Mask("phone"), Mask("partial", (1, 3))], ids=spelled
)
async def test_at_most_half_of_a_text_is_shown(database: Database, mask: Mask) -> None:
    texts = [*TEXTS, *("x" * size for size in range(20))]
    for text, shown in zip(texts, await masked(database, named("text"), texts, mask), strict=True):
        assert len(shown.replace(DOTS, "")) <= len(text) / 2


@pytest.mark.parametrize("name", MASKS)
def test_what_is_no_text_shows_nothing(name: str) -> None:
    fields = [field for field, _ in VALUES.values() if field_type(field.type).scalar != "String"]
    numbers = ("integer", "big_integer", "money", "decimal", "percent", "date", "datetime")
    for field in [each for each in fields if each.type != "choice" or not each.open_options]:
        shown = field_type(field.type).mask(field, column("value"), Mask(name, (1, 1)), "sqlite")
        assert (str(shown) == "'null'") != (name == "bucket" and field.type in numbers)


BUCKETS: list[tuple[Field, Mask, Any, Any]] = [
    (named("integer"), Mask("bucket", (10,)), 19, 10),
    (named("integer"), Mask("bucket", (10,)), 20, 20),
    (named("integer"), Mask("bucket", (10,)), -1, -10),
    (named("integer"), Mask("bucket"), 1999, 1000),
    (named("big_integer"), Mask("bucket", (7,)), -(2**62), str(-(2**62) // 7 * 7)),
    (named("money"), Mask("bucket", (100,)), Decimal("199.99"), "100.00"),
    (named("money"), Mask("bucket", (100,)), Decimal("-0.01"), "-100.00"),
    (named("money"), Mask("bucket", (100,)), Decimal("200.00"), "200.00"),
    (named("date"), Mask("bucket"), day(2026, 12, 31), "2026-01-01"),
    (named("datetime"), Mask("bucket"), datetime(2026, 12, 31, 23, tzinfo=UTC), "2026-01-01T00:00:00Z"),
    (named("text"), Mask("bucket"), "secret", DOTS),
]


@pytest.mark.parametrize(("field", "mask", "value", "shown"), BUCKETS, ids=spelled)
async def test_buckets(database: Database, field: Field, mask: Mask, value: Any, shown: Any) -> None:
    assert await masked(database, field, [value, None], mask) == [shown, None]
