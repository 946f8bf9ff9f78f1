"""Types and masks of plugins are proved like the engine's: by the values that a type takes, and with the mask
that shows of a text what it shows.
"""

import pytest

from salesmode.compiler import compile_texts
from tests.plugins.test_types_and_masks import APP, codes
from tests.proving.place import proved
from tests.support.plugged import plugged

pytestmark = pytest.mark.anyio

CHANNELS = (
    "select",
    "edges",
    "point",
    "order",
    "where equality",
    "history",
    "subscription",
    "export",
    "create",
)


async def test_no_channel_tells_more_than_a_plugin_s_mask(sqlite_url: str) -> None:
    with plugged(codes=codes()):
        model = compile_texts({"app.yaml": APP.replace("unique: true, ", "")}).model
        verdict = await proved(sqlite_url, model, "seller", channels=CHANNELS)
    assert [str(each) for each in verdict.leaks] == []
    assert verdict.probes["part"] > 20
