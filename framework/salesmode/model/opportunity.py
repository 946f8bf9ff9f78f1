"""How records have opportunities: lines of staged and simple records, and of tags (D29)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from salesmode.model.object import Object
from salesmode.model.pipeline import Pipeline
from salesmode.model.tag import TAG, Tag

STAGED, SIMPLE, AS_TAG = "staged", "simple", "tag"
GRANULARITIES = (STAGED, SIMPLE, AS_TAG)

VIEW = "opportunity_view"
"""The name under which opportunities of all granularities are one."""


@dataclass(frozen=True, slots=True)
class Line:
    """Opportunities of one kind: the rows of `object` whose reference `link` leads to their customer.

    They are those in `pipelines`, worth `amount` and expected by `close_date` (None: nothing says so); or,
    where the object is `tag`, those of `tags`.
    """

    object: str
    link: str
    pipelines: tuple[str, ...] = ()
    amount: str | None = None
    close_date: str | None = None
    tags: tuple[str, ...] = ()


def lines_of(
    objects: Mapping[str, Object], pipelines: Iterable[Pipeline], tags: Iterable[Tag]
) -> Mapping[str, tuple[Line, ...]]:
    """The lines by the object of their customers."""
    found: dict[str, tuple[Line, ...]] = {}
    for customer, line in (*_of_pipelines(objects, pipelines), *_of_tags(tags)):
        found[customer] = (*found.get(customer, ()), line)
    return found


def marks_of(
    objects: Mapping[str, Object], pipelines: Mapping[str, Pipeline], tags: Iterable[Tag]
) -> Mapping[str, tuple[Tag, ...]]:
    """The tags that count as opportunities, by the object with pipelines whose records they stand beside:
    that of what they become, else the first one whose customers carry them.
    """
    found: dict[str, tuple[Tag, ...]] = {}
    for each in tags:
        home = _home(each, objects, pipelines) if each.line is not None else None
        if home is not None:
            found[home] = (*found.get(home, ()), each)
    return found


def _home(tag: Tag, objects: Mapping[str, Object], pipelines: Mapping[str, Pipeline]) -> str | None:
    if tag.promote_to is not None:
        return pipelines[tag.promote_to.pipeline].object
    named = (each for each in pipelines.values() if each.customer is not None)
    return next(
        (each.object for each in named if objects[each.object].fields[str(each.customer)].to == tag.object),
        None,
    )


def _of_pipelines(objects: Mapping[str, Object], pipelines: Iterable[Pipeline]) -> Iterator[tuple[str, Line]]:
    """Pipelines of one object that are read alike make one line."""
    alike: dict[tuple[str, str, str | None, str | None], list[str]] = {}
    for each in pipelines:
        if each.customer is not None:
            key = (each.object, each.customer, each.amount, each.close_date)
            alike.setdefault(key, []).append(each.name)
    for (name, link, amount, close_date), names in alike.items():
        customer = objects[name].fields[link].to
        assert customer is not None
        yield customer, Line(name, link, tuple(names), amount, close_date)


def _of_tags(tags: Iterable[Tag]) -> Iterator[tuple[str, Line]]:
    names: dict[str, list[str]] = {}
    for each in tags:
        if each.line is not None:
            names.setdefault(each.object, []).append(each.name)
    for customer, listed in names.items():
        yield customer, Line(TAG, customer, tags=tuple(listed))
