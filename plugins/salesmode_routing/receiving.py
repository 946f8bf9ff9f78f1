"""Who receives what somebody hands over: pure functions over the records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

from salesmode.hookspecs import Record
from salesmode.model.app import Model
from salesmode_routing.reading import OWNER


@dataclass(frozen=True, slots=True)
class Holding:
    """A field that makes a record somebody's. `follows`: the objects of records that are handed over before,
    by reference; who receives one of those receives this record too.
    """

    object: str
    field: str
    follows: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Receiver:
    """A user, or nobody and a pool."""

    user: str | None
    pool: str | None = None


Received = dict[str, dict[str, Receiver]]
"""By object and record."""


def holdings_of(model: Model, objects: Sequence[str] | None) -> list[Holding]:
    """What can be handed over: the owners of records, and the assignees of tasks; those that others follow
    come first.
    """
    fields = {name: OWNER for name, each in model.objects.items() if each.owned} | {"task": "assignee"}
    wanted = {name: field for name, field in fields.items() if objects is None or name in objects}
    references = {name: _references(model, name, [*wanted]) for name in wanted}
    found: list[Holding] = []
    for name in _in_order(references):
        before = {each.object for each in found}
        follows = {field: to for field, to in references[name].items() if to in before}
        found.append(Holding(name, wanted[name], follows))
    return found


def _references(model: Model, name: str, among: Sequence[str]) -> Mapping[str, str]:
    fields = model.object(name).fields.values()
    return {each.name: str(each.to) for each in fields if each.type == "reference" and each.to in among}


def _in_order(references: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Objects after those that they refer to; in a circle somebody is first."""
    left = dict(references)
    while left:
        free = [name for name, fields in left.items() if not {*fields.values()} & (left.keys() - {name})]
        name = (free or [*left])[0]
        del left[name]
        yield name


def following(holding: Holding, rows: Sequence[Record], received: Received) -> dict[str, Receiver]:
    """Records that go where a record goes to which they belong."""
    found: dict[str, Receiver] = {}
    for row in rows:
        for field, to in holding.follows.items():
            receiver = received.get(to, {}).get(str(row[field]))
            if receiver is not None and (receiver.user is not None or holding.field == OWNER):
                found.setdefault(str(row["id"]), receiver)
    return found


def in_turn(ids: Sequence[str], users: Sequence[str]) -> dict[str, Receiver]:
    """The records among users one after the other."""
    return {id: Receiver(user) for id, user in zip(ids, cycle(users), strict=False)} if users else {}
