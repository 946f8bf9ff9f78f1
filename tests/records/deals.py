"""Opportunities of three types: a deal with gates and a branch, an express one, and a simple renewal."""

from functools import cache
from typing import Any

from salesmode.compiler import compile_texts
from salesmode.model.app import Model
from tests.records.conftest import OpenDesk
from tests.records.kit import Caller, Desk

DEALS = """
kind: object
name: customer
fields:
  name: {type: text, required: true, unique: true}
  grade: {type: choice, options: [a, b, c]}
---
kind: object
name: opportunity
plural: opportunities
owned: true
activities: true
fields:
  name: {type: text, required: true, unique: true}
  customer: {type: reference, to: customer, inverse: opportunities}
  amount: {type: money}
  budget: {type: money}
  customised: {type: boolean}
  decision_maker: {type: text}
  secret_plan: {type: text}
  review: {type: text}
  lost_reason: {type: text}
  discount: {type: percent}
  source: {type: choice, options: [web, event, fair]}
  engineer: {type: user}
  term: {type: integer, default: 12}
validations:
  - name: modest_discount
    must: {or: [{discount: {isNull: true}}, {discount: {lte: 50}}]}
    message: At most 50 %
---
kind: pipeline
name: deal
object: opportunity
customer: customer
fields: [name, customer, amount, budget, customised, decision_maker, secret_plan, review, discount, source,
  engineer]
options: {source: [web, event]}
start: [qualify]
reopen: [manager]
stages:
  - name: qualify
    exit:
      required: [amount, {fields: [budget], when: {customer: {grade: a}}}]
      validations:
        - name: visited
          when: {customer: {grade: a}}
          must: {activities: {some: {kind: visit}}}
          message: Visit first
  - name: check
    when: {customised: true}
    roles: [engineer, manager]
    readonly: [amount, owner]
    entry: {validations: [{name: graded, must: {customer: {grade: [a, b]}}, message: Grade A or B}]}
    exit: {required: [review]}
  - name: proposal
    back: true
    entry: {required: [decision_maker, secret_plan]}
    tasks: [{subject: Write the proposal, due: 3d, assignee: engineer, priority: high}, {subject: Call}]
  - {name: negotiate, skip: true}
  - {name: won, closes: won, entry: {validations: [{name: paid, must: {amount: {gt: 0}}, message: A price}]}}
  - {name: lost, closes: lost, entry: {required: [lost_reason]}}
---
kind: pipeline
name: express
object: opportunity
fields: [name, customer, amount, lost_reason]
start: [offer, contract]
skip: true
back: true
reopen: true
stages:
  - {name: offer, next: [contract, won]}
  - {name: contract, entry: {required: [amount]}}
  - {name: delivery}
  - {name: won, closes: won}
  - {name: dropped, closes: lost}
---
kind: pipeline
name: renewal
object: opportunity
granularity: simple
fields: [name, amount, term]
reopen: true
---
kind: role
name: sales
objects:
  customer: {read: true, create: true, fields: {default: write}}
  opportunity:
    read: true
    create: true
    update: {where: {owner: $user.id}}
    fields: {default: write, secret_plan: none}
  user: {read: true, fields: {default: read}}
---
kind: role
name: engineer
inherits: [sales]
---
kind: role
name: manager
objects:
  customer: {read: true, create: true, update: true, fields: {default: write}}
  opportunity: {read: true, create: true, update: true, fields: {default: write}}
  user: {read: true, fields: {default: read}}
---
kind: role
name: renewals
objects:
  opportunity: {read: true, create: true, update: true, fields: {default: write}, pipelines: [renewal]}
  customer: {read: true, fields: {default: read}}
---
kind: role
name: founder
objects:
  opportunity: {read: true, create: true, update: true, fields: {default: none, name: write, amount: write}}
---
kind: role
name: blind
objects:
  opportunity: {read: true, update: true, fields: {default: none, name: read, amount: write}}
"""


@cache
def deals() -> Model:
    return compile_texts({"app.yaml": f"kind: app\nname: deals\n---{DEALS}"}).model


async def office(open_desk: OpenDesk) -> tuple[Desk, Caller]:
    """A desk with those types, and a seller."""
    desk = await open_desk(deals())
    li = (await desk.system().create("user", {"name": "Li"}))[0]
    return desk, desk.caller({"id": li}, "sales")


async def stays(desk: Desk, id_: str) -> list[tuple[Any, ...]]:
    """Where a record was, in order: from where, where, which way, and whether it has left."""
    found = [each for each in await desk.rows("stage_change") if each["opportunity"] == id_]
    return [
        (each["from_stage"], each["stage"] or each["status"], each["direction"], each["left_at"] is not None)
        for each in found
    ]
