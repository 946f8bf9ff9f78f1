"""No role of a shipped preset, or of a generated app, learns what it may not read (RULING 24)."""

import pytest

from salesmode.compiler import compile_app
from salesmode.proving.matrix import prove
from salesmode.resources import presets_dir
from salesmode.tables import tables_of
from tests.proving.apps import SHOP, made, shop
from tests.proving.place import place, proved

pytestmark = pytest.mark.anyio

# One of so many probes, of a role of each mode; `salesmode test --permissions` asks all, of every role.
SHARE = 150
ROLES = (
    ("sqlite", "expert_b2b", "marketing"),
    ("sqlite", "iron_army_b2b", "sales"),
    ("sqlite", "big_c_household", "deliverer"),
    ("postgresql", "big_c_household", "deliverer"),
)


@pytest.mark.parametrize(("database_url", "preset", "role"), ROLES, indirect=["database_url"])
async def test_no_role_of_a_preset_learns_what_it_may_not_read(
    database_url: str, preset: str, role: str
) -> None:
    model = compile_app(presets_dir() / preset).model
    async with place(database_url, model) as database:
        verdict = await prove(tables_of(model, database.dialect), database, role, 1, share=SHARE)
    assert verdict.leaks == []
    assert verdict.probes.total() > 50


async def test_every_probe_of_a_small_app_holds(database_url: str) -> None:
    verdict = await proved(database_url, shop(), "clerk")
    assert verdict.leaks == []
    assert verdict.probes["deal"] > 300


async def test_a_grant_is_seen_with_its_record_and_one_about_nothing_by_nobody(database_url: str) -> None:
    deal = {"read": True, "create": True, "update": True, "delete": True, "fields": {"name": "write"}}
    user = {"read": False, "fields": {"name": "read"}}
    role = {"kind": "role", "name": "clerk", "objects": {"deal": deal, "user": user}}
    verdict = await proved(database_url, made(*SHOP, role), "clerk", share=3)
    assert verdict.probes["grant"] > 10
    assert verdict.leaks == []


async def test_what_another_role_shows_on_the_same_rows_has_no_mask_to_take_off(database_url: str) -> None:
    own = {"where": {"owner": "$user.id"}}
    masked = {"read": own, "fields": {"amount": "masked"}, "unmask": {"fields": ["amount"]}}
    clerk = {"kind": "role", "name": "clerk", "inherits": ["helper"], "objects": {"deal": masked}}
    shown = {"deal": {"read": own, "fields": {"amount": "read"}}}
    helper = {"kind": "role", "name": "helper", "objects": shown}
    verdict = await proved(database_url, made(*SHOP, clerk, helper), "clerk", channels={"unmask", "select"})
    assert verdict.leaks == []
    assert verdict.probes["deal"] > 5


async def test_what_may_be_deleted_and_never_seen_is_unknown(database_url: str) -> None:
    role = {
        "kind": "role",
        "name": "clerk",
        "objects": {"deal": {"delete": True, "fields": {"name": "read"}}},
    }
    verdict = await proved(database_url, made(*SHOP, role), "clerk", channels={"delete"})
    assert verdict.leaks == []
    assert verdict.probes["deal"] > 5


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_detail_that_may_not_go_over_to_a_foreign_parent_is_not_locked(
    database_url: str, seed: int
) -> None:
    part = {
        "kind": "object",
        "name": "part",
        "fields": {
            "name": {"type": "text"},
            "deal": {"type": "reference", "to": "deal", "required": True, "inverse": "its_parts"},
        },
    }
    own = {"where": {"owner": "$user.id"}}
    objects = {
        "deal": {"read": True, "update": own, "fields": {"name": "write"}},
        "part": {"rights": {"from": "deal"}, "fields": {"default": "write"}},
    }
    role = {"kind": "role", "name": "clerk", "objects": objects}
    verdict = await proved(database_url, made(*SHOP, part, role), "clerk", seed=seed, channels={"update"})
    assert verdict.leaks == []
    assert verdict.probes["part"] > 0
