"""The schema of a policy: what is in it, what is not, and how little of it comes into being."""

import inspect
import sys

import graphql
import pytest
from graphql import (
    build_client_schema,
    get_introspection_query,
    graphql_sync,
    parse,
    print_schema,
    print_type,
    validate,
)

from salesmode.graph.rules import RULES
from salesmode.model.published import BUILT_IN_TYPES, types_of
from tests.graph.worlds import chain, crm, schema_of
from tests.support.models import field, model, object_


def errors(text: str, *roles: str) -> list[str]:
    return [each.message for each in validate(schema_of(crm(), *roles), parse(text), RULES)]


def test_a_record_type_has_every_field_with_its_scalar_and_only_the_promised_ones_are_never_null() -> None:
    fields = schema_of(crm(), "admin").type_map["Customer"].fields
    assert {name: str(fields[name].type) for name in fields} == {
        "id": "ID!",
        "createdAt": "DateTime!",
        "createdBy": "User",
        "updatedAt": "DateTime!",
        "updatedBy": "User",
        "version": "Int!",
        "name": "String",
        "grade": "CustomerGrade",
        "nextFollowUp": "DateTime",
        "founded": "Date",
        "revenue": "Decimal",
        "cost": "Decimal",
        "staff": "Int",
        "orders": "BigInt",
        "vip": "Boolean",
        "phone": "String",
        "tagsSeen": "[CustomerTagsSeen!]",
        "wechat": "String",
        "settings": "JSON",
        "class": "String",
        "code": "String",
        "parent": "Customer",
        "owner": "User",
        "customers": "CustomerConnection!",
        "contacts": "ContactConnection!",
        "history": "HistoryConnection!",
    }


def test_a_list_of_references_is_written_as_ids_and_read_as_records() -> None:
    team = object_("team", {"members": field("multi_reference", to="user")})
    types = schema_of(model(team), "admin").type_map
    assert str(types["Team"].fields["members"].type) == "[User!]!"
    assert str(types["TeamCreate"].fields["members"].type) == "[ID!]"
    assert str(types["TeamWhere"].fields["members"].type) == "IDListFilter"


def test_the_roots_are_spelled_as_the_contract_says() -> None:
    printed = print_schema(schema_of(crm(), "admin"))
    for line in (
        "customer(id: ID!): Customer",
        "customers(where: CustomerWhere, orderBy: [CustomerOrderBy!], first: Int, after: String, last: Int,"
        " before: String, offset: Int): CustomerConnection!",
        "customerAggregate(where: CustomerWhere, groupBy: [CustomerGroupBy!],"
        " orderBy: [CustomerAggregateOrderBy!], first: Int): [CustomerAggregate!]!",
        "search(text: String!, objects: [ObjectName!], first: Int): [SearchHit!]!",
        "viewer: User!",
        "metadata: Metadata!",
        "node(id: ID!): Node",
        "createCustomer(input: CustomerCreate!): CustomerPayload!",
        "createCustomers(input: [CustomerCreate!]!): CustomersPayload!",
        "updateCustomer(id: ID!, input: CustomerUpdate!, ifVersion: Int): CustomerPayload!",
        "updateCustomers(where: CustomerWhere!, input: CustomerUpdate!): CustomersPayload!",
        "upsertCustomers(by: [CustomerField!]!, input: [CustomerCreate!]!): CustomersPayload!",
        "transferOwnership(from: ID!, to: ID, objects: [ObjectName!]): TransferPayload!",
        "deleteCustomer(id: ID!): CustomerPayload!",
        "restoreCustomer(id: ID!): CustomerPayload!",
    ):
        assert f"  {line}\n" in printed


def test_what_a_policy_does_not_grant_has_no_name_anywhere() -> None:
    printed = print_schema(schema_of(crm(), "sales"))
    assert "cost" not in printed
    assert "Contact" not in printed
    assert "deleteCustomer" not in printed
    assert "cost" in print_schema(schema_of(crm(), "admin"))


def test_a_masked_field_can_be_selected_and_not_compared() -> None:
    schema = schema_of(crm(), "sales")
    assert "wechat" in schema.type_map["Customer"].fields
    for name in ("CustomerWhere", "CustomerReferenceWhere", "CustomerOrderBy", "CustomerAggregateKey"):
        assert "wechat" not in schema.type_map[name].fields
    assert "wechat" not in schema.type_map["CustomerField"].values
    assert "wechat" not in schema.type_map["CustomerCreate"].fields


def test_a_role_that_only_reads_gets_no_mutation_type() -> None:
    assert schema_of(crm()).mutation_type is None


@pytest.mark.parametrize(
    ("name", "near"), [("cost", "cosy"), ("contacts", "contactz"), ("deleteCustomer", "deleteCustomed")]
)
def test_a_hidden_name_is_refused_in_the_words_of_one_that_does_not_exist(name: str, near: str) -> None:
    def said(selected: str) -> list[str]:
        text = f"{{ customers {{ nodes {{ {selected} }} }} }}"
        return [each.replace(selected, "NAME") for each in errors(text, "sales")]

    assert said(name) == said(near)


def test_a_suggestion_never_names_what_is_hidden() -> None:
    assert "cost" in errors("{ customers { nodes { costs } } }", "admin")[0]
    assert "cost'" not in errors("{ customers { nodes { costs } } }", "sales")[0]
    assert errors("query ($a: ContactWher) { viewer { id } }", "sales")[0] == "Unknown type 'ContactWher'."


def test_fields_may_be_called_like_words_of_python() -> None:
    assert errors('{ customers(where: {class: {eq: "a"}}) { nodes { class } } }', "admin") == []


def test_introspection_answers_a_schema_that_graphql_core_finds_valid() -> None:
    schema = schema_of(crm(), "sales")
    answer = graphql_sync(schema, get_introspection_query(input_value_deprecation=True))
    assert answer.errors is None
    assert answer.data is not None
    client = build_client_schema(answer.data)
    assert graphql.validate_schema(client) == []
    assert print_type(client.type_map["CustomerWhere"]) == print_type(schema.type_map["CustomerWhere"])


def test_introspection_lists_only_what_can_be_reached() -> None:
    listed = set(schema_of(crm(), "sales").type_map)
    assert "CustomerUpdate" in listed
    assert not listed & {"ContactWhere", "Contact", "ContactListCreate"}


def test_every_type_is_published_so_that_clashes_can_be_found() -> None:
    found = crm()
    derived = {name for each in found.objects.values() for name, _ in types_of(each)}
    listed = {name for name in schema_of(found, "admin").type_map if not name.startswith("__")}
    assert listed <= derived | BUILT_IN_TYPES
    assert not derived & BUILT_IN_TYPES


def test_a_query_touches_only_the_types_that_it_names() -> None:
    schema = schema_of(chain(300), "admin")
    assert validate(schema, parse("{ link100s { nodes { name before { name } } } }"), RULES) == []
    assert len(schema.type_map.made) < 40


def test_a_wrong_name_does_not_make_the_schema_come_into_being() -> None:
    schema = schema_of(chain(300), "admin")
    text = "query ($w: Link7Wheer) { nope { id } node(id: 1) { nope ... on Link3 { nope } } link5s { nope } }"
    assert len(validate(schema, parse(text), RULES)) == 6
    assert len(schema.type_map.made) < 60


def test_a_chain_of_objects_is_walked_without_recursion() -> None:
    schema = schema_of(chain(2000), "admin")
    assert validate(schema, parse("{ link1999s { nodes { before { before { name } } } } }"), RULES) == []
    before, inside = sys.getrecursionlimit(), len(inspect.stack())
    sys.setrecursionlimit(inside + 120)
    try:
        assert sum(name.endswith("Connection") for name in schema_of(chain(200), "admin").type_map) > 200
    finally:
        sys.setrecursionlimit(before)


def test_every_record_is_a_node_and_nothing_else_is() -> None:
    assert (
        errors(
            "{ node(id: 1) { id ... on Customer { name } } customers { nodes { ... on Node { id } } } }",
            "admin",
        )
        == []
    )
    assert "can never be of type" in errors("{ node(id: 1) { ... on PageInfo { hasNextPage } } }", "admin")[0]


def test_enums_are_spelled_as_in_the_metadata() -> None:
    assert list(schema_of(crm(), "admin").type_map["CustomerGrade"].values) == ["a", "b", "c"]
    assert "nextFollowUp" in schema_of(crm(), "admin").type_map["CustomerField"].values
