"""What plugins add to the schema: there for whoever may use it, and for nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import build_client_schema, get_introspection_query, graphql_sync, parse, print_type, validate

from salesmode.compiler import compile_texts
from salesmode.graph.catalog import Catalog
from salesmode.graph.printed import printed
from salesmode.graph.rules import RULES
from salesmode.graph.schema import LazySchema
from salesmode.hookspecs import ApiField, GraphFields, InputType, OutputType, RecordField, Target
from salesmode.model.app import Model
from tests.graph.worlds import schema_of
from tests.support.plugged import adding, plugged

APP = """
kind: app
name: small
plugins: [extra]
---
kind: object
name: deal
fields:
  name: {type: text}
  amount: {type: money}
  cost: {type: money}
  size: {type: choice, options: [small, large]}
---
kind: object
name: price
fields: {name: {type: text}}
---
kind: role
name: seller
objects: {deal: {read: true, fields: {name: read, amount: read}}}
---
kind: role
name: boss
inherits: [seller]
objects:
  deal: {read: true, update: true, fields: {default: write}}
  price: {read: true, fields: {default: read}}
---
kind: role
name: chief
inherits: [boss]
"""


def run(*_: Any) -> Any:
    raise AssertionError("nothing is run while the schema is looked at")


def field(name: str, answer: str = "Int", **more: Any) -> ApiField:
    return ApiField(name=name, answer=answer, run=run, **more)


def of_deal(name: str, *needs: str, answer: str = "Int") -> RecordField:
    return RecordField(object="deal", name=name, answer=answer, needs=needs, resolve=run, description="Heat.")


GIVEN = GraphFields(
    queries=[
        field("everybodys", description="For all."),
        field("bosses", roles=frozenset({"boss"})),
        field("best", answer="[Deal!]!"),
        field("cheapest", answer="Price"),
        field("boxes", answer="[Box!]!", arguments={"order": "Order", "size": "DealSize", "first": "Int"}),
        field("sized", arguments={"size": "DealSize!"}),
        field("ordered", arguments={"order": "Order!"}),
    ],
    mutations=[
        field("heat", target=Target(object="deal")),
        field("cool", target=Target(object="deal", argument="deal", right="update"), answer="Deal"),
        field("drop", target=Target(object="deal", right="delete")),
    ],
    fields=[
        of_deal("weight", "name", "amount", answer="Decimal"),
        of_deal("margin", "amount", "cost"),
        of_deal("listed", "name", answer="Price"),
    ],
    types=[
        OutputType(
            name="Box", fields={"deal": "Deal", "price": "Price", "inner": "Box"}, description="A box."
        ),
        OutputType(name="Shelf", fields={"price": "Price", "shelf": "Shelf"}),
        InputType(name="Order", fields={"size": "DealSize", "ids": "[ID!]!", "orders": "[Order!]"}),
    ],
)


@pytest.fixture
def model() -> Iterator[Model]:
    with plugged(extra=adding(GIVEN)):
        yield compile_texts({"app.yaml": APP}).model


def schema(model: Model, *roles: str) -> LazySchema:
    return schema_of(model, *roles)


def names(type_: Any) -> set[str]:
    return set(type_.fields)


ADDED_QUERIES = {each.name for each in GIVEN.queries}


def test_a_root_field_is_there_for_its_roles_and_for_whom_all_its_types_are_there(model: Model) -> None:
    seen = {
        role: names(schema(model, role).query_type) & ADDED_QUERIES for role in ("seller", "boss", "chief")
    }
    assert seen["seller"] == {"everybodys", "best", "boxes", "ordered"}
    assert seen["boss"] == seen["chief"] == ADDED_QUERIES
    assert names(schema(model, "admin").query_type) >= ADDED_QUERIES


def test_a_mutation_is_there_for_whom_its_target_is(model: Model) -> None:
    seller = schema(model, "seller").mutation_type
    assert seller is not None
    assert names(seller) == {"heat"}
    boss = schema(model, "boss").mutation_type
    assert boss is not None
    assert {"heat", "cool"} <= names(boss)
    assert "drop" not in names(boss)
    assert str(boss.fields["cool"].args["deal"].type) == "ID!"
    assert schema(model, "nobody").mutation_type is None


def test_arguments_and_members_whose_types_are_not_there_are_left_out(model: Model) -> None:
    seller, boss = schema(model, "seller"), schema(model, "boss")
    assert set(seller.query_type.fields["boxes"].args) == {"order", "first"}
    assert set(boss.query_type.fields["boxes"].args) == {"order", "size", "first"}
    assert set(seller.type_map["Box"].fields) == {"deal", "inner"}
    assert set(boss.type_map["Box"].fields) == {"deal", "price", "inner"}
    assert set(seller.type_map["Order"].fields) == {"ids", "orders"}
    assert "Shelf" not in seller.type_map
    assert "Shelf" in boss.type_map


def test_a_field_of_records_is_there_for_whom_all_that_it_needs_is(model: Model) -> None:
    added = {each.name for each in GIVEN.fields}
    assert names(schema(model, "seller").type_map["Deal"]) & added == {"weight"}
    fields = schema(model, "boss").type_map["Deal"].fields
    assert set(fields) & added == added
    assert (str(fields["weight"].type), fields["weight"].description) == ("Decimal", "Heat.")


def test_who_may_not_use_a_field_is_told_what_a_name_that_nobody_has_is_told(model: Model) -> None:
    def told(text: str) -> list[str]:
        return [each.message for each in validate(schema(model, "seller"), parse(text), RULES)]

    for hidden in ("cheapest", "cheapent"):
        assert told(f"{{ {hidden} }}") == [f"Cannot query field '{hidden}' on type 'Query'."]
    assert told("{ deals { nodes { margin } } }") == ["Cannot query field 'margin' on type 'Deal'."]
    assert "'weight'" in told("{ deals { nodes { weigth } } }")[0]


def test_introspection_and_the_printed_schema_tell_the_same(model: Model) -> None:
    for role in ("seller", "boss"):
        lazy = schema(model, role)
        found = graphql_sync(lazy, get_introspection_query())
        assert found.data is not None
        client = build_client_schema(found.data)
        text = "\n".join(printed(Catalog(lazy.view)))
        assert print_type(client.type_map["Box"]) in text
        assert '"""A box."""\ntype Box {' in text
        assert ("  bosses: Int" in text) == (role == "boss")
        assert ("margin: Int" in text) == (role == "boss")
