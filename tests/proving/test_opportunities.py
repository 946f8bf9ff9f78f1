"""Views over opportunities tell no more than each row and field of them (RULING 24, 38)."""

from collections.abc import Mapping
from typing import Any

import pytest

from salesmode.access.scope import PolicyScope
from salesmode.queries.comparison import _Comparison
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
    {"kind": "object", "name": "thing", "fields": {"name": {"type": "text"}}},
    {
        "kind": "object",
        "name": "deal_line",
        "fields": {
            "deal": {"type": "reference", "to": "deal", "inverse": "lines"},
            "made_of": {"type": "reference", "to": "thing"},
            "amount": {"type": "money"},
            "pieces": {"type": "integer"},
            "due": {"type": "date"},
        },
    },
    {
        "kind": "pipeline",
        "name": "long",
        "object": "deal",
        "customer": "customer",
        "stages": STAGES,
        "skip": True,
        "products": {"over": "lines", "product": "made_of", "quantity": "pieces", "delivery": "due"},
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
            "thing": {"read": {"where": {"name": {"ne": "x"}}}, "fields": {"name": "read"}},
            "deal_line": {
                "read": {"where": {"deal": {"owner": "$user.id"}}},
                "fields": {
                    "deal": "read",
                    "made_of": {"read": {"where": {"pieces": {"gt": 0}}}},
                    "amount": {"read": {"where": {"due": {"isNull": False}}}},
                    "due": "read",
                },
            },
            "deal": {
                "snapshot": True,
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
SELLER: Mapping[str, Any] = {
    "kind": "role",
    "name": "seller",
    "objects": {
        "user": {"read": True, "fields": {"name": "read"}},
        "deal": {
            "read": {"where": {"or": [OWN, {"amount": {"gt": 50}}]}},
            "fields": {"default": "read", "amount": {"read": {"where": OWN}}},
        },
    },
}
CHANNELS = (
    "opportunities",
    "funnel",
    "tag funnel",
    "forecast",
    "win rate",
    "snapshot comparison",
    "snapshot",
)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("role", ["clerk", "seller"])
async def test_views_of_opportunities_hold(database_url: str, role: str, seed: int) -> None:
    verdict = await proved(database_url, made(*SELLING, SELLER), role, seed=seed, channels=CHANNELS)
    assert verdict.leaks == []
    assert verdict.probes["deal"] > 10
    assert role == "seller" or verdict.probes["tag"] > 3


def unguarded(self: Any, _name: str, value: Any) -> Any:
    return value


@pytest.mark.parametrize(
    ("owner", "gate", "opened"),
    [
        (PolicyScope, "ever", lambda self, source: self.system.rows(source)),
        (_Comparison, "_guarded", unguarded),
    ],
    ids=["rows", "values"],
)
async def test_a_comparison_that_tells_more_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, owner: type, gate: str, opened: Any
) -> None:
    monkeypatch.setattr(owner, gate, opened)
    channels = ("snapshot comparison",)
    leaks = [
        leak
        for seed in range(3)
        for leak in (
            await proved(sqlite_url, made(*SELLING, SELLER), "seller", seed=seed, channels=channels)
        ).leaks
    ]
    assert {each.channel for each in leaks} == set(channels)
