"""Models and policies for the tests of the API."""

from collections.abc import Iterable

from salesmode.access.compose import policy_of
from salesmode.access.policy import Policy
from salesmode.graph.schema import LazySchema
from salesmode.graph.view import View
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Compare, UserValue
from salesmode.model.object import Object
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from salesmode.plugins import additions_of
from tests.support.models import SPAN, field, label, model, object_, reference

MINE = Compare("owner", "eq", UserValue("id"))


def customer() -> Object:
    return object_(
        "customer",
        {
            "name": field("text", required=True, max_length=40, searchable=True),
            "grade": field("choice", options=("a", "b", "c")),
            "next_follow_up": field("datetime"),
            "founded": field("date"),
            "revenue": field("money"),
            "cost": field("money"),
            "staff": field("integer"),
            "orders": field("big_integer"),
            "vip": field("boolean"),
            "phone": field("phone"),
            "tags_seen": field("multi_choice", options=("red", "green")),
            "wechat": field("text"),
            "settings": field("json"),
            "class": field("text"),
            "code": field("text", unique=True),
            "parent": reference("customer", tree=True),
            "owner": field("user"),
        },
        owned=True,
        title="{name} {cost}",
    )


def contact() -> Object:
    return object_(
        "contact", {"name": field("text", required=True, searchable=True), "customer": reference("customer")}
    )


def sales() -> Role:
    """Reads customers but not their cost, sees `wechat` masked, and writes what it owns."""
    fields = {
        name: FieldGrant(SPAN, clear=ALWAYS, write=ALWAYS) for name in customer().fields if name != "cost"
    }
    fields["wechat"] = FieldGrant(SPAN, masked=True)
    mine = Right(MINE, SPAN)
    of_customer = ObjectGrant("customer", SPAN, fields, Right(ALWAYS, SPAN), mine, mine)
    return Role("sales", label("Sales"), SPAN, (), {"customer": of_customer})


def crm() -> Model:
    return model(customer(), contact(), roles=[sales()])


def schema_of(found: Model, *roles: str) -> LazySchema:
    return LazySchema(View(found, policy_of(found, roles), additions_of(found)))


def policy(found: Model, roles: Iterable[str]) -> Policy:
    return policy_of(found, roles)


def chain(length: int) -> Model:
    """Objects, each with a reference to the one before it, so that the last leads to all."""
    return model(
        *(
            object_(
                f"link{at}",
                {"name": field("text")} | ({"before": reference(f"link{at - 1}")} if at else {}),
            )
            for at in range(length)
        )
    )
