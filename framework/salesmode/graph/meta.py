"""`metadata` and introspection: answered from what is at hand, apart from the data."""

import asyncio
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import FieldNode, GraphQLError, SchemaMetaFieldDef, TypeMetaFieldDef, parse, validate
from graphql.execution.values import get_argument_values, get_variable_values

from salesmode.graph.cache import ByteCache
from salesmode.graph.document import Document
from salesmode.graph.introspection import RECURRING, schema_row, type_row
from salesmode.graph.metadata import Metadata
from salesmode.graph.rows import RowReader
from salesmode.graph.rules import RULES
from salesmode.graph.usage import variables_in

_BESIDE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="salesmode-introspection")

NAMES = frozenset({"metadata", "__schema", "__type"})


@dataclass(frozen=True, eq=False)
class Meta:
    """One such root field of an operation. Without variables its answer is the same for every request of a
    language.
    """

    document: Document
    key: str
    nodes: Sequence[FieldNode]

    @cached_property
    def variables(self) -> frozenset[str]:
        """The variables that the answer depends on."""
        return frozenset(variables_in(self.nodes, self.document.fragments))

    async def answer(self, variables: Mapping[str, Any], locale: str, answers: ByteCache) -> bytes:
        """The JSON text of the field. What is not known yet is made beside the event loop, one at a time:
        introspection of a large model takes seconds, and others are answered meanwhile.
        """
        known: bytes | None = None if self.variables else answers.get((self, locale))
        if known is None:
            loop = asyncio.get_running_loop()
            known = await loop.run_in_executor(_BESIDE, self._packed, variables, locale)
            if not self.variables:
                answers.put((self, locale), known, len(known))
        return await asyncio.to_thread(zlib.decompress, known)

    def _packed(self, variables: Mapping[str, Any], locale: str) -> bytes:
        """Introspection repeats itself: packed it is twenty times smaller, and so it is made and kept."""
        packer = zlib.compressobj(level=1)
        pieces = [packer.compress(each) for each in self._text(variables, locale)]
        return b"".join((*pieces, packer.flush()))

    def _text(self, variables: Mapping[str, Any], locale: str) -> Iterator[bytes]:
        given = self._coerced(variables)
        schema, name, nodes = self.document.schema, self.nodes[0].name.value, list(self.nodes)
        reader = RowReader(self.document, given, recurring=RECURRING)
        match name:
            case "metadata":
                definition = self.document.root.fields[name]
                return reader.text(definition, nodes, Metadata(schema.view, locale, self._may_ask).row())
            case "__schema":
                return reader.text(SchemaMetaFieldDef, nodes, schema_row(schema.catalog))
            case _:
                wanted = get_argument_values(TypeMetaFieldDef, nodes[0], given)
                return reader.text(TypeMetaFieldDef, nodes, type_row(schema.catalog, wanted["name"]))

    def _may_ask(self, question: str) -> bool:
        try:
            return not validate(self.document.schema, parse(question), RULES)
        except GraphQLError:
            return False

    def _coerced(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables that the answer depends on. GraphQLError for what does not fit its type."""
        definitions = self.document.operation.variable_definitions
        used = [each for each in definitions if each.variable.name.value in self.variables]
        found = get_variable_values(self.document.schema, used, dict(variables))
        if isinstance(found, list):
            raise found[0]
        return found
