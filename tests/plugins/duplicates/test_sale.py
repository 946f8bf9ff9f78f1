"""A household that was entered twice is found, merged after the sale, ruled on again, and paid by new lines;
then the merge is undone (D70-D72, D79).
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from salesmode.testing import Crm, crm

APP = """
kind: app
name: schools
plugins: [duplicates, commission]
locales: [en, zh]
currency: CNY
timezone: Asia/Shanghai
country: CN
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
  household: {type: reference, to: household, required: true, inverse: contracts}
  signed_on: {type: date}
  amount: {type: money}
---
kind: match_rule
name: same_household
object: household
compare:
  - {name: phone, as: phone, points: 60}
  - {name: name, as: person, points: 35, against: 30}
---
kind: ruling_rule
name: whose_household
object: household
roles: [manager]
clauses:
  - {name: first_contact, within: 90d, share: 40}
  - {name: last_follow_up, where: {outcome: progress}, share: 60}
---
kind: commission_plan
name: sales
versions:
  - name: v1
    from: 2026-01-01
    rules:
      - name: deal
        object: contract
        when: {signed_on: {isNull: false}}
        on: signed_on
        base: amount
        rate: 3
        split: [household]
---
kind: role
name: manager
objects:
  household: {read: true, create: true, update: true, merge: true, fields: {default: write}}
  contract: {read: true, create: true, update: true, fields: {default: write}}
  activity: {read: true, create: true, fields: {default: write}}
  user: {read: true, fields: {name: read}}
  commission_line: {read: true, fields: {default: read}}
  ownership_ruling: {read: true, fields: {default: read}}
---
kind: role
name: rep
objects:
  household: {read: {where: {owner: $user.id}}, create: true, fields: {default: write}}
  contract: {read: {where: {owner: $user.id}}, create: true, fields: {default: write}}
  activity: {read: true, create: true, fields: {default: write}}
  user: {read: true, fields: {name: read}}
"""

LIKE = "query ($id: ID!) { duplicatesOfHousehold(id: $id) { record { id } certain ask } }"
RULE = "mutation ($id: ID!) { ruleOnHousehold(id: $id) { shares { user { name } share } } }"
MERGE = "mutation ($ids: [ID!]!) { mergeHouseholds(ids: $ids) { household { id } moved } }"
UNDO = "mutation ($id: ID!) { undoHouseholdMerge(id: $id) { restored { id } rest { why } } }"


@pytest.fixture
def school(database_url: str) -> Iterator[Crm]:
    with crm(APP, database=database_url) as found:
        yield found


def lines(school: Crm) -> list[tuple[str, Decimal]]:
    """The ledger in order: who, and how much."""
    fields = ["user.name", "amount", "number"]
    rows: list[Any] = school.run(lambda desk: desk.read("commission_line", fields, order=["number"]))
    return [(row["user.name"], row["amount"]) for row in rows]


def earned(school: Crm) -> dict[str, Decimal]:
    sums: Counter[str] = Counter()
    for user, amount in lines(school):
        sums[user] += amount  # type: ignore[assignment]
    return dict(sums)  # type: ignore[arg-type]


def test_a_household_that_was_entered_twice(school: Crm) -> None:
    ann, bob, mo = school.user("ann", "rep"), school.user("bob", "rep"), school.user("mo", "manager")

    # Ann meets them first; weeks later Bob enters them again, in pinyin, and sells.
    first = ann.create("household", name="李伟明", phone="138 1234 5678")
    ann.create("activity", household=first, kind="visit", subject="Open day", user=own_id(school, "ann"))
    school.pass_time("+20d")
    second = bob.create("household", name="Weiming Li", phone="+8613812345678")
    bob.create(
        "activity",
        household=second,
        kind="call",
        subject="Trial",
        user=own_id(school, "bob"),
        outcome="progress",
    )
    assert bob.ask(LIKE, id=second)["duplicatesOfHousehold"] == [
        {"record": None, "certain": True, "ask": "an administrator"}
    ]
    ruled = mo.ask(RULE, id=second)["ruleOnHousehold"]["shares"]
    assert ruled == [{"user": {"name": "bob"}, "share": "1"}]
    contract = bob.create(
        "contract", name="Year 1", household=second, signedOn=str(school.now.date()), amount="10000.00"
    )
    school.work()
    assert earned(school) == {"bob": Decimal("300.00")}

    # After the sale the two are seen to be one.
    found = mo.ask(LIKE, id=second)["duplicatesOfHousehold"]
    assert [each["record"]["id"] for each in found] == [first]
    assert mo.ask(MERGE, ids=[first, second])["mergeHouseholds"]["household"] == {"id": first}
    school.work()
    assert mo.read("contract", contract, "household { id }") == {"household": {"id": first}}
    assert earned(school) == {"ann": Decimal("120.00"), "bob": Decimal("180.00")}
    assert lines(school)[0] == ("bob", Decimal("300.00"))  # what was written stays

    # It was a mistake after all: everything as before, by further lines.
    undone = mo.ask(UNDO, id=first)["undoHouseholdMerge"]
    assert undone == {"restored": [{"id": second}], "rest": []}
    school.work()
    assert mo.read("contract", contract, "household { id }") == {"household": {"id": second}}
    assert earned(school) == {"ann": Decimal("0.00"), "bob": Decimal("300.00")}
    assert len(lines(school)) > 3


def own_id(school: Crm, name: str) -> str:
    (row,) = school.run(lambda desk: desk.read("user", [], where={"name": name}))
    return str(row["id"])
