"""`__schema` and `__type`: the catalog as rows by the names of the specification.

No graphene type is made for it. Nothing that metadata describes can be deprecated, so `includeDeprecated`
changes no answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLDirective

from salesmode.graph.blueprint import Blueprint, Member
from salesmode.graph.catalog import Catalog, Described
from salesmode.graph.library import DIRECTIVES, arguments_of
from salesmode.graph.roots import ROOTS

Row = Mapping[str, Any]

_KINDS = {
    "scalar": "SCALAR",
    "object": "OBJECT",
    "interface": "INTERFACE",
    "union": "UNION",
    "input": "INPUT_OBJECT",
    "enum": "ENUM",
}
_SELECTED = ("object", "interface")
_ABSTRACT = ("interface", "union")


class TypeRow:
    """`__Type` of a written type: `Customer`, `Customer!`, `[Customer!]!`. What is asked for is looked up.

    `key` is None for one that is met once: as a whole, in the list of all types.
    """

    __slots__ = ("_blueprint", "_members", "catalog", "key", "written")

    def __init__(self, catalog: Catalog, written: str, described: Described | None = None) -> None:
        self.catalog = catalog
        self.written = written
        self.key = None if described else written
        self._blueprint = described.blueprint if described else None
        self._members = described.members if described else None

    def __getitem__(self, name: str) -> Any:
        if self.written.endswith("!"):
            return self._around("NON_NULL", self.written[:-1], name)
        if self.written.startswith("["):
            return self._around("LIST", self.written[1:-1], name)
        return _OF_NAMED[name](self) if name in _OF_NAMED else None

    def _around(self, kind: str, inner: str, name: str) -> Any:
        if name == "kind":
            return kind
        return TypeRow(self.catalog, inner) if name == "ofType" else None

    @property
    def blueprint(self) -> Blueprint:
        """The named type."""
        if self._blueprint is None:
            self._blueprint = self.catalog.blueprint(self.written)
            assert self._blueprint is not None, "a type that is mentioned is there"
        return self._blueprint

    @property
    def members(self) -> Mapping[str, Any]:
        """Those of the named type."""
        return self.blueprint.members() if self._members is None else self._members


class MemberRow:
    """`__Field` or `__InputValue`. Without arguments they recur: one name and type stand in many inputs."""

    __slots__ = ("catalog", "key", "member", "name")

    def __init__(self, catalog: Catalog, name: str, member: Member) -> None:
        self.catalog = catalog
        self.name = name
        self.member = member
        self.key = None if member.args else (name, member.type, member.description, member.default)

    def __getitem__(self, name: str) -> Any:
        return _OF_MEMBER[name](self)


@dataclass(frozen=True, slots=True)
class _Types:
    """All types, each described when its turn comes."""

    catalog: Catalog

    def __iter__(self) -> Iterator[TypeRow]:
        return (TypeRow(self.catalog, each.blueprint.name, each) for each in self.catalog.reachable())


def schema_row(catalog: Catalog) -> Row:
    """`__Schema`."""
    roots = {f"{name.lower()}Type": type_row(catalog, name) for name in ROOTS}
    return {
        "description": None,
        "types": _Types(catalog),
        **roots,
        "directives": [_directive(catalog, each) for each in DIRECTIVES],
    }


def type_row(catalog: Catalog, name: str) -> TypeRow | None:
    """`__type(name:)`: nothing for a type that the policy does not show."""
    return TypeRow(catalog, name) if catalog.blueprint(name) else None


def _directive(catalog: Catalog, directive: GraphQLDirective) -> Row:
    return {
        "name": directive.name,
        "description": directive.description,
        "isRepeatable": directive.is_repeatable,
        "locations": [each.name for each in directive.locations],
        "args": _member_rows(catalog, arguments_of(directive.args)),
        "isDeprecated": False,
        "deprecationReason": None,
    }


def _fields(row: TypeRow) -> Iterator[MemberRow] | None:
    return _member_rows(row.catalog, row.members) if row.blueprint.form in _SELECTED else None


def _input_fields(row: TypeRow) -> Iterator[MemberRow] | None:
    return _member_rows(row.catalog, row.members) if row.blueprint.form == "input" else None


def _member_rows(catalog: Catalog, members: Mapping[str, Member]) -> Iterator[MemberRow]:
    return (MemberRow(catalog, name, each) for name, each in members.items())


def _enum_values(row: TypeRow) -> Iterator[Row] | None:
    if row.blueprint.form != "enum":
        return None
    return (
        {"name": name, "description": text, "isDeprecated": False, "deprecationReason": None}
        for name, text in row.members.items()
    )


def _interfaces(row: TypeRow) -> list[TypeRow] | None:
    return _rows(row.catalog, row.blueprint.interfaces) if row.blueprint.form in _SELECTED else None


def _possible(row: TypeRow) -> list[TypeRow] | None:
    return _rows(row.catalog, row.blueprint.possible()) if row.blueprint.form in _ABSTRACT else None


def _rows(catalog: Catalog, names: Iterable[str]) -> list[TypeRow]:
    return [TypeRow(catalog, each) for each in names]


_OF_NAMED: Mapping[str, Callable[[TypeRow], Any]] = {
    "kind": lambda row: _KINDS[row.blueprint.form],
    "name": lambda row: row.written,
    "description": lambda row: row.blueprint.description,
    "fields": _fields,
    "interfaces": _interfaces,
    "possibleTypes": _possible,
    "enumValues": _enum_values,
    "inputFields": _input_fields,
    "isOneOf": lambda row: False if row.blueprint.form == "input" else None,
}

_OF_MEMBER: Mapping[str, Callable[[MemberRow], Any]] = {
    "name": lambda row: row.name,
    "description": lambda row: row.member.description,
    "args": lambda row: _member_rows(row.catalog, row.member.args),
    "type": lambda row: TypeRow(row.catalog, row.member.type),
    "defaultValue": lambda row: row.member.default,
    "isDeprecated": lambda _: False,
    "deprecationReason": lambda _: None,
}

RECURRING = frozenset({"__Type", "__Field", "__InputValue"})
"""The types whose rows have a key."""
