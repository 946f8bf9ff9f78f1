"""The two-level cache of DESIGN §6: a text becomes a document once, and with variables of one structure a
plan once.

Level 1: policy, text and operation name → Prepared. Level 2: that and the structure of the variables → Plan.
A warm request looks up twice and reads its values; it neither parses, validates, plans nor renders.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLNonNull, type_from_ast

from salesmode.access.policy import Policy
from salesmode.access.scope import PolicyScope
from salesmode.diagnostics.refusal import Problem, Refusal
from salesmode.fieldtypes import Invalid
from salesmode.graph.cache import ByteCache
from salesmode.graph.document import Document, read_document
from salesmode.graph.errors import FieldError
from salesmode.graph.leaves import problem_of
from salesmode.graph.limits import DEFAULT, Limits
from salesmode.graph.planning import plan_operation
from salesmode.graph.plans import Plan
from salesmode.graph.raw import raw_of
from salesmode.graph.schema import LazySchema
from salesmode.graph.shapes import Mismatch, Shape, Shapes, cursor_shape, shape_of
from salesmode.graph.usage import cursor_variables, planned_variables
from salesmode.graph.view import View
from salesmode.plugins import additions_of
from salesmode.tables import Tables

_SCHEMAS = 64
_SCHEMA_BYTES = 1
_TREE_FACTOR = 60


@dataclass
class Counters:
    """How often the cold steps were taken; a warm request raises none of them."""

    schemas: int = 0
    documents: int = 0
    plans: int = 0


@dataclass(frozen=True)
class Schema:
    """What requests under one policy share."""

    lazy: LazySchema
    scope: PolicyScope
    shapes: Shapes


@dataclass(frozen=True)
class Prepared:
    """A document and what its variables may be: defaults, those that must be given, those that plans depend
    on.
    """

    key: Hashable
    document: Document
    scope: PolicyScope
    defaults: Mapping[str, Any]
    required: tuple[str, ...]
    shapes: Mapping[str, Shape]

    def given(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The variables of a request with the document's defaults. GraphQLError where one is missing."""
        for name in self.required:
            if variables.get(name) is None:
                raise GraphQLError(f"Variable '${name}' of a required type was not provided.")
        return {**self.defaults, **variables} if self.defaults else variables


@dataclass
class Preparer:
    """Keeps schemas, documents and plans for one model on one database."""

    tables: Tables
    cache: ByteCache
    limits: Limits = DEFAULT
    counters: Counters = field(default_factory=Counters)
    _schemas: ByteCache = field(default_factory=lambda: ByteCache(_SCHEMAS))

    def __post_init__(self) -> None:
        # The names of all roles: made at the start, and not by the first request.
        _ = self.tables.model.published
        self._additions = additions_of(self.tables.model)

    def schema(self, policy: Policy) -> Schema:
        """The schema of a policy."""
        found: Schema | None = self._schemas.get(policy.key)
        if found is None:
            self.counters.schemas += 1
            lazy = LazySchema(View(self.tables.model, policy, self._additions))
            found = Schema(lazy, PolicyScope(self.tables, policy), Shapes(lazy))
            self._schemas.put(policy.key, found, _SCHEMA_BYTES)
        return found

    def document(self, text: str, operation_name: str | None, policy: Policy) -> Prepared:
        """Level 1. Raises RequestErrors, or a Refusal."""
        key = (policy.key, text, operation_name)
        found: Prepared | None = self.cache.get(key)
        if found is None:
            self.counters.documents += 1
            found = _prepared(
                key,
                read_document(text, operation_name, self.schema(policy).lazy, self.limits),
                self.schema(policy),
            )
            self.cache.put(key, found, _TREE_FACTOR * len(text) + 4_000)
        return found

    def plan(self, prepared: Prepared, variables: Mapping[str, Any]) -> Plan:
        """Level 2, for variables with their defaults. Raises FieldError with what is wrong."""
        try:
            key = (prepared.key, shape_of(variables, prepared.shapes))
        except Mismatch:
            return self._planned(prepared, variables)
        found: Plan | None = self.cache.get(key)
        if found is None:
            found = self._planned(prepared, variables)
            self.cache.put(key, found, found.size + len(repr(key[1])))
        return found

    def _planned(self, prepared: Prepared, variables: Mapping[str, Any]) -> Plan:
        self.counters.plans += 1
        return plan_operation(prepared.document, prepared.scope, variables, self.limits)


def bound(plan: Plan, variables: Mapping[str, Any]) -> dict[str, object]:
    """The values of a plan's Arguments. FieldError with every value of the field that cannot be read."""
    values: dict[str, object] = {}
    problems: dict[str, list[Problem]] = {}
    for at, place in enumerate(plan.places):
        found = place.find(variables)
        try:
            values[f"#{at}"] = None if found is None else place.read(found)
        except Invalid as invalid:
            problems.setdefault(place.root, []).append(problem_of(invalid, place.path))
        except GraphQLError as error:
            raise FieldError((place.root,), error) from error
    for root, found in problems.items():
        raise FieldError((root,), Refusal("VALIDATION_FAILED", problems=found))
    return values


def _prepared(key: Hashable, document: Document, schema: Schema) -> Prepared:
    cursors, planned = cursor_variables(document), planned_variables(document)
    defaults, required, shapes = {}, [], {}
    for each in document.operation.variable_definitions:
        name = each.variable.name.value
        type_ = type_from_ast(schema.lazy, each.type)
        if each.default_value is not None:
            defaults[name] = raw_of(each.default_value)
        if isinstance(type_, GraphQLNonNull):
            required.append(name)
        if name in planned:
            shapes[name] = cursor_shape if name in cursors else schema.shapes.of(type_)
    needed = tuple(each for each in required if each not in defaults)
    return Prepared(key, document, schema.scope, defaults, needed, shapes)
