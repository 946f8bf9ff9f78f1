"""What saved questions have in common: their object, paths through references, orders, roles."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from salesmode.compiler.analyzer.options import NOT_NAMES
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.validations import Objects, Path, condition_of
from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.field import Field
from salesmode.model.list_view import SortKey
from salesmode.model.object import Object
from salesmode.model.role import ADMIN

UNFIT = "SM620"
_REFERENCES = ("reference", "user")
_DIRECTIONS = ("asc", "desc")


def object_asked(say: Reporter, objects: Objects, *path: str | int) -> Object | None:
    """The object that the part at `path` is about; None where it is not said, or wrong (reported)."""
    raw: Any = say.document.data
    for step in path:
        raw = raw[step]
    if "object" not in raw:
        what = f"the {say.document.kind.replace('_', ' ')} '{say.document.name}' does not say of which object"
        say.missing(what, "object", *path, hint="add `object: …`")
        return None
    if raw["object"] not in objects:
        say.unknown("SM303", "object", raw["object"], objects, *path, "object")
        return None
    return objects[raw["object"]]


def check_name(say: Reporter) -> None:
    """The name is a value of an enum."""
    kind, name = say.document.kind.replace("_", " "), say.document.name
    if name in NOT_NAMES:
        say.error_at_value("SM306", f"a {kind} may not be named '{name}'", "name")


def where_of(
    raw: Mapping[str, Any], path: Path, object_: Object, objects: Objects, say: Reporter
) -> Condition:
    """The `where` of the part at `path`; all records where it has none."""
    if "where" not in raw:
        return ALWAYS
    return condition_of(raw["where"], (*path, "where"), object_, objects, say)


def roles_offered(say: Reporter, roles: Iterable[str]) -> tuple[str, ...] | None:
    """Who is offered it; None: whoever may ask it."""
    named = say.document.data.get("roles")
    if named is None:
        return None
    known = (*roles, ADMIN)
    for at, each in enumerate(named):
        if each not in known:
            say.unknown("SM304", "role", each, known, "roles", at)
    return tuple(named)


def field_at(
    steps: Sequence[str], place: Path, object_: Object, objects: Objects, say: Reporter
) -> Field | None:
    """The field at the end of a path of references; None where there is none (reported)."""
    *before, last = steps
    for step in before:
        field = _member(step, place, object_, say)
        if field is None:
            return None
        if field.type not in _REFERENCES:
            what = f"'{step}' of '{object_.name}' is no reference, so nothing lies behind it"
            say.error_at_value(UNFIT, what, *place)
            return None
        object_ = objects[str(field.to)]
    return _member(last, place, object_, say)


def _member(name: str, place: Path, object_: Object, say: Reporter) -> Field | None:
    field = object_.fields.get(name)
    if field is None:
        say.unknown("SM302", "field", name, object_.fields, *place)
    elif not field_type(field.type).selectable:
        say.error_at_value(UNFIT, f"'{name}' is never shown", *place)
        return None
    return field


def order_of(
    raw: Sequence[Any], path: Path, object_: Object, objects: Objects, say: Reporter
) -> Iterator[SortKey]:
    """The keys of the order at `path`."""
    for at, entry in enumerate(raw):
        found = _sort_key(entry, (), (*path, at), object_, objects, say)
        if found is not None:
            yield found


def _sort_key(
    entry: Any, steps: tuple[str, ...], place: Path, object_: Object, objects: Objects, say: Reporter
) -> SortKey | None:
    if not isinstance(entry, Mapping) or len(entry) != 1:
        say.error_at_value(UNFIT, "a key of an order is one field and its direction", *place)
        return None
    ((name, value),) = entry.items()
    place = (*place, name)
    field = _member(name, place, object_, say)
    if field is None:
        return None
    if isinstance(value, Mapping) and field.type in _REFERENCES:
        return _sort_key(value, (*steps, name), place, objects[str(field.to)], objects, say)
    if field.type in _REFERENCES:
        message = f"records are not ordered by the reference '{name}' itself"
        say.error_at_value(UNFIT, message, *place, hint=f"write `{{{name}: {{FIELD: asc}}}}`")
        return None
    if not field_type(field.type).orderable:
        say.error_at_value(UNFIT, f"'{name}' ({field.type}) has no order", *place)
        return None
    if value not in _DIRECTIONS:
        say.error_at_value(UNFIT, f"the direction of '{name}' is `asc` or `desc`", *place)
        return None
    return SortKey(steps, name, value == "desc")
