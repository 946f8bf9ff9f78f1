"""`renamed_from`: what cannot be a rename is said before a table is changed for it."""

from collections.abc import Mapping

from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.object import Object


def check_renames(objects: Mapping[str, Object], reporters: Mapping[str, Reporter]) -> None:
    """Old names of objects and of each object's fields."""
    seen: dict[str, str] = {}
    for name, each in objects.items():
        if name not in reporters:
            continue
        _check("object", name, each.renamed_from, objects, seen, reporters[name], ())
        fields: dict[str, str] = {}
        for field in each.fields.values():
            path = ("fields", field.name)
            _check("field", field.name, field.renamed_from, each.fields, fields, reporters[name], path)


def check_renamed_tags(tags: Mapping[str, object], reporters: Mapping[str, Reporter]) -> None:
    """Old names of tags."""
    seen: dict[str, str] = {}
    for name in tags:
        say = reporters[name]
        _check("tag", name, say.document.data.get("renamed_from"), tags, seen, say, ())


def _check(
    what: str,
    name: str,
    old: str | None,
    there: Mapping[str, object],
    seen: dict[str, str],
    say: Reporter,
    path: tuple[str, ...],
) -> None:
    place = (*path, "renamed_from")
    if old is None:
        return
    if old in seen:
        say.error_at_value(
            "SM316", f"{what}s '{seen[old]}' and '{name}' cannot both have been '{old}'", *place
        )
    elif old in there:
        say.warning("SM901", f"the {what} '{old}' is still there, so nothing is renamed", *place)
    seen.setdefault(old, name)
