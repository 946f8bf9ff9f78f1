"""Rows of worlds are such that the database takes them."""

from typing import Any

from salesmode.proving.world import ids_of, random_world
from tests.proving.apps import CLERK, SHOP, made
from tests.proving.place import proved

FEW: Any = {
    "kind": "object",
    "name": "rate",
    "unique": [["size", "urgent"]],
    "fields": {
        "size": {"type": "choice", "options": ["small", "large"], "required": True},
        "urgent": {"type": "boolean", "required": True},
        "class": {"type": "choice", "options": ["a", "b", "c"], "required": True, "unique": True},
        "deal": {"type": "reference", "to": "deal", "inverse": "rates"},
    },
}
READS: Any = {
    "kind": "role",
    "name": "rater",
    "objects": {"rate": {"read": {"where": {"urgent": True}}, "fields": {"class": "read", "deal": "read"}}},
}


def test_an_object_has_as_many_rows_as_its_options_tell_apart() -> None:
    rows = random_world(made(*SHOP, FEW, CLERK), "clerk", 1).rows["rate"].values()
    assert [each["class"] for each in rows] == ["a", "b", "c"]
    assert len({(each["size"], each["urgent"]) for each in rows}) == 3


async def test_what_leads_to_such_an_object_leads_to_one_of_its_rows(sqlite_url: str) -> None:
    first, second, *rest = SHOP
    rate = {"type": "reference", "to": "rate", "required": True}
    deal = {**second, "fields": {**second["fields"], "rate": rate}}
    model = made(first, deal, *rest, FEW, READS)
    found = {each["rate"] for each in random_world(model, "rater", 1).rows["deal"].values()}
    assert found <= {*ids_of(model, "rate")}
    assert not (await proved(sqlite_url, model, "rater", share=5)).leaks
