"""A small company that pays commission, with contracts, payments, refunds, calls and rulings."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from salesmode.testing import Crm, crm

APP = """
kind: app
name: pay
plugins: [duplicates, commission]
locales: [en, zh]
currency: CNY
timezone: Asia/Shanghai
---
kind: object
name: household
owned: true
activities: true
fields:
  name: {type: text, required: true}
  phone: {type: phone}
---
kind: object
name: contract
owned: true
fields:
  name: {type: text, required: true}
  household: {type: reference, to: household, inverse: contracts}
  signed_on: {type: date}
  paid: {type: rollup, over: payments, sum: amount}
  refunded: {type: rollup, over: refunds, sum: amount}
  kept: {type: formula, result: money, expression: "paid - refunded"}
---
kind: object
name: payment
fields:
  contract: {type: reference, to: contract, required: true, inverse: payments}
  amount: {type: money, required: true}
---
kind: object
name: refund
fields:
  contract: {type: reference, to: contract, required: true, inverse: refunds}
  amount: {type: money, required: true}
---
kind: commission_plan
name: sales
who: {roles: {has: rep}}
grading:
  measure: {object: contract, sum: kept, date: signed_on, user: owner}
  levels: [{name: junior}, {name: senior, from: 10000}]
versions:
  - name: v1
    from: 2026-01-01
    rules:
      - name: deal
        part: performance
        object: contract
        when: {signed_on: {isNull: false}}
        on: signed_on
        base: kept
        rate: 3
        split: [household, this]
        follows: {payment: contract, refund: contract}
      - name: overlay
        part: performance
        object: contract
        on: signed_on
        base: kept
        rate: 0.5
        to: owner.manager
        follows: {payment: contract, refund: contract}
      - {name: base, part: base, per: month, amount: 5000, by_level: {senior: 8000}}
      - name: calls
        part: process
        per: month
        each: 2
        cap: 5
        measure: {object: activity, where: {kind: call}, date: at, user: user}
      - name: volume
        part: order
        per: month
        measure: {object: contract, sum: kept, date: signed_on}
        tiers: {mode: slab, steps: [{from: 1000, rate: 1}, {from: 5000, rate: 2}]}
        accelerate: {target: kept, steps: [{from: 100, factor: 1.5}]}
  - {name: v2, from: 2026-07-01, rules: [{name: deal, object: contract, on: signed_on, base: kept, rate: 5}]}
---
kind: ruling_rule
name: ownership
object: household
roles: [boss]
clauses:
  - {name: manual, share: 40}
  - {name: first_contact, within: 90d, share: 60}
---
kind: target
name: kept
object: contract
measure: {sum: kept}
date: signed_on
---
kind: role
name: rep
objects:
  user: {read: true, fields: {name: read}}
  household: {read: true, create: true, fields: {default: write}}
  contract: {read: true, create: true, update: true, fields: {name: write, household: write}}
  commission_line: {read: {where: {user: $user.id}}, fields: {default: read}}
---
kind: role
name: boss
inherits: [rep]
objects:
  commission_run: {read: true, update: true, fields: {default: read, notes: write}}
  commission_line: {read: true, fields: {default: read}}
  payment: {read: true, create: true, fields: {default: write}}
  refund: {read: true, create: true, fields: {default: write}}
"""


class Company:
    """The app running, with two reps whose manager is the boss."""

    def __init__(self, running: Crm) -> None:
        self.crm = running
        boss = running.user("boss", "boss")
        self.ids = {"boss": self._id("boss")}
        for each in ("ann", "bob"):
            running.user(each, "rep", manager=self.ids["boss"])
            self.ids[each] = self._id(each)
        self.boss = boss

    def _id(self, name: str) -> str:
        (row,) = self.crm.run(lambda desk: desk.read("user", [], where={"name": name}))
        return str(row["id"])

    def make(self, object_: str, **values: Any) -> str:
        (id_,) = self.crm.run(lambda desk: desk.create(object_, [values]))
        self.crm.work()
        return id_

    def put(self, object_: str, id_: str, **values: Any) -> None:
        self.crm.run(lambda desk: desk.update(object_, {id_: values}))
        self.crm.work()

    def contract(self, owner: str = "ann", paid: str | None = None, **values: Any) -> str:
        """Signed on the day, and paid."""
        today = values.pop("signed_on", self.crm.now.date())
        id_ = self.make("contract", name="C", owner=self.ids[owner], signed_on=today, **values)
        if paid is not None:
            self.make("payment", contract=id_, amount=Decimal(paid))
        return id_

    def credit(self, contract: str, user: str, share: str | int) -> None:
        """A share of the credit in per cent."""
        who = self.ids[user]
        self.crm.run(lambda desk: desk.grant("contract", contract, "credit", user=who, share=Decimal(share)))
        self.crm.work()

    def lines(self, **where: Any) -> list[dict[str, Any]]:
        names = {id_: name for name, id_ in self.ids.items()}
        of_rule = ["rule", "part", "plan_version", "base", "rate", "share"]
        fields = ["user", "occasion", "amount", "on", "ruling", *of_rule]
        rows = self.crm.run(
            lambda desk: desk.read(
                "commission_line", [*fields, "run.period", "number"], where=where or None, order=["number"]
            )
        )
        return [{**row, "user": names[row["user"]]} for row in rows]

    def earned(self, **where: Any) -> dict[str, Decimal]:
        """The sum of each, by name."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for each in self.lines(**where):
            sums[each["user"]] += each["amount"]
        return dict(sums)


@contextmanager
def company(database: str | None = None, app: str = APP) -> Iterator[Company]:
    with crm(app, database=database) as running:
        yield Company(running)
