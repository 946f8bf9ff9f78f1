"""New records get owners by rule, whatever way they come."""

from collections import Counter
from pathlib import Path

from salesmode.access.scope import SystemScope
from salesmode.database.driver import UnitOf
from salesmode.exchange.columns import importable
from salesmode.exchange.formats import format_of, reading
from salesmode.exchange.incorporate import Incoming, Outcome, incorporate
from salesmode.records.subject import subject_of
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import World

RULE = """
kind: routing_rule
name: north
object: lead
when: {region: north}
candidates: [{name: all, where: {weight: {gt: 0}}}]
sla: {within: 4h}
"""


async def company(open_world: OpenWorld, text: str = RULE) -> World:
    world = await open_world(text)
    await world.people(ann={"weight": 1}, bob={"weight": 2}, carl={"weight": 3}, maker={"roles": ("boss",)})
    return world


async def test_whoever_makes_a_lead_and_names_no_owner_leaves_it_to_the_rules(open_world: OpenWorld) -> None:
    world = await company(open_world)
    create = """mutation ($input: [LeadCreate!]!) {
      createLeads(input: $input) { nodes { owner { name } } }
    }"""
    leads = [{"region": "north"}, {"region": "south"}, {"region": "north", "owner": world.users["carl"]}]
    answer = await world.running.ask("maker", create, {"input": leads})
    owners = [each["owner"]["name"] for each in answer["data"]["createLeads"]["nodes"]]
    assert owners == ["ann", "maker", "carl"]


async def test_what_is_kept_of_a_routed_lead(open_world: OpenWorld) -> None:
    world = await company(open_world)
    (one,) = await world.make("lead", {"region": "north"})
    row = await world.row("lead", one, "routed_by", "sla_due", "owned_since")
    hours = (row["sla_due"] - row["owned_since"]).total_seconds() / 3600
    assert (row["routed_by"], hours) == ("north", 4)
    (decision,) = await world.rows("routing_decision", "trigger", "record")
    assert (decision["trigger"], decision["record"]) == ("create", one)
    await world.put("lead", one, owner=world.users["carl"])
    row = await world.row("lead", one, "routed_by", "sla_due")
    assert (row["routed_by"], row["sla_due"]) == (None, None)


async def test_ten_thousand_leads_at_once_are_shared_out_fairly(open_world: OpenWorld) -> None:
    world = await company(open_world)
    ids = await world.make("lead", *[{"region": "north"}] * 10_001)
    found = await world.owners("lead", ids[:5_000]) + await world.owners("lead", ids[5_000:])
    assert sorted(found.values()) == [3333, 3334, 3334]


async def test_ten_thousand_leads_by_weight(open_world: OpenWorld) -> None:
    world = await company(open_world, RULE + "choose: weighted\nweight: weight\n")
    ids = await world.make("lead", *[{"region": "north"}] * 10_000)
    found: Counter[str | None] = await world.owners("lead", ids)
    for name, weight in (("ann", 1), ("bob", 2), ("carl", 3)):
        assert abs(found[name] - 10_000 * weight / 6) < 1


async def test_the_statements_do_not_grow_with_the_leads(open_world: OpenWorld) -> None:
    world = await company(open_world)
    counts = []
    for size in (10, 10, 500):
        world.heard.clear()
        await world.make("lead", *[{"region": "north"}] * size)
        counts.append(len(world.heard))
    assert counts[1] == counts[2]


async def test_nobody_fits_and_the_pool_of_the_rule_gets_it(open_world: OpenWorld) -> None:
    world = await company(
        open_world,
        RULE.replace("{gt: 0}", "{gt: 9}")
        + "pool: late\n---\nkind: public_pool\nname: late\nobject: lead\norder: 999\n"
        + "---\nkind: public_pool\nname: any\nobject: lead\n",
    )
    routed, other = await world.make("lead", {"region": "north"}, {"region": "south", "owner": None})
    assert [await world.value("lead", id, "pool") for id in (routed, other)] == ["late", "any"]
    (move,) = await world.rows("pool_move", "action", "rule", record=routed)
    assert (move["action"], move["rule"]) == ("route", "north")


KEEPER = """---
kind: role
name: keeper
objects:
  lead: {create: {set: {owner: $user.id}}}
---
kind: role
name: keeping
inherits: [keeper, sales]
objects: {}
"""


async def test_a_role_that_says_whose_a_new_lead_is_goes_before_the_rules(open_world: OpenWorld) -> None:
    world = await company(open_world, RULE + KEEPER)
    await world.people(dora={"roles": ("keeping",)})
    create = "mutation { createLead(input: {region: north}) { lead { owner { name } } } }"
    owners = []
    for user in ("dora", "maker"):
        answer = await world.running.ask(user, create)
        owners.append(answer["data"]["createLead"]["lead"]["owner"]["name"])
    assert owners == ["dora", "ann"]


def brought(world: World, path: Path) -> UnitOf[Outcome]:
    """The rows of a file, as the shell imports them."""
    subject = subject_of(SystemScope(world.running.tables), "lead")
    with reading(path, format_of(path, None), "utf-8") as table:
        incoming = Incoming(subject, importable(subject, table.headers, ()))
        return (yield from incorporate(incoming, table, world.running.environment))


async def test_ten_thousand_leads_of_a_file_are_shared_out_fairly(
    open_world: OpenWorld, tmp_path: Path
) -> None:
    world = await company(open_world)
    path = tmp_path / "leads.csv"
    path.write_text("name,region\n" + "".join(f"lead {at},north\n" for at in range(10_000)), encoding="utf-8")
    await world.running.database.run(lambda: brought(world, path))
    leads = await world.rows("lead", "owner.name")
    assert sorted(Counter(each["owner.name"] for each in leads).values()) == [3333, 3333, 3334]
