"""The few columns that the question needs."""

from sqlalchemy import Column, MetaData, String, Table
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.types import NullType

_METADATA = MetaData()
_ID = String(36).with_variant(UUID(as_uuid=False), "postgresql")


def _table(name: str, *columns: str) -> Table:
    ids = ("id", *(each for each in columns if each.endswith("_id")))
    others = ("deleted_at", *(each for each in columns if each not in ids))
    return Table(
        name,
        _METADATA,
        *(Column(each, _ID) for each in ids),
        *(Column(each, NullType()) for each in others),
    )


users = _table("users", "name", "display_name", "team_id")
customers = _table("customers", "name", "grade", "revenue", "wechat", "owner_id")
opportunities = _table("opportunities", "name", "amount", "close_date", "status", "customer_id", "owner_id")
activities = _table("activities", "kind", "subject", "at", "customer_id", "opportunity_id", "user_id")
