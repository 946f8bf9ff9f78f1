"""Options of choices, written in the field or shared by an option set (RULING 45)."""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.field import Option

NOT_NAMES = ("true", "false", "null")  # RULING 4: GraphQL enums cannot have them

Sets = Mapping[str, Reporter]


def options_of(
    raw: Any, say: Reporter, path: Sequence[str | int], sets: Sets, locales: Sequence[str]
) -> tuple[tuple[Option, ...], Mapping[str, str]]:
    """The options in order, and for renamed ones the old name → the new one."""
    if isinstance(raw, dict):
        shared = sets.get(raw["from"])
        if shared is None:
            say.unknown("SM312", "option set", raw["from"], sets, *path, "from")
            return (), {}
        return options_of(shared.document.data.get("options", []), shared, ("options",), sets, locales)
    entries = [each if isinstance(each, dict) else {"name": each} for each in raw]
    for at, each in enumerate(entries):
        if each["name"] in NOT_NAMES:
            say.error("SM306", f"an option may not be named '{each['name']}'", *path, at)
    renamed = {each["renamed_from"]: each["name"] for each in entries if "renamed_from" in each}
    return tuple(_option(each, locales) for each in entries), renamed


def _option(raw: Mapping[str, Any], locales: Sequence[str]) -> Option:
    label = label_of(raw.get("label"), locales, raw["name"])
    value = str(raw.get("value", next(iter(label.texts.values()))))
    return Option(raw["name"], label, value, raw.get("active", True))
