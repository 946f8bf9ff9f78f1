"""`metadata` and introspection: answered by graphql-core over the lazy schema, apart from the data."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from graphql import DocumentNode, FieldNode, OperationDefinitionNode, SelectionSetNode
from graphql.execution import execute_sync

from salesmode.graph.cache import ByteCache
from salesmode.graph.document import Document
from salesmode.graph.metadata import Metadata
from salesmode.graph.usage import variables_in

_BESIDE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="salesmode-introspection")

NAMES = frozenset({"metadata", "__schema", "__type"})


@dataclass(frozen=True)
class _Root:
    """The value of Query for the fields that are answered here."""

    metadata: Mapping[str, Any]


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
        introspection of a large model takes long, and others are answered meanwhile.
        """
        known: bytes | None = None if self.variables else answers.get((self, locale))
        if known is None:
            loop = asyncio.get_running_loop()
            known = await loop.run_in_executor(_BESIDE, self._executed, variables, locale)
            if not self.variables:
                answers.put((self, locale), known, len(known))
        return known

    def _executed(self, variables: Mapping[str, Any], locale: str) -> bytes:
        schema = self.document.schema
        root = _Root(Metadata(schema.view, locale).row() if self.nodes[0].name.value == "metadata" else {})
        result = execute_sync(schema, self._alone(), root, variable_values=dict(variables))
        if result.errors:
            raise result.errors[0].original_error or result.errors[0]
        assert result.data is not None
        return orjson.dumps(result.data[self.key])

    def _alone(self) -> DocumentNode:
        """The operation with nothing else in it."""
        operation = self.document.operation
        used = [each for each in operation.variable_definitions if each.variable.name.value in self.variables]
        alone = OperationDefinitionNode(
            operation=operation.operation,
            name=operation.name,
            variable_definitions=tuple(used),
            directives=(),
            selection_set=SelectionSetNode(selections=tuple(self.nodes)),
        )
        return DocumentNode(definitions=(alone, *self.document.fragments.values()))
