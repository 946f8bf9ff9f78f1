"""From the text of a request to one operation that is known to fit the schema."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    parse,
    validate,
)

from salesmode.graph.errors import RequestErrors
from salesmode.graph.limits import Limits, beyond, limit_document
from salesmode.graph.rules import RULES
from salesmode.graph.schema import LazySchema


@dataclass(frozen=True)
class Document:
    """One operation of a valid document, with the fragments that it may spread."""

    schema: LazySchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.operation.operation.value

    @property
    def root(self) -> GraphQLObjectType:
        """The type of the operation's fields."""
        root = self.schema.get_root_type(self.operation.operation)
        assert root is not None, "validated: the schema has this kind of operation"
        return root


def read_document(text: str, operation_name: str | None, schema: LazySchema, limits: Limits) -> Document:
    """Parse, limit, validate, choose the operation. Raises RequestErrors with all that is wrong, or a
    Refusal.
    """
    tree = _parsed(text, limits.tokens)
    limit_document(tree, limits)
    errors = validate(schema, tree, RULES)
    if errors:
        raise RequestErrors(errors)
    fragments = {
        each.name.value: each for each in tree.definitions if isinstance(each, FragmentDefinitionNode)
    }
    return Document(schema, _chosen(tree, operation_name, schema), fragments)


def _parsed(text: str, tokens: int) -> DocumentNode:
    try:
        return parse(text, max_tokens=tokens)
    except GraphQLError as error:
        if error.message.endswith(f"more than {tokens} tokens. Parsing aborted."):
            raise beyond("tokens", tokens) from None
        raise RequestErrors([error]) from None


def _chosen(tree: DocumentNode, name: str | None, schema: LazySchema) -> OperationDefinitionNode:
    operations = [each for each in tree.definitions if isinstance(each, OperationDefinitionNode)]
    if name is not None:
        operations = [each for each in operations if each.name and each.name.value == name]
        if not operations:
            raise RequestErrors([GraphQLError(f"Unknown operation named '{name}'.")])
    if len(operations) != 1:
        message = "Must provide operation name if query contains multiple operations."
        raise RequestErrors([GraphQLError(message if operations else "The document holds no operation.")])
    if schema.get_root_type(operations[0].operation) is None:
        kind = operations[0].operation.value
        raise RequestErrors(
            [GraphQLError(f"Schema is not configured to execute {kind} operation.", operations[0])]
        )
    return operations[0]
