"""Labels: what people read, the app's first locale first (RULING 44)."""

from collections.abc import Sequence
from typing import Any

from salesmode.model.label import Label


def label_of(raw: Any, locales: Sequence[str], otherwise: str) -> Label:
    """A label as written: a text is the first locale's; without one, the name `otherwise` in words."""
    if raw is None:
        return Label({locales[0]: in_words(otherwise)})
    if isinstance(raw, str):
        return Label({locales[0]: raw})
    ordered = sorted(raw, key=lambda tag: locales.index(tag) if tag in locales else len(locales))
    return Label({tag: raw[tag] for tag in ordered})


def optional_label(raw: Any, locales: Sequence[str]) -> Label | None:
    """A help text, where there is one."""
    return None if raw is None else label_of(raw, locales, "")


def in_words(name: str) -> str:
    """`next_follow_up` → `Next follow up`."""
    return name.replace("_", " ").capitalize()
