"""What a role may know of two worlds is told from the rows and from what holds of them."""

from typing import Any

from salesmode.model.condition import ALWAYS
from salesmode.model.pipeline import PIPELINE
from salesmode.model.snapshot import ITEM
from salesmode.proving.sight import Granted, Sight
from salesmode.proving.world import id_of, random_world
from tests.proving.apps import made
from tests.proving.test_opportunities import SELLING

SECRET = {"name": {"ne": "x"}}
READER: Any = {
    "kind": "role",
    "name": "reader",
    "objects": {
        "deal": {
            "snapshot": True,
            "read": True,
            "fields": {"default": "read", "amount": {"read": {"where": SECRET}}},
        },
    },
}
MODEL = made(*SELLING, READER)
DEAL = id_of(MODEL, "deal", 1)


def sight(*, amount: bool) -> Sight:
    """Of a deal without an amount, and with one when its snapshot was taken; `amount`: it may be seen."""
    world = random_world(MODEL, "reader", 1)
    item = next(iter(world.rows[ITEM]))
    cells = {(ITEM, item, "deal"): DEAL, (ITEM, item, "amount"): "5.00"}
    cells |= {("deal", DEAL, "amount"): None, ("deal", DEAL, PIPELINE): "long"}
    granted = Granted(MODEL, "reader")
    (grant,) = granted.grants("deal")
    truths = {name: dict.fromkeys(rows, frozenset({ALWAYS})) for name, rows in world.rows.items()}
    if amount:
        truths["deal"][DEAL] |= {grant.fields["amount"].clear}
    return Sight(granted, world.changed(cells), {}, truths)


def test_an_item_of_a_snapshot_is_told_by_the_rights_to_its_record_now() -> None:
    assert sight(amount=True).equals(sight(amount=True))
    assert not sight(amount=True).equals(sight(amount=False))
