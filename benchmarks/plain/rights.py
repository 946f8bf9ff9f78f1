"""The rights of the role `sales`, by hand: which rows, and the one field that is masked on some of them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from benchmarks.plain.tables import activities, customers, opportunities, users


@dataclass(frozen=True)
class Caller:
    """Who asks: the own id, and the ids of everyone in the same team."""

    id: str
    mates: tuple[str, ...]

    def customers(self) -> ColumnElement[bool]:
        mine = customers.c.owner_id == self.id
        return and_(customers.c.deleted_at.is_(None), or_(mine, customers.c.owner_id.in_(self.mates)))

    def opportunities(self) -> ColumnElement[bool]:
        own = select(customers.c.id).where(customers.c.owner_id == self.id)
        owner = opportunities.c.owner_id
        visible = or_(owner == self.id, owner.in_(self.mates), opportunities.c.customer_id.in_(own))
        return and_(opportunities.c.deleted_at.is_(None), visible)

    def activities(self) -> ColumnElement[bool]:
        own_customers = select(customers.c.id).where(customers.c.owner_id == self.id)
        own_deals = select(opportunities.c.id).where(opportunities.c.owner_id == self.id)
        visible = or_(
            activities.c.user_id == self.id,
            activities.c.user_id.in_(self.mates),
            activities.c.customer_id.in_(own_customers),
            activities.c.opportunity_id.in_(own_deals),
        )
        return and_(activities.c.deleted_at.is_(None), visible)

    def users(self) -> ColumnElement[bool]:
        return users.c.deleted_at.is_(None)

    def channel(self, owner: object, value: str | None) -> str | None:
        """A personal channel: in full on own customers, elsewhere its last characters."""
        if value is None or str(owner) == self.id:
            return value
        kept = min(4, len(value) // 2)
        return "••••" + value[len(value) - kept :]
