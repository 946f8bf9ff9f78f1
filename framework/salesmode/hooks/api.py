"""What a plugin adds to the GraphQL API. Types are written as in GraphQL: `ID!`, `[Decimal!]!`, `JSON`; the
name of an object's type (`Customer`) stands for its id, and is selected and read with the caller's rights
like any record; the name of an `OutputType` or `InputType` of the plugin stands for a mapping by field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from salesmode.hooks.desk import Desk, Record, UnitOf


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputType:
    """An object type; `fields`: types by name in camelCase."""

    name: str
    fields: Mapping[str, str]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputType:
    """An input object; `fields`: types by name in camelCase. `object`: whose fields these are, so that who
    may neither read nor write one of them does not have it here either.
    """

    name: str
    fields: Mapping[str, str]
    object: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The record that a field or a mutation is about: `argument` is its id, or a list of ids (`[ID!]!`) where
    it is about several. Each must be a row of `object` that the caller may read (else NOT_FOUND); with
    `right` (`update`, `delete`, `share`, `transfer`, `merge`), one to which the caller has that right (else
    FORBIDDEN), and to whom no role gives it the field does not exist. `run` gets the ids as they are stored,
    each once.
    """

    object: str
    argument: str = "id"
    right: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiField:
    """A root field. `roles`: whose it is (None: everybody's who is signed in); `run` gets the arguments by
    name in camelCase. A query only reads, and waits for no writer; a mutation is committed unless it
    refuses.
    """

    name: str
    answer: str
    run: Callable[[Desk, Mapping[str, Any]], UnitOf[Any]]
    arguments: Mapping[str, str] = field(default_factory=dict)
    target: Target | None = None
    roles: frozenset[str] | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordField:
    """A field of every record of an object, resolved for all records of a request at once.

    `needs`: fields of the object; it exists for who may read all of them, and on rows where one of them is
    hidden it is null without being asked. `resolve` gets the records with those fields, and gives a value
    for each. It only reads.
    """

    object: str
    name: str
    answer: str
    needs: Sequence[str]
    resolve: Callable[[Desk, Sequence[Record]], UnitOf[Sequence[Any]]]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFields:
    """All that one plugin adds."""

    queries: Sequence[ApiField] = ()
    mutations: Sequence[ApiField] = ()
    fields: Sequence[RecordField] = ()
    types: Sequence[OutputType | InputType] = ()
