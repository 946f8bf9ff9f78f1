"""Views over opportunities tell no more than each row and field of them (RULING 24, 38)."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.proving.apps import SHOP, made
from tests.proving.place import proved

pytestmark = pytest.mark.anyio

OWN = {"owner": "$user.id"}
STAGES = [{"name": "first"}, {"name": "second"}, {"name": "won", "closes": "won"}]
SELLING: tuple[Mapping[str, Any], ...] = (
    SHOP[0],
    {
        "kind": "object",
        "name": "customer",
        "fields": {
            "name": {"type": "text", "required": True},
            "parent": {"type": "reference", "to": "customer", "tree": True, "inverse": "children"},
        },
    },
    {
        "kind": "object",
        "name": "deal",
        "owned": True,
        "fields": {
            "name": {"type": "text", "required": True},
            "customer": {"type": "reference", "to": "customer", "inverse": "deals"},
            "amount": {"type": "money"},
            "close_date": {"type": "date"},
        },
    },
    {
        "kind": "pipeline",
        "name": "long",
        "object": "deal",
        "customer": "customer",
        "stages": STAGES,
        "skip": True,
    },
    {"kind": "pipeline", "name": "short", "object": "deal", "customer": "customer", "granularity": "simple"},
    {
        "kind": "tag",
        "name": "referral",
        "object": "customer",
        "opportunity": {"line": "by_word"},
        "states": ["hinted", "met"],
        "promote_to": {"pipeline": "short"},
    },
    {
        "kind": "role",
        "name": "clerk",
        "objects": {
            "user": {"read": True, "fields": {"name": "read"}},
            "customer": {"read": {"where": {"name": {"ne": "x"}}}, "fields": {"default": "read"}},
            "deal": {
                "read": {"where": {"or": [OWN, {"pipeline": "long"}]}},
                "fields": {
                    "name": "read",
                    "customer": {"read": {"where": {"amount": {"gt": 0}}}},
                    "pipeline": {"read": {"where": {"or": [OWN, {"amount": {"gt": 10}}]}}},
                    "stage": {"read": {"where": OWN}},
                    "status": {"read": {"where": {"pipeline": "long"}}},
                    "amount": {"read": {"where": OWN}},
                    "close_date": {"read": {"where": OWN}},
                    "owner": "read",
                },
            },
        },
    },
)
CHANNELS = ("opportunities", "funnel", "forecast", "win rate")


@pytest.mark.parametrize("seed", range(3))
async def test_views_of_opportunities_hold(database_url: str, seed: int) -> None:
    verdict = await proved(database_url, made(*SELLING), "clerk", seed=seed, channels=CHANNELS)
    assert verdict.leaks == []
    assert verdict.probes["deal"] > 10
    assert verdict.probes["tag"] > 3
