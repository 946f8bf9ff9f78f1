from collections import Counter
from random import Random

from salesmode.demo.recipes import recipe_of
from salesmode.demo.world import Row
from tests.demo.recipes.worlds import drawn, world_of

USERS: list[Row] = [
    {"id": "lin", "team": "east", "work": "sales"},
    {"id": "wu", "team": "east", "work": "sales"},
    {"id": "he", "team": "staff", "work": "finance"},
    {"id": "sun", "team": "west", "work": "sales"},
]


def test_where_takes_one_value_or_several() -> None:
    world = world_of(user=USERS)
    assert set(drawn({"reference": "user", "where": {"work": "finance"}}, world=world, times=50)) == {"he"}
    either = {"reference": "user", "where": {"team": ["staff", "west"]}}
    assert set(drawn(either, world=world, times=50)) == {"he", "sun"}


def test_same_compares_with_the_row_itself() -> None:
    world = world_of(user=USERS)
    recipe = {"reference": "user", "where": {"work": "sales"}, "same": {"team": "team"}}
    assert set(drawn(recipe, {"team": "east"}, world, times=50)) == {"lin", "wu"}
    assert drawn(recipe, {"team": "north"}, world) == [None]


def test_what_is_empty_is_the_same_as_nothing() -> None:
    world = world_of(user=[{"id": "lin", "team": None}])
    assert drawn({"reference": "user", "same": {"team": "team"}}, {"team": None}, world) == [None]


def test_evenly_takes_turns_by_the_number_of_the_row() -> None:
    world = world_of(user=USERS)
    found = [drawn({"reference": "user", "evenly": True}, {"n": n}, world)[0] for n in range(8)]
    assert Counter(found) == {"lin": 2, "wu": 2, "he": 2, "sun": 2}


def test_the_skew_prefers_the_earliest() -> None:
    found = Counter(drawn({"reference": "user", "skew": 4}, world=world_of(user=USERS), times=1000))
    assert found["lin"] > 600


def test_rows_made_meanwhile_can_be_referred_to() -> None:
    world = world_of(user=[])
    draw = recipe_of({"reference": "user"}).bind(world, Random(1))
    assert draw({"n": 0}) is None
    world.add("user", {"id": "lin"}, None)
    assert draw({"n": 1}) == "lin"
