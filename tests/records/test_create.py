"""Creating: what a new row holds, in how few statements, and what is refused."""

from decimal import Decimal

from salesmode.model.app import Model
from salesmode.model.condition import Moment
from tests.records.conftest import OpenDesk
from tests.records.kit import NOW
from tests.support.models import field, model, object_, option, reference


def crm() -> Model:
    customer = object_(
        "customer",
        {
            "name": field("text", required=True, max_length=20),
            "grade": field("choice", options=["a", "b", option("z", active=False)]),
            "revenue": field("money", min=0),
            "code": field("auto_number", format="C-{0000}"),
            "since": field("date", default=Moment("today")),
            "active": field("boolean", default=True),
            "owner": field("user"),
        },
        owned=True,
    )
    contact = object_(
        "contact",
        {
            "name": field("text", required=True),
            "customer": reference("customer", required=True, on_delete="cascade"),
        },
    )
    return model(customer, contact)


async def test_a_new_row_holds_input_defaults_and_what_the_engine_gives(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    boss = await desk.system().new("user", name="Li")
    caller = desk.caller({"id": boss}, "admin")
    id_ = await caller.new("customer", name="Acme", grade="a", revenue="10.5")
    row = await desk.row("customer", id_)
    assert row["name"] == "Acme"
    assert row["revenue"] == Decimal("10.50")
    assert row["since"] == NOW.date()
    assert row["active"] is True
    assert row["owner"] == row["created_by"] == row["updated_by"] == boss
    assert row["created_at"] == row["updated_at"] == NOW
    assert row["version"] == 1
    assert row["code"] == "C-0001"
