"""Who gets records: rules in order, groups in order, and what is remembered."""

from collections import Counter
from collections.abc import Sequence

from salesmode.hookspecs import Decision
from salesmode_routing.assigning import ask_rules
from salesmode_routing.deciding import decide
from salesmode_routing.rules import rules_of
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import World

ASK = "kind: routing_rule\nname: first\nobject: lead\non: [ask]\n"


async def asked(world: World, *leads: dict[str, object]) -> list[str | None]:
    """Who would get such leads, by name; None: nobody."""
    ids = await world.make("lead", *leads)
    return [None if each is None else named(world, each) for each in await decided(world, ids)]


async def decided(world: World, ids: Sequence[str]) -> list[Decision | None]:
    found: list[Decision] = await world.do(lambda desk: ask_rules(desk, "lead", ids))
    by_record = {each.record: each for each in found}
    return [by_record.get(id) for id in ids]


def named(world: World, decision: Decision) -> str:
    names = {id: name for name, id in world.users.items()}
    return f"pool {decision.pool}" if decision.user is None else names[decision.user]


async def test_turns_go_on_in_the_next_request_and_only_active_users_get_any(open_world: OpenWorld) -> None:
    world = await open_world(ASK + "candidates: [{name: all, where: {skills: {has: a}}}]\n")
    await world.people(
        ann={"skills": ("a",)},
        bob={"skills": ("a", "b")},
        carl={"skills": ("b",)},
        dora={"skills": ("a",), "active": False},
    )
    assert await asked(world, {}, {}, {}) == ["ann", "bob", "ann"]
    assert await asked(world, {}, {}) == ["bob", "ann"]


async def test_groups_are_asked_in_order_and_look_at_the_record(open_world: OpenWorld) -> None:
    able, rest = "{name: able, where: {skills: {has: $record.product}}}", "{name: rest, where: {weight: 1}}"
    world = await open_world(f"{ASK}candidates: [{able}, {rest}]\n")
    await world.people(ann={"skills": ("a",)}, bob={"weight": 1})
    assert await asked(world, {"product": "a"}, {"product": "b"}, {"product": "a"}) == ["ann", "bob", "ann"]


async def test_the_first_rule_that_applies_and_finds_somebody_decides(open_world: OpenWorld) -> None:
    world = await open_world(
        ASK
        + "when: {region: north}\ncandidates: [{name: able, where: {skills: {has: a}}}]\norder: 1\n---\n"
        + ASK.replace("first", "second")
        + "candidates: [{name: able, where: {skills: {has: b}}}]\norder: 2\n---\n"
        + "kind: public_pool\nname: open\nobject: lead\n---\n"
        + ASK.replace("first", "third")
        + "candidates: [{name: nobody, where: {weight: 9}}]\npool: open\norder: 3\n"
    )
    await world.people(bob={"skills": ("b",)})
    assert await asked(world, {"region": "north"}, {"region": "south"}) == ["bob", "bob"]
    await world.people(ann={"skills": ("a",)})
    assert await asked(world, {"region": "north"}, {"region": "south"}) == ["ann", "bob"]
    for name in ("ann", "bob"):
        await world.put("user", world.users[name], active=False)
    assert await asked(world, {"region": "north"}) == ["pool open"]


async def test_where_no_rule_finds_anybody_nothing_is_decided(open_world: OpenWorld) -> None:
    world = await open_world(ASK + "candidates: [{name: nobody, where: {weight: 9}}]\n")
    assert await asked(world, {}) == [None]
    assert await world.rows("routing_decision") == []


async def test_weights_are_shares(open_world: OpenWorld) -> None:
    world = await open_world(
        ASK + "candidates: [{name: all, where: {weight: {gte: 0}}}]\nchoose: weighted\nweight: weight\n"
    )
    await world.people(ann={"weight": 5}, bob={"weight": 3}, carl={"weight": 2}, dora={"weight": 0})
    found = Counter(await asked(world, *[{}] * 7)) + Counter(await asked(world, *[{}] * 13))
    assert found == {"ann": 10, "bob": 6, "carl": 4}


async def test_who_is_full_gets_nothing_and_records_that_do_not_count_are_no_load(
    open_world: OpenWorld,
) -> None:
    world = await open_world(
        ASK + "candidates: [{name: all, where: {room: {gt: 0}}}]\ncapacity: room\nload: {hot: true}\n"
    )
    await world.people(ann={"room": 2}, bob={"room": 1})
    await world.make("lead", {"owner": world.users["ann"], "hot": True}, {"owner": world.users["ann"]})
    assert await asked(world, {}, {}, {}) == ["ann", "bob", None]


async def test_who_has_least_gets_the_next(open_world: OpenWorld) -> None:
    world = await open_world(ASK + "candidates: [{name: all, where: {weight: 1}}]\nchoose: least_load\n")
    await world.people(ann={"weight": 1}, bob={"weight": 1})
    await world.make("lead", *[{"owner": world.users["ann"]}] * 2)
    assert await asked(world, {}, {}, {}) == ["bob", "bob", "ann"]


async def test_points_decide(open_world: OpenWorld) -> None:
    world = await open_world(
        ASK
        + """
candidates: [{name: all, where: {weight: 1}}]
choose: score
score:
  - {name: knows_it, when: {skills: {has: $record.product}}, points: 2}
  - {name: is_busy, when: {room: 0}, points: -1.5}
"""
    )
    await world.people(
        ann={"weight": 1, "skills": ("a",), "room": 0}, bob={"weight": 1}, carl={"weight": 1, "room": 0}
    )
    assert await asked(world, {"product": "a"}, {"product": "b"}) == ["ann", "bob"]
    (round_, other) = await world.rows("routing_round", "candidates")
    told = {each["reason"]: each["score"] for each in [*round_["candidates"], *other["candidates"]]}
    assert told["ann (all): fits; knows_it 2; is_busy -1.5"] == "0.5"


async def test_decisions_tell_their_rule_their_candidates_and_why(open_world: OpenWorld) -> None:
    world = await open_world(ASK + "candidates: [{name: all, where: {room: {gte: 0}}}]\ncapacity: room\n")
    await world.people(ann={"room": 0}, bob={"room": 1})
    (lead,) = await world.make("lead", {})
    await decided(world, [lead])
    (decision,) = await world.rows(
        "routing_decision", "object", "record", "rule", "trigger", "user.name", "reason", "round.candidates"
    )
    assert {name: decision[name] for name in ("object", "record", "rule", "trigger", "user.name")} == {
        "object": "lead",
        "record": lead,
        "rule": "first",
        "trigger": "ask",
        "user.name": "bob",
    }
    assert decision["reason"] == "next in turn of 2 in 'all'"
    assert [(each["reason"], each["fits"]) for each in decision["round.candidates"]] == [
        ("ann (all): has 0 of 0 records", False),
        ("bob (all): fits", True),
    ]


async def test_nobody_is_given_a_record_that_is_theirs(open_world: OpenWorld) -> None:
    world = await open_world(ASK + "candidates: [{name: all, where: {weight: 1}}]\n")
    await world.people(ann={"weight": 1}, bob={"weight": 1})
    mine = {"owner": world.users["ann"]}
    assert await asked(world, mine, mine) == ["bob", "bob"]


async def test_a_rule_that_only_simulates_remembers_nothing(open_world: OpenWorld) -> None:
    world = await open_world(ASK + "active: false\ncandidates: [{name: all, where: {weight: 1}}]\n")
    await world.people(ann={"weight": 1}, bob={"weight": 1})
    assert await asked(world, {}) == [None]
    ids = await world.make("lead", {}, {})
    for _ in range(2):
        (made,) = await world.do(lambda desk: decide(desk, ids, rules_of(desk.model, "lead"), dry=True))
        assert [named(world, each) for each in made.decisions] == ["ann", "bob"]
    assert await world.rows("routing_counter") == []


async def test_as_many_statements_for_a_thousand_records_as_for_one(open_world: OpenWorld) -> None:
    world = await open_world(
        ASK + "when: {hot: true}\ncandidates: [{name: able, where: {skills: {has: $record.product}}}]\n"
    )
    await world.people(**{f"user{at:02}": {"skills": ("a",)} for at in range(10)})
    counts = []
    for size in (10, 1000):
        ids = await world.make("lead", *[{"hot": True, "product": "a"}] * size)
        await decided(world, ids)
        world.heard.clear()
        found = await decided(world, ids)
        counts.append(len(world.heard))
        assert max(Counter(named(world, each) for each in found if each).values()) == size // 10
    assert counts[0] == counts[1]


async def test_what_one_rule_gives_away_counts_for_the_next(open_world: OpenWorld) -> None:
    rule = "candidates: [{name: all, where: {room: {gt: 0}}}]\ncapacity: room\n"
    world = await open_world(
        f"{ASK}order: 1\nwhen: {{region: north}}\n{rule}---\n{ASK.replace('first', 'second')}order: 2\n{rule}"
    )
    await world.people(ann={"room": 2})
    found = await asked(world, {"region": "north"}, {"region": "south"}, {"region": "south"})
    assert found == ["ann", "ann", None]


async def test_who_comes_into_question_later_is_counted_too(open_world: OpenWorld) -> None:
    able = "candidates: [{name: able, where: {skills: {has: $record.product}}}]\ncapacity: 1\n"
    world = await open_world(
        f"{ASK}order: 1\nwhen: {{product: b}}\ncandidates: [{{name: nobody, where: {{weight: 9}}}}]\n---\n"
        + f"{ASK.replace('first', 'second')}order: 2\n{able}"
    )
    await world.people(ann={"skills": ("a",)}, bob={"skills": ("b",)})
    await world.make("lead", {"owner": world.users["bob"]})
    assert await asked(world, {"product": "a"}, {"product": "b"}) == ["ann", None]
