"""What a stage makes of the records that enter it: leads become customers and deals (D1)."""

from typing import Any

import pytest

from salesmode.compiler import compile_texts
from salesmode.diagnostics.collector import MetadataError
from salesmode.model.app import Model
from tests.records.conftest import OpenDesk

pytestmark = pytest.mark.anyio

APP = """
kind: app
name: leads
---
kind: object
name: customer
activities: true
fields:
  calls: {type: rollup, over: activities, count: true, stored: true}
  name: {type: text, required: true, unique: true}
  phone: {type: phone}
---
kind: object
name: opportunity
plural: opportunities
owned: true
activities: true
fields:
  name: {type: text, required: true, max_length: 40}
  customer: {type: reference, to: customer, inverse: opportunities}
  worth: {type: money}
---
kind: pipeline
name: deal
object: opportunity
customer: customer
stages:
  - {name: first, tasks: [{subject: Call them, assignee: owner}]}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: object
name: lead
owned: true
activities: true
fields:
  name: {type: text, required: true}
  phone: {type: phone}
  budget: {type: money}
  share: {type: formula, result: money, expression: "budget / 2"}
  customer: {type: reference, to: customer, inverse: leads}
  opportunity: {type: reference, to: opportunity, inverse: leads}
---
kind: pipeline
name: cleaning
object: lead
skip: true
back: true
reopen: true
stages:
  - raw
  - name: qualified
    closes: won
    creates:
      - {name: customer, into: customer, set: {name: $row.name, phone: $row.phone}}
      - name: deal
        into: opportunity
        when: {budget: {gt: 0}}
        set: {name: $row.name, customer: $row.customer, worth: $row.share}
  - {name: useless, closes: lost}
---
kind: role
name: rep
objects:
  lead: {read: true, create: true, update: true, fields: {default: write}}
"""
MODEL: Model = compile_texts({"app.yaml": APP}).model


async def found(open_desk: OpenDesk, **values: Any) -> tuple[Any, Any, str]:
    desk = await open_desk(MODEL)
    user = await desk.system().new("user", name="ann", roles=("rep",))
    rep = desk.caller({"id": user, "name": "ann"}, "rep")
    return desk, rep, await rep.new("lead", **values)


async def test_a_lead_becomes_a_customer_and_a_deal_for_who_may_create_neither(open_desk: OpenDesk) -> None:
    desk, rep, lead = await found(open_desk, name="Li", phone="+8613800138000", budget="7.00")
    await rep.move("lead", lead, "qualified")
    (customer,), (deal,) = await desk.rows("customer"), await desk.rows("opportunity")
    row = await desk.row("lead", lead)
    assert (row["customer"], row["opportunity"]) == (customer["id"], deal["id"])
    assert (customer["name"], customer["phone"]) == ("Li", "+8613800138000")
    assert (deal["name"], deal["customer"], str(deal["worth"])) == ("Li", customer["id"], "3.50")
    assert (deal["stage"], deal["status"], deal["owner"]) == ("first", "open", rep.id)


async def test_what_is_made_begins_like_any_other_record(open_desk: OpenDesk) -> None:
    desk, rep, lead = await found(open_desk, name="Li", budget="7.00")
    await rep.move("lead", lead, "qualified")
    (deal,) = await desk.rows("opportunity")
    stays = [(each["pipeline"], each["stage"]) for each in await desk.rows("stage_change")]
    assert sorted(stays) == [("cleaning", "qualified"), ("cleaning", "raw"), ("deal", "first")]
    assert [each["opportunity"] for each in await desk.rows("task")] == [deal["id"]]
    assert {"created"} == {each["operation"] for each in await desk.changes(deal["id"])}
    linked = {each["field"] for each in await desk.changes(lead) if each["operation"] == "updated"}
    assert {"customer", "opportunity", "stage", "status"} <= linked


async def test_what_was_done_about_the_lead_is_known_of_what_it_becomes(open_desk: OpenDesk) -> None:
    desk, rep, lead = await found(open_desk, name="Li", budget="7.00")
    other = await desk.system().new("customer", name="Zhao")
    call = await desk.system().new("activity", kind="call", subject="First", lead=lead)
    about_another = await desk.system().new(
        "activity", kind="call", subject="Other", lead=lead, customer=other
    )
    task = await desk.system().new("task", subject="Call again", lead=lead)
    await rep.move("lead", lead, "qualified")
    new = await desk.row("lead", lead)
    for object_, id_ in (("activity", call), ("task", task)):
        row = await desk.row(object_, id_)
        made_of_it = (row["lead"], row["customer"], row["opportunity"])
        assert made_of_it == (lead, new["customer"], new["opportunity"])
        assert row["version"] == 3
    assert (await desk.row("activity", about_another))["customer"] == other
    told = [each["field"] for each in await desk.changes(call) if each["operation"] == "updated"]
    assert sorted(told) == ["customer", "opportunity"]
    assert (await desk.row("customer", new["customer"]))["calls"] == 1


async def test_a_condition_leaves_it_out_and_coming_back_makes_nothing_twice(open_desk: OpenDesk) -> None:
    desk, rep, lead = await found(open_desk, name="Li")
    await rep.move("lead", lead, "qualified")
    await rep.move("lead", lead, "raw")
    await rep.move("lead", lead, "qualified")
    assert len(await desk.rows("customer")) == 1
    assert await desk.rows("opportunity") == []


async def test_a_record_that_its_rules_refuse_refuses_the_move(open_desk: OpenDesk) -> None:
    desk, rep, lead = await found(open_desk, name="L" * 50, budget="7.00")
    with pytest.raises(Exception, match="VALIDATION_FAILED"):
        await rep.move("lead", lead, "qualified")
    assert (await desk.row("lead", lead))["stage"] == "raw"
    assert await desk.rows("customer") == []


def test_stages_are_told_what_is_wrong_with_what_they_make() -> None:
    wrong = APP.replace("into: opportunity", "into: name").replace("phone: $row.phone", "fax: $row.phone")
    with pytest.raises(MetadataError) as raised:
        compile_texts({"app.yaml": wrong})
    said = [each.message for each in raised.value.diagnostics]
    assert any("fax" in each for each in said)
    assert any("'name' refers to no record" in each for each in said)
