"""Whatever a record holds and whoever asks: what may be next, and what is in the way, is what a move without
an input answers.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope
from salesmode.database.driver import UnitOf
from salesmode.diagnostics import Refusal
from salesmode.model.pipeline import Pipeline
from salesmode.pipelines.places import kept_values, places
from salesmode.records import move
from tests.records.deals import DEALS
from tests.support.rows import fill, id_of
from tests.support.small_api import NOW, SYSTEM, SmallApi, small_api

TRICKY = """
kind: role
name: partner
objects:
  customer: {read: true, fields: {default: read}}
  opportunity:
    read: true
    update: {where: {or: [{amount: {gt: 1}}, {stage: {before: proposal}}]}}
    pipelines: [deal, express]
    fields:
      default: read
      decision_maker: none
      review: none
      lost_reason: none
      stage: {read: {where: {source: web}}}
---
kind: pipeline
name: mirror
object: opportunity
reopen: [manager]
stages:
  - name: first
    exit:
      required: [name, products, {fields: [budget], when: {stage: second}}]
      validations:
        - {name: still_open, must: {status: open}, message: Only open}
        - {name: just_now, must: {stage_since: {gte: $now}}, message: Only now}
        - {name: never_first, must: {stage: {after: first}}, message: Only later}
        - {name: new_version, must: {version: {gt: 1}}, message: Only written}
        - {name: by_me, must: {updated_by: $user.id}, message: Only by me}
  - {name: second, when: {amount: {isNull: true}}, back: true, skip: true}
  - {name: third, next: [first, lost, done]}
  - name: done
    closes: won
    next: [lost]
    entry: {validations: [{name: closing, must: {closed_at: {isNull: false}}, message: Closed}]}
  - {name: lost, closes: lost, entry: {validations: [{name: lost_now, must: {status: lost}, message: Lost}]}}
"""
TERM, VALIDATIONS = "  term: {type: integer, default: 12}\n", "validations:\n"
FIELDS = """
  products: {type: multi_choice, options: [x, y]}
  reason_known: {type: boolean, required: {when: {status: won}}}
"""
RULES = """
  - {name: for_a_reason, when: {stage: [dropped, done]}, must: {lost_reason: {isNull: false}}, message: Why}
  - name: of_this_year
    must: {or: [{closed_at: {isNull: true}}, {closed_at: {gte: $year_start}}]}
    message: When
"""
APP = DEALS.replace(TERM, TERM + FIELDS[1:]).replace(VALIDATIONS, VALIDATIONS + RULES[1:], 1)
ROLES = ("sales", "engineer", "manager", "renewals", "partner", "admin")
AHEAD = """
{ opportunities(first: 1000) { nodes { id
  nextStages { name allowed blockedBy { path code message name } }
} } }
"""


class Undone(Exception):
    """A move that was let through, and is taken back."""


def records(api: SmallApi, some: random.Random, many: int) -> Iterator[dict[str, Any]]:
    pipelines = api.tables.model.pipelines_of("opportunity")
    for number in range(many):
        pipeline: Pipeline = some.choice(pipelines)
        standing = kept_values(pipeline, some.choice(places(pipeline)).name, NOW - timedelta(days=9))
        yield {
            **standing,
            "id": id_of(7, number),
            "name": f"o{number}",
            "owner": some.choice([each["id"] for each in api.people.values()]),
            "customer": some.choice([None, id_of(8, 0), id_of(8, 1)]),
            "amount": some.choice([None, 0, 5]),
            "budget": some.choice([None, 7]),
            "customised": some.choice([None, True, False]),
            "products": some.choice([None, (), ("x",)]),
            "reason_known": some.choice([None, True]),
            "source": some.choice([None, "web"]),
            **{name: some.choice([None, "x"]) for name in ("decision_maker", "secret_plan", "review")},
            "lost_reason": some.choice([None, "x"]),
        }


async def attempt(api: SmallApi, who: str, id_: str, to: str) -> tuple[str, list[dict[str, Any]]]:
    """What a move answers: its code (`moved` where it is none), and its problems."""
    user = api.people[who]
    scope = PolicyScope(api.tables, policy_of(api.tables.model, user["roles"]))
    environment = replace(SYSTEM, user=user)

    def unit() -> UnitOf[None]:
        yield from move(scope, "opportunity", id_, to, {}, environment)
        raise Undone

    try:
        await api.database.run(unit)
    except Undone:
        return "moved", []
    except Refusal as refusal:
        return refusal.code, [{"name": None, **each.as_json("en")} for each in refusal.problems]
    raise AssertionError


async def test_next_stages_are_what_a_move_answers(database_url: str) -> None:
    many = 60 if database_url.startswith("sqlite") else 15
    some, seen = random.Random(20260301), set[str]()
    async with small_api(database_url, APP, TRICKY) as api:
        for each in ROLES:
            await api.person(each, each)
        customers = [{"id": id_of(8, at), "name": f"c{at}", "grade": "ac"[at]} for at in (0, 1)]
        rows = list(records(api, some, many))
        await api.database.run(lambda: fill(api.tables, {"customer": customers, "opportunity": rows}))
        for who in ROLES:
            for node in (await api.data(who, AHEAD))["opportunities"]["nodes"]:
                for ahead in node["nextStages"]:
                    code, problems = await attempt(api, who, node["id"], ahead["name"])
                    seen.add(code)
                    assert ahead["allowed"] == (code == "moved"), (who, node["id"], ahead, code, problems)
                    if code != "FORBIDDEN":
                        assert ahead["blockedBy"] == problems, (who, node["id"], ahead["name"])
    assert seen == {"moved", "STAGE_BLOCKED", "FORBIDDEN"}
