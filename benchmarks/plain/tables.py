"""The few columns that the question needs."""

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.types import NullType

_METADATA = MetaData()


def _table(name: str, *columns: str) -> Table:
    return Table(name, _METADATA, *(Column(each, NullType()) for each in ("id", "deleted_at", *columns)))


users = _table("users", "name", "display_name", "team_id")
customers = _table("customers", "name", "grade", "revenue", "wechat", "owner_id")
opportunities = _table(
    "opportunities", "name", "amount", "close_date", "forecast_category", "customer_id", "owner_id"
)
activities = _table("activities", "kind", "subject", "at", "customer_id", "opportunity_id", "user_id")
