"""Whoever creates can fill what is required: the role or an add-on writes it, or a creating role sets it."""

import pytest

from salesmode.compiler import compile_texts

SHOP = """
kind: app
name: shops
---
kind: object
name: shop
fields:
  name: {type: text, required: true}
---
kind: role
name: base
objects:
  shop: {read: true, fields: {name: deny}}
---
kind: role
name: writer
objects:
  shop: {fields: {name: write}}
---
kind: role
name: maker
objects:
  shop: {read: true, create: {set: {name: New}}, fields: {name: read}}
---
kind: role
name: clerk
"""


@pytest.mark.parametrize(
    "grant",
    [
        "objects: {shop: {create: true, fields: {name: write}}}",
        "objects: {shop: {create: true, fields: {name: {write: {where: {name: x}}}}}}",
        "inherits: [writer]\nobjects: {shop: {create: true, fields: {name: read}}}",
        "inherits: [base]\nobjects: {shop: {create: {set: {name: New}}, fields: {name: write}}}",
        "inherits: [maker]\nobjects: {shop: {create: true, fields: {name: read}}}",
        "inherits: [base]",
    ],
)
def test_what_is_required_is_filled(grant: str) -> None:
    assert "clerk" in compile_texts({"app.yaml": SHOP + grant}).model.roles
