"""A unique field that a role does not see is unknown to it, whether another record has the value or not."""

import pytest

from tests.proving.apps import SHOP, made
from tests.proving.place import proved

pytestmark = pytest.mark.anyio

CARD = {"name": {"type": "text"}, "code": {"type": "text", "unique": True}}
CLERK = {
    "user": {"read": True, "fields": {"name": "read"}},
    "card": {"read": True, "create": True, "fields": {"name": "write"}},
}


async def test_its_name_in_the_answer_is_the_one_that_was_asked(database_url: str) -> None:
    app = made(
        SHOP[0],
        {"kind": "object", "name": "card", "fields": CARD},
        {"kind": "role", "name": "clerk", "objects": CLERK},
    )
    verdict = await proved(database_url, app, "clerk", share=1)
    assert verdict.leaks == []
    assert verdict.probes["card"] > 30
