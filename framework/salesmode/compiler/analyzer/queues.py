"""Documents of kind `queue`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.saved import (
    UNFIT,
    check_name,
    field_at,
    object_asked,
    roles_offered,
    where_of,
)
from salesmode.compiler.analyzer.validations import Objects, Path
from salesmode.conditions.values import is_variable, parse_value
from salesmode.model.app import App
from salesmode.model.condition import Moment
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.queue import Queue, QueueItem

_DATED = ("date", "datetime")


def queues_of(
    reporters: Mapping[str, Reporter], objects: Objects, roles: Iterable[str], app: App
) -> dict[str, Queue]:
    """The queues by name. An item of no known object is reported and left out."""
    known = tuple(roles)
    return {name: _queue(say, objects, known, app) for name, say in reporters.items()}


def _queue(say: Reporter, objects: Objects, roles: Iterable[str], app: App) -> Queue:
    raw, name = say.document.data, say.document.name
    check_name(say)
    if "items" not in raw:
        say.missing(f"the queue '{name}' has no items", "items", hint="add `items: [{name: …, where: {…}}]`")
    return Queue(
        name=name,
        label=label_of(raw.get("label"), app.locales, name),
        span=say.document.value_place(("name",)),
        items=tuple(_items(say, objects, app)),
        roles=roles_offered(say, roles),
    )


def _items(say: Reporter, objects: Objects, app: App) -> Iterator[QueueItem]:
    raw = say.document.data
    shared = object_asked(say, objects) if "object" in raw else None
    for at, each in enumerate(raw.get("items", ())):
        place = ("items", at)
        own = "object" in each or "object" not in raw
        object_ = object_asked(say, objects, *place) if own else shared
        if object_ is not None:
            yield _item(each, place, object_, objects, say=say, app=app)


def _item(
    raw: Mapping[str, Any], place: Path, object_: Object, objects: Objects, *, say: Reporter, app: App
) -> QueueItem:
    name, script = raw["name"], raw.get("script")
    return QueueItem(
        name=name,
        object=object_.name,
        where=where_of(raw, place, object_, objects, say),
        priority=raw.get("priority", 0),
        reason=label_of(raw.get("reason"), app.locales, name),
        script=None if script is None else label_of(script, app.locales, name),
        due=_due(raw["due"], (*place, "due"), object_, objects, say) if "due" in raw else None,
    )


def _due(raw: str, place: Path, object_: Object, objects: Objects, say: Reporter) -> str | Moment | None:
    if is_variable(raw):
        return _moment(raw, place, object_, objects, say)
    field = field_at((raw,), place, object_, objects, say)
    if field is not None and field.type not in _DATED:
        say.error_at_value(UNFIT, f"'{raw}' ({field.type}) is no date and no datetime", *place)
    return raw


def _moment(raw: str, place: Path, object_: Object, objects: Objects, say: Reporter) -> Moment | None:
    day = Field("due", "date", "due", object_.label, object_.span)
    found = parse_value(raw, day, object=object_, objects=objects, report=say.below(*place))
    if found is not None and not isinstance(found, Moment):
        say.error_at_value(
            UNFIT, "what is due is a field of the record or a moment like `$today + 2d`", *place
        )
    return found if isinstance(found, Moment) else None
