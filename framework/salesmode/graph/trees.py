"""Arguments for the planner: trees with `Literal` and `Argument` leaves, and how each Argument is read from
the variables of a request.

A tree depends on the structure of the variables only (their keys, nulls, flags and enum values), so it is
made once for each structure; values are read again for every request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_enum_type,
    is_input_object_type,
)

from salesmode.diagnostics.refusal import Problem, Refusal
from salesmode.fieldtypes import Invalid
from salesmode.graph.leaves import Path, Read, problem_of, reader_of
from salesmode.graph.limits import Limits, limit_list
from salesmode.graph.raw import Variable, filled, names_in, raw_of
from salesmode.graph.schema import LazySchema
from salesmode.model.condition import Argument, Literal
from salesmode.model.field import Field
from salesmode.queries.cursor import CursorLeaf, nulls_of

ABSENT: Any = object()
CURSORS = ("after", "before")

Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an Argument's value is found, how it is read, and for a problem its path from the argument of the
    field whose key in the answer is `root`.
    """

    root: str
    find: Callable[[Variables], Any]
    read: Read
    path: Path


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: its path from the argument, its way in the variables (None: in the document), the
    field whose value it is, and the operator it belongs to.
    """

    path: Path
    at: Path | None = None
    field: Field | None = None
    operator: str | None = None

    def below(self, key: str | int) -> "Spot":
        return replace(self, path=(*self.path, key), at=None if self.at is None else (*self.at, key))


@dataclass
class Trees:
    """Makes the trees of one operation for one structure of variables, and collects their places and
    problems. `root` is the key of the operation's field whose arguments are being read.
    """

    schema: LazySchema
    variables: Variables
    limits: Limits
    root: str = ""
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def arguments(self, definition: GraphQLField, node: FieldNode, without: str = "") -> dict[str, Any]:
        """The arguments of one field, but for one. What is absent is left out."""
        found = {}
        for given in node.arguments:
            name = given.name.value
            if name == without:
                continue
            type_ = definition.args[name].type
            tree = self.tree(raw_of(given.value), type_, Spot((name,), field=self._option_of(type_)))
            if tree is not ABSENT:
                found[name] = self._cursor(tree) if name in CURSORS else tree
        return found

    def tree(self, raw: Any, type_: Any, spot: Spot) -> Any:
        """The tree of one value, ABSENT for a variable that was not given."""
        if isinstance(raw, Variable):
            if raw.name not in self.variables:
                return self._absent(raw, type_)
            return self.tree(self.variables[raw.name], type_, replace(spot, at=(raw.name,)))
        if isinstance(type_, GraphQLNonNull):
            if raw is None:
                raise GraphQLError(
                    f"Expected a value of type '{type_}', found null at '{_spelled(spot.path)}'."
                )
            return self.tree(raw, type_.of_type, spot)
        if raw is None:
            return Literal(None)
        if isinstance(type_, GraphQLList):
            return self._list(raw, type_.of_type, spot)
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(raw, type_, spot)
        return self._leaf(raw, type_, spot, many=False)

    def refuse_problems(self) -> None:
        """Literals that could not be read, all of them."""
        if self.problems:
            raise Refusal("VALIDATION_FAILED", problems=self.problems)

    def _absent(self, raw: Variable, type_: Any) -> Any:
        if isinstance(type_, GraphQLNonNull):
            raise GraphQLError(f"Variable '${raw.name}' of required type '{type_}' was not provided.")
        return ABSENT

    def _list(self, raw: Any, item: Any, spot: Spot) -> Any:
        named = get_named_type(item)
        if spot.operator != "between" and not is_input_object_type(named) and not self._structural(named):
            return self._leaf(raw, named, spot, many=True)
        items = raw if isinstance(raw, list) else [raw]
        limit_list(len(items), self.limits)
        spots = [spot.below(at) if isinstance(raw, list) else spot for at in range(len(items))]
        trees = [self.tree(each, item, below) for each, below in zip(items, spots, strict=True)]
        return [Literal(None) if tree is ABSENT else tree for tree in trees]

    def _object(self, raw: Any, type_: GraphQLInputObjectType, spot: Spot) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise GraphQLError(f"Expected type '{type_.name}' at '{_spelled(spot.path)}' to be an object.")
        refuse_missing(raw, type_)
        fields: Mapping[str, Field] = type_.extensions["fields"]() if "fields" in type_.extensions else {}
        found = {}
        for key, value in raw.items():
            below = spot.below(key)
            below = replace(below, field=fields[key]) if key in fields else below
            tree = self.tree(value, member(type_, key), self._operator(below, key, fields))
            if tree is not ABSENT:
                found[key] = tree
        return found

    def _operator(self, spot: Spot, key: str, fields: Mapping[str, Field]) -> Spot:
        return spot if key in fields else replace(spot, operator=key)

    def _leaf(self, raw: Any, type_: Any, spot: Spot, *, many: bool) -> Any:
        structural = self._structural(type_)
        read = (
            type_.parse_value if structural else reader_of(type_.name, spot.field, spot.operator, many=many)
        )
        read = self._short(read) if many else read
        if spot.at is None and names_in(raw):
            return self._place(lambda variables: filled(raw, dict(variables)), read, spot)
        if spot.at is None or structural:
            return Literal(self._now(raw, read, spot))
        at = spot.at
        return self._place(lambda variables: _walk(variables, at), read, spot)

    def _short(self, read: Read) -> Read:
        def read_short(raw: Any) -> Any:
            limit_list(len(raw) if isinstance(raw, list) else 1, self.limits)
            return read(raw)

        return read_short

    def _place(self, find: Callable[[Variables], Any], read: Read, spot: Spot) -> Argument:
        self.places.append(Place(self.root, find, read, spot.path))
        return Argument((f"#{len(self.places) - 1}",))

    def _now(self, raw: Any, read: Read, spot: Spot) -> Any:
        try:
            return read(raw)
        except Invalid as invalid:
            self.problems.append(problem_of(invalid, spot.path))
            return None

    def _structural(self, type_: Any) -> bool:
        """Flags and enums that are no options decide what is planned."""
        if type_.name == "Boolean":
            return True
        derived = self.schema.derived(type_.name)
        return is_enum_type(type_) and not (derived and derived.kind == "choice")

    def _option_of(self, type_: Any) -> Field | None:
        """The field of which an argument is an option."""
        derived = self.schema.derived(get_named_type(type_).name)
        if derived is None or derived.kind != "choice":
            return None
        return self.schema.view.model.objects[derived.object].fields[str(derived.field)]

    def _cursor(self, tree: Any) -> Any:
        if tree == Literal(None):
            return tree
        text = tree.value if isinstance(tree, Literal) else self._read(tree)
        return CursorLeaf(tree, nulls_of(text))

    def _read(self, leaf: Argument) -> Any:
        place = self.places[int(str(leaf.path[0])[1:])]
        return place.find(self.variables)


def member(type_: GraphQLInputObjectType, key: str) -> Any:
    """The type of a member of an input object."""
    found = type_.fields.get(key)
    if found is None:
        raise GraphQLError(f"Field '{key}' is not defined by type '{type_.name}'.")
    return found.type


def refuse_missing(raw: Mapping[str, Any], type_: GraphQLInputObjectType) -> None:
    """Every member that must be there is there."""
    for name, each in type_.fields.items():
        if isinstance(each.type, GraphQLNonNull) and name not in raw:
            raise GraphQLError(
                f"Field '{type_.name}.{name}' of required type '{each.type}' was not provided."
            )


def _walk(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _spelled(path: Path) -> str:
    return ".".join(map(str, path))
