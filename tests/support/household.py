"""A small app with tags, asked by its people: households, deals, and those who may see and set which tag."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.support.small_api import SmallApi, small_api

HOUSEHOLDS = """
kind: object
name: household
fields:
  name: {type: text, required: true}
  children: {type: integer}
  agent: {type: user}
  calls: {type: rollup, over: visits, count: true, where: {kind: call}}
  referrals: {type: rollup, over: tags, count: true, where: {name: referral}}
---
kind: object
name: visit
fields:
  name: {type: text}
  household: {type: reference, to: household, inverse: visits}
  kind: {type: choice, options: [call, visit]}
  at: {type: datetime}
---
kind: object
name: opportunity
plural: opportunities
fields:
  name: {type: text, required: true, max_length: 30}
  household: {type: reference, to: household, inverse: opportunities}
  source: {type: choice, options: [web, referral]}
  agent: {type: user}
  budget: {type: integer}
---
kind: pipeline
name: new_purchase
object: opportunity
customer: household
stages: [trial, contract, {name: won, closes: won}, {name: lost, closes: lost}]
---
kind: pipeline
name: renewal
object: opportunity
granularity: simple
customer: household
---
kind: tag
name: referral
object: household
label: {en: Referral, zh: 转介绍}
opportunity: {line: referral, probability: 20}
states: [hinted, introduced, {name: visited, label: Has visited}]
fields:
  introduced_person: {type: text, max_length: 10}
  met: {type: date}
  size: {type: money}
  channel: {type: choice, options: [phone, shop], default: phone}
expires_after: 30d
promote_to: {pipeline: new_purchase, set: {source: referral, agent: $user.id}}
---
kind: tag
name: rich
object: household
---
kind: tag
name: secret
object: household
---
kind: tag
name: big_family
object: household
auto: {where: {children: {gte: 3}}}
---
kind: tag
name: silent
object: household
auto: {where: {visits: {none: {at: {gte: $now - 10d}}}}}
---
kind: tag
name: often_called
object: household
auto: {where: {calls: {gte: 2}}}
---
kind: role
name: rep
objects:
  household:
    read: true
    update: {where: {agent: $user.id}}
    create: true
    fields: {default: write, referrals: none}
    tags: {secret: none, rich: read}
  visit: {read: true, create: true, update: true, delete: true, fields: {default: write}}
  opportunity:
    read: {where: {agent: $user.id}}
    create: true
    fields: {name: write, household: read, source: read, agent: read, budget: write, default: read}
  user: {read: {where: {name: {ne: ghost}}}, fields: {name: read}}
---
kind: role
name: partner
objects:
  household:
    read: {where: {agent: $user.id}}
    fields: {name: read}
    tags: {referral: write, rich: none, secret: read}
  user: {read: true, fields: {name: read}}
---
kind: role
name: looker
objects:
  household: {read: true, fields: {name: read}, tags: {referral: none, rich: none, big_family: none,
    silent: none, often_called: none, secret: none}}
---
kind: role
name: more
objects:
  household: {tags: {secret: write}}
"""

TAG = """mutation ($id: ID!, $tag: HouseholdTag!, $state: String, $input: JSON, $owner: ID, $source: String) {
  tagHousehold(id: $id, tag: $tag, state: $state, input: $input, owner: $owner, source: $source) {
    household { version tags { name state values } } } }"""
UNTAG = """mutation ($id: ID!, $tag: HouseholdTag!) {
  untagHousehold(id: $id, tag: $tag) { household { version tags { name state } } } }"""
PROMOTE = """mutation ($id: ID!, $tag: HouseholdTag!, $input: OpportunityCreate) {
  promoteHouseholdTag(id: $id, tag: $tag, input: $input) {
    id opportunity { id name source budget agent { name } pipeline status stage { name } } } }"""


@asynccontextmanager
async def households(database_url: str) -> AsyncIterator[Any]:
    """`ann` is a rep and `pat` a partner of Li's (`li`), whom `bob` only sees."""
    async with small_api(database_url, HOUSEHOLDS) as found:
        await found.person("root", "admin")
        for name, *roles in (("bob", "rep"), ("lou", "looker"), ("mae", "rep", "more"), ("ghost", "rep")):
            await found.person(name, *roles)
        ann, pat = await found.person("ann", "rep"), await found.person("pat", "partner")
        found.li = await li(found, "Li", ann)  # type: ignore[attr-defined]
        found.wu = await li(found, "Wu", pat)  # type: ignore[attr-defined]
        yield found


async def li(api: SmallApi, name: str, agent: str) -> str:
    """A household that no rule tags."""
    id_ = await api.new("household", name=name, children=1, agent=agent)
    await api.new("visit", household=id_, kind="visit", at=api.now)
    return id_


async def tag(api: Any, person: str, name: str, household: str | None = None, **more: Any) -> Any:
    """The record as its tagging shows it."""
    answer = await api.data(person, TAG, id=household or api.li, tag=name, **more)
    return answer["tagHousehold"]["household"]


async def names(api: Any, person: str, where: str = "") -> list[list[str]]:
    """The tags that the person sees of each household."""
    given = f"(where: {where})" if where else ""
    found = await api.data(person, f"{{ households{given} {{ nodes {{ tags {{ name }} }} }} }}")
    return [[each["name"] for each in node["tags"]] for node in found["households"]["nodes"]]
