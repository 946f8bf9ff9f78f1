"""What belongs to no pipeline of its object is null in every channel, and asked for like anything else."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.proving.apps import SHOP, made
from tests.proving.place import proved

pytestmark = pytest.mark.anyio

OWN = {"owner": "$user.id"}
SELLING: tuple[Mapping[str, Any], ...] = (
    SHOP[0],
    {"kind": "object", "name": "thing", "owned": True, "fields": {"name": {"type": "text"}}},
    {
        "kind": "object",
        "name": "deal",
        "owned": True,
        "fields": {
            "name": {"type": "text"},
            "thing": {"type": "reference", "to": "thing", "inverse": "deals"},
            "amount": {"type": "money"},
        },
    },
    {"kind": "pipeline", "name": "long", "object": "deal", "granularity": "simple", "fields": ["name"]},
    {
        "kind": "role",
        "name": "clerk",
        "objects": {
            "user": {"read": True, "fields": {"name": "read"}},
            "thing": {"read": {"where": OWN}, "fields": {"default": "read"}},
            "deal": {
                "read": {"where": OWN},
                "fields": {"default": "read", "amount": {"read": {"where": OWN}}},
            },
        },
    },
)


async def test_they_are_null_to_whoever_asks(database_url: str) -> None:
    verdict = await proved(database_url, made(*SELLING), "clerk", share=8)
    assert verdict.leaks == []
    assert verdict.probes["deal"] > 30
