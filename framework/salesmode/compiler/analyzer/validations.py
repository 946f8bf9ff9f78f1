"""Conditions and rules as they stand in documents, read against the object that they are about."""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.conditions.parse import parse_condition
from salesmode.model.app import App
from salesmode.model.condition import ALWAYS, NEVER, Condition
from salesmode.model.object import Object, Validation

Path = tuple[str | int, ...]
Objects = Mapping[str, Object]


def condition_of(raw: Any, path: Path, object_: Object, objects: Objects, say: Reporter) -> Condition:
    """The condition that stands at `path`; NEVER where it is wrong."""
    return parse_condition(raw, object=object_, objects=objects, report=say.below(*path))


def validations_of(
    raw: Sequence[Mapping[str, Any]],
    path: Path,
    object_: Object,
    objects: Objects,
    *,
    say: Reporter,
    app: App,
) -> tuple[Validation, ...]:
    """The rules of the list at `path`."""
    return tuple(_validation(each, (*path, at), object_, objects, say, app) for at, each in enumerate(raw))


def _validation(
    raw: Mapping[str, Any], path: Path, object_: Object, objects: Objects, say: Reporter, app: App
) -> Validation:
    name = raw["name"]
    if "must" not in raw:
        what = f"validation '{name}' does not say what must hold"
        say.missing(what, "must", *path, hint="add `must: {…}`")
    when, must = (
        condition_of(raw[key], (*path, key), object_, objects, say) if key in raw else otherwise
        for key, otherwise in (("when", ALWAYS), ("must", NEVER))
    )
    message = label_of(raw.get("message"), app.locales, name)
    return Validation(name, when, must, message, say.span(*path))
