"""The graphene schema: as much of Salesmode's as the question touches."""

from datetime import date, datetime
from typing import Any

import graphene
from sqlalchemy import Row

from benchmarks.plain.loaders import Loaders


class Decimal(graphene.Scalar):
    """Money with two places; SQLite keeps it as whole cents."""

    @staticmethod
    def serialize(value: Any) -> str:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else f"{value:.2f}"


class Date(graphene.Scalar):
    @staticmethod
    def serialize(value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)


class DateTime(graphene.Scalar):
    @staticmethod
    def serialize(value: Any) -> str:
        text = value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(value, datetime) else str(value)
        return text.replace(".000000Z", "Z")


class OrderDirection(graphene.Enum):
    ASC = "ASC"
    DESC = "DESC"


class CustomerOrderBy(graphene.InputObjectType):
    name = OrderDirection()


class IdOperators(graphene.InputObjectType):
    in_ = graphene.List(graphene.NonNull(graphene.ID), name="in")


class CustomerWhere(graphene.InputObjectType):
    id = IdOperators()


class OpportunityOrderBy(graphene.InputObjectType):
    amount = OrderDirection()


class ActivityOrderBy(graphene.InputObjectType):
    at = OrderDirection()


class User(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String()
    display_name = graphene.String()


class Activity(graphene.ObjectType):
    id = graphene.ID(required=True)
    kind = graphene.String()
    subject = graphene.String()
    at = DateTime()


class ActivityConnection(graphene.ObjectType):
    nodes = graphene.List(graphene.NonNull(Activity), required=True)


class Opportunity(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String()
    amount = Decimal()
    close_date = Date()
    status = graphene.String()
    activities = graphene.Field(
        ActivityConnection,
        required=True,
        first=graphene.Int(default_value=50),
        order_by=graphene.List(graphene.NonNull(ActivityOrderBy)),
    )

    @staticmethod
    async def resolve_activities(root: Row[Any], info: Any, first: int, **_: object) -> dict[str, Any]:
        return {"nodes": await loaders(info).talks.load((root.id, first))}


class OpportunityConnection(graphene.ObjectType):
    nodes = graphene.List(graphene.NonNull(Opportunity), required=True)


class Customer(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String()
    grade = graphene.String()
    revenue = Decimal()
    wechat = graphene.String()
    owner = graphene.Field(User)
    opportunities = graphene.Field(
        OpportunityConnection,
        required=True,
        first=graphene.Int(default_value=50),
        order_by=graphene.List(graphene.NonNull(OpportunityOrderBy)),
    )

    @staticmethod
    def resolve_wechat(root: Row[Any], info: Any) -> str | None:
        return loaders(info).caller.channel(root.owner_id, root.wechat)

    @staticmethod
    async def resolve_owner(root: Row[Any], info: Any) -> Row[Any] | None:
        return await loaders(info).owners.load(root.owner_id) if root.owner_id else None

    @staticmethod
    async def resolve_opportunities(root: Row[Any], info: Any, first: int, **_: object) -> dict[str, Any]:
        return {"nodes": await loaders(info).deals.load((root.id, first))}


class CustomerConnection(graphene.ObjectType):
    nodes = graphene.List(graphene.NonNull(Customer), required=True)


class Query(graphene.ObjectType):
    customers = graphene.Field(
        CustomerConnection,
        required=True,
        where=CustomerWhere(required=True),
        first=graphene.Int(default_value=50),
        order_by=graphene.List(graphene.NonNull(CustomerOrderBy)),
    )

    @staticmethod
    async def resolve_customers(
        _root: None, info: Any, where: Any, first: int, **_: object
    ) -> dict[str, Any]:
        return {"nodes": await loaders(info).customers(where.id.in_, first)}


def loaders(info: Any) -> Loaders:
    found: Loaders = info.context
    return found


schema = graphene.Schema(query=Query)
