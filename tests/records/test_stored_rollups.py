"""Stored rollups are what a recomputation says, right after every write, however many write at once."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from salesmode.access.scope import SystemScope
from salesmode.database.driver import Options, UnitOf
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.records import create, delete, restore, transfer_ownership, update, upsert
from salesmode.records.keeping import keep_everything
from tests.support.small_api import SYSTEM, SmallApi, small_api

APP = """
kind: object
name: customer
fields:
  name: {type: text, unique: true}
  total: {type: rollup, over: deals, sum: amount, where: {state: open}, stored: true}
  number: {type: rollup, over: deals, count: true, stored: true}
  mean: {type: rollup, over: deals, avg: amount, stored: true}
  largest: {type: rollup, over: deals, max: amount, stored: true}
  newest: {type: rollup, over: deals, latest: state, stored: true}
  of_nobody: {type: rollup, over: deals, count: true, where: {owner: {isNull: true}}, stored: true}
  paid: {type: rollup, over: payments, sum: amount, stored: true}
  parent: {type: reference, to: customer, inverse: branches, tree: true}
  total_read: {type: rollup, over: deals, sum: amount, where: {state: open}}
  mean_read: {type: rollup, over: deals, avg: amount}
  newest_read: {type: rollup, over: deals, latest: state}
  total_below: {type: rollup, over: deals, under: parent, sum: amount}
  dealt: {type: rollup, over: payments, sum: deal.amount}
---
kind: object
name: deal
owned: true
fields:
  code: {type: text, unique: true}
  place: {type: integer, unique: true}
  amount: {type: money, history: false}
  state: {type: choice, options: [open, won, lost]}
  customer: {type: reference, to: customer, inverse: deals, on_delete: set_null}
---
kind: object
name: payment
fields:
  amount: {type: integer}
  deal: {type: reference, to: deal}
  customer: {type: reference, to: customer, inverse: payments, on_delete: cascade}
"""
STORED = ("total", "number", "mean", "largest", "newest", "of_nobody", "paid")
READ = ("total_read", "mean_read", "newest_read", "total_below", "dealt")
STATES = ("open", "won", "lost")
WRITERS = 16


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as api:
        yield api


@pytest.fixture
async def on_postgresql(postgresql_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(postgresql_url, APP, options=Options(connections=WRITERS)) as api:
        yield api


async def write(shop: SmallApi, unit: Callable[..., UnitOf[Any]], *given: Any, **keys: Any) -> Any:
    return await shop.database.run(lambda: unit(SystemScope(shop.tables), *given, SYSTEM, **keys))


async def rows(shop: SmallApi, sql: str) -> Sequence[Sequence[Any]]:
    return await shop.database.fetch(Step(sql, ()))


def number(value: Any, dialect: str, scale: int = 2) -> Decimal | None:
    return (
        None
        if value is None
        else Decimal(value)
        if dialect == "postgresql"
        else Decimal(value).scaleb(-scale)
    )


async def check(shop: SmallApi) -> int:
    """Every customer, deleted ones too: what is stored, and what Python makes of the deals; gives their
    number.
    """
    dialect = shop.database.dialect
    deals: dict[str, list[Any]] = {}
    for customer, amount, state, code, owner, created, id_ in await rows(
        shop,
        "SELECT customer_id, amount, state, code, owner_id, created_at, id FROM deals "
        "WHERE deleted_at IS NULL",
    ):
        deals.setdefault(str(customer), []).append(
            (created, str(id_), number(amount, dialect), state, code, owner)
        )
    payments: dict[str, int] = {}
    for customer, amount in await rows(
        shop, "SELECT customer_id, amount FROM payments WHERE deleted_at IS NULL"
    ):
        payments[str(customer)] = payments.get(str(customer), 0) + (amount or 0)
    found = await rows(shop, f"SELECT id, {', '.join(STORED)} FROM customers WHERE deleted_at IS NULL")
    for id_, total, count, mean, largest, newest, nobody, paid in found:
        own = sorted(deals.get(str(id_), []))
        amounts = [each[2] for each in own if each[2] is not None]
        assert number(total, dialect) == sum(
            (each[2] for each in own if each[3] == "open" and each[2] is not None), Decimal(0)
        )
        assert count == len(own)
        assert number(mean, dialect, 6) == (
            (sum(amounts) / len(amounts)).quantize(Decimal("0.000001")) if amounts else None
        )
        assert number(largest, dialect) == max(amounts, default=None)
        assert newest == (own[-1][3] if own else None)
        assert nobody == sum(each[5] is None for each in own)
        assert paid == payments.get(str(id_), 0)
    return len(found)


class Busy:
    """Somebody who writes at random, and knows what is there."""

    def __init__(self, shop: SmallApi, people: Sequence[str], customers: Sequence[str]) -> None:
        self.shop, self.people, self.customers = shop, people, list(customers)
        self.chance = random.Random(4)
        self.deals: list[str] = []
        self.gone: list[str] = []
        self.last = 0

    def deal(self, code: int | None = None) -> dict[str, object]:
        self.last += 1
        return {
            "code": f"deal {self.last if code is None else code}",
            "amount": self.chance.choice([None, Decimal(self.chance.randint(-500, 500)) / 100]),
            "state": self.chance.choice((None, *STATES)),
            "customer": self.chance.choice([None, *self.customers]),
            "owner": self.chance.choice([None, *self.people]),
        }

    def some(self, most: int) -> list[str]:
        return self.chance.sample(self.deals, min(len(self.deals), most))

    async def create(self) -> None:
        self.deals += await write(self.shop, create, "deal", [self.deal() for _ in range(3)])

    async def update(self) -> None:
        amount = Decimal(self.chance.randint(0, 900)) / 100
        await write(self.shop, update, "deal", self.some(3), {"amount": amount})

    async def move(self) -> None:
        to = self.chance.choice([None, *self.customers])
        await write(
            self.shop, update, "deal", self.some(1), {"customer": to, "state": self.chance.choice(STATES)}
        )

    async def delete(self) -> None:
        for one in self.some(1):
            self.deals.remove(one)
            self.gone += await write(self.shop, delete, "deal", [one])

    async def restore(self) -> None:
        for one in self.gone[:1]:
            self.gone.remove(one)
            self.deals += await write(self.shop, restore, "deal", [one])

    async def upsert(self) -> None:
        inputs = [self.deal(-self.chance.randint(1, 9)), self.deal()]
        await write(self.shop, upsert, "deal", ["code"], inputs)

    async def transfer(self) -> None:
        ann, bob = self.people
        await write(self.shop, transfer_ownership, *self.chance.choice([(ann, None), (ann, bob), (bob, ann)]))

    async def nest(self) -> None:
        inner = [{key: value for key, value in self.deal().items() if key != "customer"}]
        whole = {"name": f"nested {self.last}", "deals": {"create": inner}}
        self.customers += await write(self.shop, create, "customer", [whole])

    async def pay(self) -> None:
        customer = self.chance.choice(self.customers)
        values = {"amount": self.chance.randint(1, 9), "customer": customer}
        await self.shop.new("payment", **values, deal=next(iter(self.some(1)), None))

    async def hang(self) -> None:
        """Below one that was there before, so that there is no circle."""
        at = self.chance.randrange(1, len(self.customers))
        to = self.chance.choice([None, *self.customers[:at]])
        await self.shop.change("customer", self.customers[at], parent=to)


async def read(shop: SmallApi) -> dict[str, list[Any]]:
    """What the rollups that have no column are worth, by customer."""
    scope = SystemScope(shop.tables)
    source = scope.source("customer")
    values = [scope.readable(source, name).value for name in READ]
    statement = render(sa.select(source.table.c.id, *values).where(scope.rows(source)), scope.dialect)
    return {
        str(id_): found
        for id_, *found in await shop.database.fetch(Step(statement.sql, statement.bind(SYSTEM)))
    }


async def check_read(shop: SmallApi) -> None:
    """The same as what is stored, and what Python makes of paths and of the tree."""
    dialect = shop.database.dialect
    found = await read(shop)
    for id_, total, mean, newest in await rows(
        shop, "SELECT id, total, mean, newest FROM customers WHERE deleted_at IS NULL"
    ):
        assert found[str(id_)][:3] == [total, mean, newest]
    amounts: dict[str, Decimal] = {}
    sums: dict[str, Decimal] = {}
    living = "WHERE deleted_at IS NULL"
    for id_, customer, amount in await rows(shop, f"SELECT id, customer_id, amount FROM deals {living}"):
        amounts[str(id_)] = number(amount, dialect) or Decimal(0)
        sums[str(customer)] = sums.get(str(customer), Decimal(0)) + amounts[str(id_)]
    dealt: dict[str, Decimal] = {}
    for customer, deal in await rows(shop, f"SELECT customer_id, deal_id FROM payments {living}"):
        dealt[str(customer)] = dealt.get(str(customer), Decimal(0)) + amounts.get(str(deal), Decimal(0))
    parents = {
        str(id_): str(to) for id_, to in await rows(shop, f"SELECT id, parent_id FROM customers {living}")
    }
    for id_, (*_, below, of_deals) in found.items():
        total = sum(
            (sums.get(each, Decimal(0)) for each in parents if id_ in above(each, parents)), Decimal(0)
        )
        assert number(below, dialect) == total
        assert number(of_deals, dialect) == dealt.get(id_, Decimal(0))


def above(id_: str, parents: dict[str, str]) -> set[str]:
    """The record and all above it."""
    found: set[str] = set()
    while id_ in parents and id_ not in found:
        found.add(id_)
        id_ = parents[id_]
    return found


async def test_after_every_kind_of_write(shop: SmallApi) -> None:
    people = [await shop.new("user", name=name) for name in ("ann", "bob")]
    customers = [await shop.new("customer", name=f"customer {at}") for at in range(4)]
    busy = Busy(shop, people, customers)
    kinds = (busy.create, busy.update, busy.move, busy.delete, busy.restore)
    more = (busy.upsert, busy.transfer, busy.nest, busy.pay, busy.hang)
    for _ in range(120):
        await busy.chance.choice((*kinds, *more))()
        assert await check(shop) == len(busy.customers)
        await check_read(shop)


async def test_after_their_own_record_went_and_came_back(shop: SmallApi) -> None:
    customer = await shop.new("customer", name="a")
    deal = await shop.new("deal", amount=Decimal(3), state="open", customer=customer)
    await shop.new("payment", amount=4, customer=customer)
    await write(shop, delete, "customer", [customer])
    await shop.change("deal", deal, amount=Decimal(5))
    await write(shop, restore, "customer", [customer])
    assert await check(shop) == 1


async def test_after_rows_changed_places_that_only_one_can_have(shop: SmallApi) -> None:
    """Each is in the other's way while they are written; both are kept apart, and come back last."""
    customer = await shop.new("customer", name="a")
    given: dict[str, Any] = {"state": "open", "customer": customer}
    for code, place in (("a", 1), ("b", 2)):
        await shop.new("deal", code=code, place=place, amount=Decimal(1), **given)
    inputs = [
        {"code": "a", "place": 2, "amount": Decimal(5)},
        {"code": "b", "place": 1, "amount": Decimal(7)},
    ]
    await write(shop, upsert, "deal", ["code"], inputs)
    assert await check(shop) == 1
    assert (await rows(shop, "SELECT number FROM customers"))[0][0] == 2


async def test_a_refused_write_changes_nothing_stored(shop: SmallApi) -> None:
    customer = await shop.new("customer", name="a")
    await shop.new("deal", code="taken", amount=Decimal(3), state="open", customer=customer)
    with pytest.raises(Exception, match="CONFLICT"):
        await shop.new("deal", code="taken", amount=Decimal(3), state="open", customer=customer)
    assert await check(shop) == 1


async def test_neither_version_nor_history_of_the_record_moves(shop: SmallApi) -> None:
    customer = await shop.new("customer", name="a")
    before = await rows(shop, "SELECT version, updated_at FROM customers")
    await shop.new("deal", amount=Decimal(3), state="open", customer=customer)
    assert list(map(tuple, await rows(shop, "SELECT version, updated_at FROM customers"))) == list(
        map(tuple, before)
    )
    told = await rows(shop, "SELECT count(*) FROM sm_change WHERE object = 'customer' AND field <> 'name'")
    assert told[0][0] == 0


async def test_what_came_by_other_ways_can_be_brought_up_to_date(shop: SmallApi) -> None:
    customer = await shop.new("customer", name="a")
    await shop.new("deal", amount=Decimal(3), state="open", customer=customer)
    await shop.database.run(lambda: iter_once("UPDATE customers SET total = 77, number = 9, newest = 'won'"))
    await shop.database.run(lambda: keep_everything(shop.tables))
    assert await check(shop) == 1


def iter_once(sql: str) -> UnitOf[None]:
    yield Step(sql, ())


async def test_statements_do_not_grow_with_rows(shop: SmallApi) -> None:
    customers = [await shop.new("customer", name=f"customer {at}") for at in range(8)]
    counts = []
    for size in (1, 8):
        shop.heard.clear()
        inputs = [{"amount": Decimal(1), "customer": each} for each in customers[:size]]
        await write(shop, create, "deal", inputs)
        counts.append(len(shop.heard))
    assert counts[0] == counts[1]


async def test_a_write_of_what_none_is_made_of_asks_nothing(shop: SmallApi) -> None:
    deal = await shop.new("deal", code="a", customer=await shop.new("customer", name="a"))
    payment = await shop.new("payment", amount=3)
    shop.heard.clear()
    await shop.change("payment", payment, amount=4)
    few = len(shop.heard)
    shop.heard.clear()
    await shop.change("deal", deal, code="b")
    assert len(shop.heard) >= few
    shop.heard.clear()
    await shop.change("customer", str((await rows(shop, "SELECT id FROM customers"))[0][0]), name="b")
    assert not [each for each in shop.heard if each.startswith("UPDATE customers") and "total" in each]


async def test_many_writers_at_once(on_postgresql: SmallApi) -> None:
    """10,000 writes in a thorough run. The next one would heal what one forgets, so there is a look after
    each time that all connections have written.
    """
    shop, chance = on_postgresql, random.Random(9)
    many = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 2_000
    customers = [await shop.new("customer", name=f"customer {at}") for at in range(3)]
    deals = list(
        await write(
            shop,
            create,
            "deal",
            [
                {"amount": Decimal(1), "state": "open", "customer": each}
                for each in customers
                for _ in range(20)
            ],
        )
    )

    async def one(at: int) -> None:
        amount, customer = Decimal(chance.randint(1, 999)) / 100, chance.choice(customers)
        match at % 4:
            case 0:
                await shop.new("deal", amount=amount, state="open", customer=customer)
            case 1:
                await shop.change("deal", chance.choice(deals), customer=customer)
            case 2:
                await shop.change("deal", chance.choice(deals), amount=amount, state=chance.choice(STATES))
            case _:
                gone = await shop.new("deal", amount=amount, state="open", customer=customer)
                await write(shop, delete, "deal", [gone])

    print(f"{many} writes by {WRITERS} connections")
    for start in range(0, many, WRITERS):
        await asyncio.gather(*(one(at) for at in range(start, start + WRITERS)))
        found = await read(shop)
        for id_, *kept in await rows(shop, "SELECT id, total, mean, newest FROM customers"):
            assert found[str(id_)][:3] == kept
    assert await check(shop) == len(customers)
