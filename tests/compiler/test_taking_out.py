"""An app is compiled without one of its parts, as `explain` names them."""

import pytest

from salesmode.compiler import Compiled, compile_texts
from salesmode.compiler.provenance import UnknownPath
from salesmode.diagnostics import MetadataError
from salesmode.model.role import FieldGrant

APP = """
kind: app
name: shop
locales: [en]
currency: EUR
---
kind: object
name: customer
fields:
  name: {type: text, required: true, mask: last4}
  doubled: {type: formula, result: integer, expression: "size * 2"}
  size: {type: integer}
  boss: {type: reference, to: customer, inverse: staff}
  heads: {type: rollup, over: staff, count: true}
validations:
  - {name: small, must: {size: {lte: 10}}, message: Too large}
  - {name: named, must: {name: {ne: x}}, message: No name}
---
kind: role
name: clerk
objects:
  customer: {read: {where: {size: {gt: 1}, name: {ne: y}}}, fields: {name: read, doubled: read, size: read}}
"""


def without(path: str) -> Compiled:
    return compile_texts({"app.yaml": APP}, without=path)


def test_an_item_of_a_list_is_gone_and_the_others_stay() -> None:
    validations = without("customer.small").model.objects["customer"].validations
    assert [each.name for each in validations] == ["named"]


def test_a_key_is_gone() -> None:
    whole = compile_texts({"app.yaml": APP}).model.objects["customer"].fields["name"]
    assert without("customer.name.mask").model.objects["customer"].fields["name"].mask != whole.mask


def test_what_is_left_of_a_condition_holds() -> None:
    whole = compile_texts({"app.yaml": APP}).model.roles["clerk"].objects["customer"]
    part = without("role.clerk.customer.read.where.size").model.roles["clerk"].objects["customer"]
    assert part.read != whole.read


def test_a_grant_is_gone() -> None:
    fields = without("role.clerk.customer.fields.size").model.roles["clerk"].objects["customer"].fields
    assert isinstance(fields["name"], FieldGrant)
    assert "size" not in fields


@pytest.mark.parametrize("name", ["doubled", "heads"])
def test_a_computed_field_is_computed_of_nothing_and_stays(name: str) -> None:
    whole = compile_texts({"app.yaml": APP}).model.objects["customer"].fields
    fields = without(f"customer.{name}").model.objects["customer"].fields
    assert [*fields] == [*whole]
    assert fields[name].type == whole[name].type
    assert fields[name] != whole[name]


def test_a_whole_document_is_gone() -> None:
    assert "clerk" not in without("role.clerk").model.roles


def test_what_others_use_is_told_as_missing() -> None:
    with pytest.raises(MetadataError, match="SM302"):
        without("customer.fields.size")


def test_what_the_grammar_asks_for_is_told_as_missing() -> None:
    with pytest.raises(MetadataError, match="SM2"):
        without("customer.validations.small.name")


def test_a_path_to_nothing_says_what_was_meant() -> None:
    with pytest.raises(UnknownPath) as raised:
        without("customer.validations.smal")
    assert raised.value.hint == "did you mean 'small'?"


def test_the_documents_keep_their_order() -> None:
    documents = compile_texts({"app.yaml": APP}).layered.documents
    rest = without("customer.small").layered.documents
    assert [(each.kind, each.name) for each in rest] == [(each.kind, each.name) for each in documents]
