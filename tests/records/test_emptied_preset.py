"""A role may leave a field empty that would have a value otherwise: `set: {owner: null}` (DESIGN §3)."""

import pytest

from salesmode.diagnostics import MetadataError
from salesmode.testing import crm

APP = """
kind: app
name: shop
---
kind: object
name: customer
owned: true
fields:
  name: {type: text, required: true}
  kind: {type: text, required: true, default: plain}
  since: {type: date, default: $today}
---
kind: role
name: platform
objects:
  customer:
    read: true
    create: {set: {owner: null, since: null}}
    fields: {default: write, owner: read, since: read}
"""


def test_a_role_leaves_empty_what_has_a_default(database_url: str) -> None:
    with crm(APP, database=database_url) as shop:
        made = shop.role("platform").create("customer", name="Tea house")
        found = shop.admin.read("customer", made, "owner { name } since createdBy { name }")
        assert found == {"owner": None, "since": None, "createdBy": {"name": "a_platform"}}


def test_a_required_field_is_not_left_empty() -> None:
    text = APP.replace("since: null", "kind: null")
    with pytest.raises(MetadataError, match="'kind' is required"), crm(text):
        pass
