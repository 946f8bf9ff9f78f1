from collections import Counter

import pytest

from salesmode.demo.recipes import WrongRecipe, recipe_of
from tests.demo.recipes.worlds import drawn, world_of


@pytest.mark.parametrize("value", ["sales", 3, True, None, ["sales", "finance"]])
def test_what_is_no_mapping_is_the_value_itself(value: object) -> None:
    assert drawn(value, times=2) == [value, value]


def test_a_choice_follows_its_weights_and_never_gives_what_weighs_nothing() -> None:
    found = Counter(drawn({"choice": {"a": 90, "b": 10, "c": 0}}, times=2000))
    assert 1700 < found["a"] < 1900
    assert set(found) == {"a", "b"}


def test_a_choice_from_a_list_is_even() -> None:
    found = Counter(drawn({"choice": ["a", "b"]}, times=2000))
    assert 900 < found["a"] < 1100


def test_a_choice_without_any_weight_is_told() -> None:
    with pytest.raises(WrongRecipe, match="weight"):
        recipe_of({"choice": {"a": 0}})


def test_words_with_a_skew_prefer_the_front() -> None:
    words = {"letters": ["a", "b", "c", "d"]}
    even = Counter(drawn({"words": "letters"}, world=world_of(words), times=2000))
    skewed = Counter(drawn({"words": "letters", "skew": 3}, world=world_of(words), times=2000))
    assert even["a"] < 600
    assert skewed["a"] > 1100
    assert set(skewed) == {"a", "b", "c", "d"}


def test_pick_takes_from_the_list_of_the_row_that_is_referred_to() -> None:
    world = world_of(territory=[{"id": "t", "cities": ["Suzhou"]}])
    assert drawn({"pick": "territory.cities"}, {"territory": "t"}, world) == ["Suzhou"]
    assert drawn({"pick": "territory.cities"}, {"territory": None}, world) == [None]


def test_a_share_leaves_the_rest_empty() -> None:
    found = drawn({"value": 1, "share": 0.25}, times=2000)
    assert 400 < found.count(1) < 600
    assert found.count(None) == 2000 - found.count(1)
