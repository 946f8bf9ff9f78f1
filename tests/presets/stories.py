"""The stories of the shipped presets, each in the preset that tells it."""

from collections.abc import Mapping
from functools import cache

from salesmode.cli.stories import only, told as of_app
from salesmode.diagnostics import Span
from salesmode.stories.telling import Telling
from tests.presets.compiled import PRESETS, compiled


def place(span: Span) -> str:
    """In the folder of the presets; a preset that is compiled alone is named by its whole path."""
    return str(span).rpartition("presets/")[2]


@cache
def told() -> Mapping[str, Telling]:
    """By preset, from the bottom up: its own stories and what they prove."""
    return {preset: _own(of_app(compiled(preset))) for preset in PRESETS}


def _own(found: Telling) -> Telling:
    return only(found, {each.name for each in found.stories if each.own})
