"""The guide's plugin for the API and the shell: what the page says is what happens."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from salesmode.testing import Refused, crm

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
APP = """
kind: app
name: small
plugins: [guide]
---
kind: object
name: deal
fields: {name: {type: text}, amount: {type: money}, cost: {type: money}}
---
kind: role
name: seller
objects:
  deal: {read: true, create: true, update: {where: {amount: {lt: 100}}}, fields: {default: write}}
---
kind: role
name: looker
objects: {deal: {read: true, fields: {name: read, amount: read}}}
"""
PLACES = "{ standing(first: 2) { place deal { name } } }"
CUT = "mutation($id: ID!, $to: Decimal!) { cutDeal(id: $id, to: $to) { amount margin } }"


def guide() -> ModuleType:
    """The code of the page between these headings, as a module."""
    text = PAGE.read_text(encoding="utf-8")
    part = text[text.index("## The API") : text.index("## Types and masks")]
    found = ModuleType("guide")
    exec("\n".join(re.findall(r"```python\n(.*?)```", part, re.DOTALL)), vars(found))
    return found


def test_the_guides_plugin_does_what_the_page_says() -> None:
    with crm(APP, plugins={"guide": guide()}) as shop:
        ann, ben = shop.user("ann", "seller"), shop.user("ben", "looker")
        small = ann.create("deal", name="small", amount="50", cost="20")
        large = ann.create("deal", name="large", amount="500", cost="20")
        assert ben.ask(PLACES) == {
            "standing": [
                {"place": 1, "deal": {"name": "large"}},
                {"place": 2, "deal": {"name": "small"}},
            ]
        }
        assert ann.ask(CUT, id=small, to="40")["cutDeal"] == {"amount": "40.00", "margin": "20.00"}
        for who, id_, codes in ((ann, large, ("FORBIDDEN",)), (ben, small, ("BAD_REQUEST",))):
            with pytest.raises(Refused) as refused:
                who.ask(CUT, id=id_, to="1")
            assert refused.value.codes == codes
        told = "{ metadata { panels { title } objects { name pluginFields { name } actions { name } } } }"
        found = ann.ask(told)["metadata"]
        assert found["panels"] == [{"title": "Standing"}]
        (deal,) = (each for each in found["objects"] if each["name"] == "deal")
        assert deal["pluginFields"] == [{"name": "margin"}]
        assert deal["actions"] == [{"name": "cutDeal"}]
