"""Documents of kind `list_view`."""

from collections.abc import Iterable, Iterator, Mapping

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.saved import (
    check_name,
    field_at,
    object_asked,
    order_of,
    roles_offered,
    where_of,
)
from salesmode.compiler.analyzer.validations import Objects
from salesmode.model.app import App
from salesmode.model.list_view import ListView
from salesmode.model.object import Object


def list_views_of(
    reporters: Mapping[str, Reporter], objects: Objects, roles: Iterable[str], app: App
) -> dict[str, ListView]:
    """The views by name; one of no known object is reported and left out."""
    known = tuple(roles)
    found = (_view(say, objects, known, app) for say in reporters.values())
    return {each.name: each for each in found if each is not None}


def _view(say: Reporter, objects: Objects, roles: Iterable[str], app: App) -> ListView | None:
    raw, name = say.document.data, say.document.name
    check_name(say)
    object_ = object_asked(say, objects)
    if object_ is None:
        return None
    return ListView(
        name=name,
        object=object_.name,
        label=label_of(raw.get("label"), app.locales, name),
        span=say.document.value_place(("name",)),
        where=where_of(raw, (), object_, objects, say),
        columns=tuple(_columns(say, object_, objects)),
        order=tuple(order_of(raw.get("order_by", ()), ("order_by",), object_, objects, say)),
        roles=roles_offered(say, roles),
    )


def _columns(say: Reporter, object_: Object, objects: Objects) -> Iterator[tuple[str, ...]]:
    for at, written in enumerate(say.document.data.get("columns", ())):
        steps = tuple(written.split("."))
        if field_at(steps, ("columns", at), object_, objects, say) is not None:
            yield steps
