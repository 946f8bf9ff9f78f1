"""The validation rules: the standard ones, three of them fitted to a lazy schema and to problems with paths.

Takes a suggestion only from what is at hand: no rule may make the whole schema come into being.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLObjectType,
    NamedTypeNode,
    ValidationContext,
    ValueNode,
    get_named_type,
    specified_rules,
)
from graphql.pyutils import did_you_mean, natural_comparison_key
from graphql.validation import FieldsOnCorrectTypeRule, KnownTypeNamesRule, ValuesOfCorrectTypeRule
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from salesmode.graph.schema import LazySchema

# What is wrong with a value of these types is found when it is read, and told with its path (RULING 39).
READ_LATER = frozenset({"ID", "Decimal", "BigInt", "Date", "DateTime"})


class KnownTypes(ASTValidationRule):
    """A type must exist; the standard rule lists all types for its suggestions."""

    context: ValidationContext

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        if node.name.value not in self.context.schema.type_map:
            self.report_error(GraphQLError(f"Unknown type '{node.name.value}'.", node))


class KnownFields(ASTValidationRule):
    """A field must exist. On an interface the standard rule looks for it in every type there is, and it takes
    long to compare it with the thousands of fields that a root may have.
    """

    context: ValidationContext

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        type_ = self.context.get_parent_type()
        if type_ is None or self.context.get_field_def():
            return
        name = node.name.value
        hint = did_you_mean(_near(name, type_.fields)) if isinstance(type_, GraphQLObjectType) else ""
        self.report_error(GraphQLError(f"Cannot query field '{name}' on type '{type_}'." + hint, node))


def _near(name: str, known: Iterable[str]) -> Sequence[str]:
    """What it was probably written for, the likeliest first; as graphql-core has it for other names."""
    most = int(len(name) * 0.4) + 1
    found = extract(
        name, list(known), scorer=OSA.distance, processor=str.lower, score_cutoff=most, limit=None
    )
    found.sort(key=lambda each: (each[1], natural_comparison_key(each[0])))
    return [each for each, *_ in found]


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
