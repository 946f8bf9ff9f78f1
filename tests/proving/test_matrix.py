"""No role of a shipped preset, or of a generated app, learns what it may not read (RULING 24)."""

import pytest

from salesmode.compiler import compile_app
from salesmode.resources import presets_dir
from tests.proving.apps import shop
from tests.proving.place import proved

pytestmark = pytest.mark.anyio

PRESETS = ("expert_b2b",)
SHARE = 24


@pytest.mark.parametrize("preset", PRESETS)
async def test_no_role_of_a_preset_learns_what_it_may_not_read(database_url: str, preset: str) -> None:
    model = compile_app(presets_dir() / preset).model
    verdicts = [await proved(database_url, model, role, share=SHARE) for role in model.roles]
    assert [leak for each in verdicts for leak in each.leaks] == []
    assert sum(each.probes.total() for each in verdicts) > 1_000


async def test_every_probe_of_a_small_app_holds(database_url: str) -> None:
    verdict = await proved(database_url, shop(), "clerk")
    assert verdict.leaks == []
    assert verdict.probes["deal"] > 300
