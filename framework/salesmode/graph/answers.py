"""What plugins answer: held against the type that they gave, read back where it is records, written as JSON.

An `Answer` is planned once for a selection. Its records are read by one statement, with the rights of whoever
asks: a record that is hidden is null, and left out of a list that has no nulls.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeAlias, cast

import orjson
from graphql import GraphQLEnumType, GraphQLObjectType

from salesmode.access.scope import PolicyScope
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement
from salesmode.database.unit import Rows, Step
from salesmode.fieldtypes import Invalid
from salesmode.fieldtypes.identifier import checked_id
from salesmode.graph.limits import Limits, limit_rows
from salesmode.graph.plugged_values import NOT_ONE, scalar_json
from salesmode.graph.selection import Nodes, Selection
from salesmode.model.condition import Argument
from salesmode.queries.pick import Leaf as Ids, Pick
from salesmode.queries.planner import plan_gathered

Texts: TypeAlias = Mapping[tuple[int, str], bytes]
"""The JSON texts of the records that were found, by place and id."""


class Nonsense(Exception):
    """An answer that its type does not allow: where it is wrong, what stands there, and what should."""

    def __init__(self, where: str, found: object, wanted: str) -> None:
        super().__init__(f"{where or 'the answer'} is {found!r:.100} where {wanted} should be")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a scalar, or one of the `options` of an enum."""

    type: str
    options: frozenset[str] | None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """The id of a record; `place`: the number of its selection."""

    place: int
    required: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    item: "Shape"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping with these `names`. Of each item: its key in the answer, its name, and what stands there."""

    type: str
    names: frozenset[str]
    items: tuple[tuple[str, str, "Shape | None"], ...]
    required: bool = False


Shape: TypeAlias = Leaf | Record | Listed | Mapped


@dataclass(frozen=True, slots=True)
class Found:
    """Ids that wait for their records. What is hidden is null, or, in a list `without_nulls`, left out."""

    place: int
    ids: tuple[str, ...]
    without_nulls: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was selected of a field's answer. `statement` reads the records of its `places` selections."""

    shape: Shape
    places: int
    statement: Statement | None
    limits: Limits

    def checked(self, value: Any) -> Any:
        """The answer as JSON has it, with Found in place of records. Raises Nonsense."""
        return _checked(self.shape, value, "")

    def reading(self, checked: Iterable[Any], environment: Environment) -> Step | None:
        """The step that reads the records of all these answers; None where there are none."""
        ids: list[dict[str, None]] = [{} for _ in range(self.places)]
        for found in _all_found(checked):
            ids[found.place].update(dict.fromkeys(found.ids))
        if self.statement is None or not any(ids):
            return None
        asked = environment.with_variables({_name(at): tuple(each) for at, each in enumerate(ids)})
        limit_rows(self.statement.rows(asked), self.limits)
        return Step(self.statement.sql, self.statement.bind(asked))


def texts_of(rows: Rows) -> Texts:
    """What such a step reads."""
    return {(int(str(place)), str(id_)): str(text).encode() for place, id_, text in rows}


def written(checked: Any, texts: Texts) -> bytes:
    """The JSON text of a checked answer."""
    fill = partial(_filled, texts=texts)
    return orjson.dumps(checked, default=fill, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def planned_answer(type_: str, nodes: Nodes, selection: Selection, scope: PolicyScope) -> Answer:
    """How the answer of a field of that type is told, as far as it is selected."""
    shaping = _Shaping(selection)
    shape = shaping.shape(type_, nodes)
    limits = selection.trees.limits
    statement = plan_gathered(shaping.places, scope, limits.filters) if shaping.places else None
    return Answer(shape, len(shaping.places), statement, limits)


@dataclass(frozen=True)
class _Shaping:
    selection: Selection
    places: list[tuple[str, Ids, tuple[Pick, ...]]] = field(default_factory=list)

    def shape(self, type_: str, nodes: Nodes) -> Shape:
        if type_.endswith("!"):
            return replace(self.shape(type_[:-1], nodes), required=True)
        if type_.startswith("["):
            return Listed(self.shape(type_[1:-1], nodes))
        schema = self.selection.document.schema
        derived, named = schema.derived(type_), schema.type_map[type_]
        if derived is not None and derived.kind == "record":
            place = len(self.places)
            picks = self.selection.below(named, nodes)
            self.places.append((derived.object, Argument((_name(place),)), picks))
            return Record(place)
        if isinstance(named, GraphQLObjectType):
            return self._mapped(named, nodes)
        options = frozenset(named.values) if isinstance(named, GraphQLEnumType) else None
        return Leaf(type_, options)

    def _mapped(self, type_: GraphQLObjectType, nodes: Nodes) -> Mapped:
        members = self.selection.document.schema.view.additions.types[type_.name].given.fields
        items = []
        for key, below in self.selection.selected(type_, nodes).items():
            name = below[0].name.value
            items.append((key, name, self.shape(members[name], below) if name in members else None))
        return Mapped(type_.name, frozenset(members), tuple(items))


def _name(place: int) -> str:
    return f"$records{place}"


def _checked(shape: Shape, value: Any, where: str) -> Any:
    if value is None:
        if shape.required and not isinstance(shape, Record):
            raise Nonsense(where, value, "something")
        return None
    match shape:
        case Leaf():
            return _leaf(shape, value, where)
        case Record(place):
            return Found(place, (_id(value, where),))
        case Listed(item):
            return _listed(item, value, where)
        case Mapped():
            return _mapping(shape, value, where)


def _leaf(shape: Leaf, value: Any, where: str) -> Any:
    if shape.options is not None:
        if value not in shape.options:
            raise Nonsense(where, value, shape.type)
        return value
    found = scalar_json(shape.type, value)
    if found is NOT_ONE:
        raise Nonsense(where, value, shape.type)
    return found


def _id(value: Any, where: str) -> str:
    try:
        return checked_id(value)
    except Invalid:
        raise Nonsense(where, value, "the id of a record") from None


def _listed(item: Shape, value: Any, where: str) -> Any:
    if not isinstance(value, list | tuple):
        raise Nonsense(where, value, "a list")
    if isinstance(item, Record) and item.required:
        ids = tuple(_id(each, f"{where}[{at}]") for at, each in enumerate(value))
        return Found(item.place, ids, without_nulls=True)
    return [_checked(item, each, f"{where}[{at}]") for at, each in enumerate(value)]


def _mapping(shape: Mapped, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value.keys() <= shape.names:
        raise Nonsense(where, value, shape.type)
    return {
        key: shape.type if item is None else _checked(item, value.get(name), f"{where}.{name}".lstrip("."))
        for key, name, item in shape.items
    }


def _all_found(checked: Any) -> Iterator[Found]:
    """All that waits for records, at any depth."""
    waiting = list(checked)
    while waiting:
        match waiting.pop():
            case Found() as found:
                yield found
            case list() as items:
                waiting += items
            case dict() as members:
                waiting += members.values()


def _filled(value: Any, texts: Texts) -> Any:
    found = cast(Found, value)
    there = (texts.get((found.place, id_)) for id_ in found.ids)
    fragments = [None if text is None else orjson.Fragment(text) for text in there]
    if found.without_nulls:
        return [each for each in fragments if each is not None]
    return fragments[0]
