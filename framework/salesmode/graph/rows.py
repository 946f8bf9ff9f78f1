"""Values that are at hand, by the selection of a request: what introspection and `metadata` answer with.

graphql-core collects the fields (fragments, aliases, directives) once for each selection; then every row is
one walk over plain Python, where its executor would take twenty times as long.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson
from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import collect_sub_fields
from graphql.execution.values import get_argument_values

from salesmode.graph.document import Document

Read = Callable[[Any], Any]


@dataclass(frozen=True)
class RowReader:
    """One request's way of reading rows: mappings by GraphQL name, lists of them, and leaves.

    Rows of a type in `recurring` have a `key`, and those of one key are equal: each is made text once. One
    whose key is None is like no other.
    """

    document: Document
    variables: Mapping[str, Any]
    recurring: frozenset[str] = frozenset()
    _readers: dict[Hashable, Read] = field(default_factory=dict, init=False)

    def text(self, definition: GraphQLField, nodes: list[FieldNode], row: Any) -> Iterator[bytes]:
        """The JSON text of a field, in pieces: a list just below it is never whole in memory. GraphQLError
        for a wrong argument.
        """
        found = self._reader(definition, nodes)(row)
        if not isinstance(found, dict):
            yield _json(found)
            return
        yield b"{"
        for at, (key, value) in enumerate(found.items()):
            yield b'%s"%s":' % (b"," if at else b"", key.encode())
            yield from _pieces(value) if isinstance(value, Iterator) else (_json(value),)
        yield b"}"

    def _reader(self, definition: GraphQLField, nodes: list[FieldNode]) -> Read:
        """From the value of a field to what was selected of it."""
        get_argument_values(definition, nodes[0], dict(self.variables))
        type_ = get_named_type(definition.type)
        if not isinstance(type_, GraphQLObjectType):
            return _itself
        read = self._shared_reader(type_, nodes)
        return _each(read) if str(definition.type).startswith("[") else _some(read)

    def _shared_reader(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Read:
        """One for all places that spread the same fragment, so that what recurs there is made once."""
        selected = collect_sub_fields(
            self.document.schema, dict(self.document.fragments), dict(self.variables), type_, nodes
        )
        key = (type_.name, *((key, *map(id, below)) for key, below in selected.items()))
        if key not in self._readers:
            read = self._object(type_, selected)
            self._readers[key] = _once(read) if type_.name in self.recurring else read
        return self._readers[key]

    def _object(self, type_: GraphQLObjectType, selected: Mapping[str, list[FieldNode]]) -> Read:
        members = [(key, self._member(type_, below)) for key, below in selected.items()]
        return lambda row: {key: read(row) for key, read in members}

    def _member(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Read:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda _row: type_.name
        read = self._reader(type_.fields[name], nodes)
        return itemgetter(name) if read is _itself else lambda row: read(row[name])


def _json(value: Any) -> bytes:
    """What is read in lists is read now."""
    return orjson.dumps(value, default=list)


def _pieces(values: Iterator[Any]) -> Iterator[bytes]:
    yield b"["
    for at, each in enumerate(values):
        yield b"," + _json(each) if at else _json(each)
    yield b"]"


def _itself(value: Any) -> Any:
    return value


def _some(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _each(read: Read) -> Read:
    return lambda values: None if values is None else map(read, values)


def _once(read: Read) -> Read:
    known: dict[Hashable, orjson.Fragment] = {}

    def text_of(row: Any) -> Any:
        if row.key is None:
            return read(row)
        found = known.get(row.key)
        if found is None:
            text = _json(read(row)).decode()  # as bytes each would keep the 4 KB that orjson begins with
            found = known[row.key] = orjson.Fragment(text)
        return found

    return text_of
