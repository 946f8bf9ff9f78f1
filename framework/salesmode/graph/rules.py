"""The validation rules: the standard ones, three of them fitted to a lazy schema and to problems with paths.

Takes a suggestion only from what is at hand: no rule may make the whole schema come into being.
"""

from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    GraphQLError,
    GraphQLInputObjectType,
    NamedTypeNode,
    ValidationContext,
    ValueNode,
    get_named_type,
    is_abstract_type,
    specified_rules,
)
from graphql.validation import FieldsOnCorrectTypeRule, KnownTypeNamesRule, ValuesOfCorrectTypeRule

from salesmode.graph.schema import LazySchema

# What is wrong with a value of these types is found when it is read, and told with its path (RULING 39).
READ_LATER = frozenset({"ID", "Decimal", "BigInt", "Date", "DateTime"})


class KnownTypes(ASTValidationRule):
    """A type must exist; the standard rule lists all types for its suggestions."""

    context: ValidationContext

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        if node.name.value not in self.context.schema.type_map:
            self.report_error(GraphQLError(f"Unknown type '{node.name.value}'.", node))


class KnownFields(FieldsOnCorrectTypeRule):
    """A field must exist; on an interface the standard rule looks for it in every type there is."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        type_ = self.context.get_parent_type()
        if not (type_ and is_abstract_type(type_)):
            super().enter_field(node)
        elif not self.context.get_field_def():
            self.report_error(
                GraphQLError(f"Cannot query field '{node.name.value}' on type '{type_}'.", node)
            )


class ReadableValues(ValuesOfCorrectTypeRule):
    """A literal must fit its type; whether a date is a date, or an option one, is found when it is read."""

    def is_valid_value_node(self, node: ValueNode) -> None:
        named = get_named_type(self.context.get_input_type())
        parent = get_named_type(self.context.get_parent_input_type())
        if named is not None and (named.name in READ_LATER or self._is_choice(named.name)):
            return
        if isinstance(parent, GraphQLInputObjectType) and "writes" in parent.extensions:
            return
        super().is_valid_value_node(node)

    def _is_choice(self, name: str) -> bool:
        schema = self.context.schema
        derived = schema.derived(name) if isinstance(schema, LazySchema) else None
        return derived is not None and derived.kind == "choice"


_FITTED: dict[type[ASTValidationRule], type[ASTValidationRule]] = {
    KnownTypeNamesRule: KnownTypes,
    FieldsOnCorrectTypeRule: KnownFields,
    ValuesOfCorrectTypeRule: ReadableValues,
}

RULES: tuple[type[ASTValidationRule], ...] = tuple(_FITTED.get(rule, rule) for rule in specified_rules)
