"""The shipped presets and the layers that they share, compiled once per process."""

from functools import cache

from salesmode.compiler import Compiled, compile_app
from salesmode.resources import presets_dir

MODES = ("expert_b2b", "iron_army_b2b", "big_c_household")
PRESETS = (
    "common",
    "dense_sales",
    *MODES,
    "household_education",
    "household_property",
    "household_car",
)


@cache
def compiled(preset: str) -> Compiled:
    return compile_app(presets_dir() / preset)
