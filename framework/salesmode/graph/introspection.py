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
    "input": "INPUT_OBJECT",
    "enum": "ENUM",
}
_SELECTED = ("object", "interface")


class TypeRow:
    """`__Type` of a written type: `Customer`, `Customer!`, `[Customer!]!`. What is asked for is looked up."""

    __slots__ = ("_blueprint", "_members", "catalog", "key")

    def __init__(self, catalog: Catalog, written: str, described: Described | None = None) -> None:
        self.catalog = catalog
        self.key = written
        self._blueprint = described.blueprint if described else None
        self._members = described.members if described else None

    def __getitem__(self, name: str) -> Any:
        if self.key.endswith("!"):
            return self._around("NON_NULL", self.key[:-1], name)
        if self.key.startswith("["):
            return self._around("LIST", self.key[1:-1], name)
        return _OF_NAMED[name](self) if name in _OF_NAMED else None

    def _around(self, kind: str, inner: str, name: str) -> Any:
        if name == "kind":
            return kind
        return TypeRow(self.catalog, inner) if name == "ofType" else None

    @property
    def blueprint(self) -> Blueprint:
        """The named type."""
        if self._blueprint is None:
            self._blueprint = self.catalog.blueprint(self.key)
            assert self._blueprint is not None, "a type that is mentioned is there"
        return self._blueprint

    @property
    def members(self) -> Mapping[str, Any]:
        """Those of the named type."""
        return self.blueprint.members() if self._members is None else self._members


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
        "args": _inputs(catalog, arguments_of(directive.args)),
        "isDeprecated": False,
        "deprecationReason": None,
    }


def _fields(row: TypeRow) -> Iterator[Row] | None:
    if row.blueprint.form not in _SELECTED:
        return None
    return (_field(row.catalog, name, each) for name, each in row.members.items())


def _field(catalog: Catalog, name: str, member: Member) -> Row:
    return {
        "name": name,
        "description": member.description,
        "args": _inputs(catalog, member.args) if member.args else (),
        "type": TypeRow(catalog, member.type),
        "isDeprecated": False,
        "deprecationReason": None,
    }


def _inputs(catalog: Catalog, members: Mapping[str, Member]) -> list[Row]:
    return [
        {
            "name": name,
            "description": each.description,
            "type": TypeRow(catalog, each.type),
            "defaultValue": each.default,
            "isDeprecated": False,
            "deprecationReason": None,
        }
        for name, each in members.items()
    ]


def _input_fields(row: TypeRow) -> list[Row] | None:
    return _inputs(row.catalog, row.members) if row.blueprint.form == "input" else None


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
    return _rows(row.catalog, row.blueprint.possible()) if row.blueprint.form == "interface" else None


def _rows(catalog: Catalog, names: Iterable[str]) -> list[TypeRow]:
    return [TypeRow(catalog, each) for each in names]


_OF_NAMED: Mapping[str, Callable[[TypeRow], Any]] = {
    "kind": lambda row: _KINDS[row.blueprint.form],
    "name": lambda row: row.key,
    "description": lambda row: row.blueprint.description,
    "fields": _fields,
    "interfaces": _interfaces,
    "possibleTypes": _possible,
    "enumValues": _enum_values,
    "inputFields": _input_fields,
    "isOneOf": lambda row: False if row.blueprint.form == "input" else None,
}
