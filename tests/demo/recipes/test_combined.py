import pytest

from salesmode.demo.recipes import WrongRecipe, recipe_of
from tests.demo.recipes.worlds import drawn, world_of


def test_copy_reads_through_references() -> None:
    world = world_of(user=[{"id": "u", "team": "east"}], customer=[{"id": "c", "owner": "u"}])
    assert drawn({"copy": "customer.owner.team"}, {"customer": "c"}, world) == ["east"]


def test_first_takes_the_first_that_gives_a_value() -> None:
    recipe = {"first": [{"copy": "parent"}, {"copy": "brand"}, "none"]}
    assert drawn(recipe, {"parent": None, "brand": "华泰"}) == ["华泰"]
    assert drawn(recipe, {"parent": None, "brand": None}) == ["none"]


def test_by_chooses_a_recipe_for_the_value() -> None:
    recipe = {"by": "grade", "cases": {"a": 10, "b": {"copy": "discount"}}, "otherwise": 0}
    assert drawn(recipe, {"grade": "a", "discount": 5}) == [10]
    assert drawn(recipe, {"grade": "b", "discount": 5}) == [5]
    assert drawn(recipe, {"grade": None, "discount": 5}) == [0]


def test_by_spells_true_and_false_as_yaml_does() -> None:
    assert drawn({"by": "strategic", "cases": {"true": "yes"}}, {"strategic": True}) == ["yes"]
    assert drawn({"by": "strategic", "cases": {"true": "yes"}}, {"strategic": False}) == [None]


def test_by_without_cases_is_told() -> None:
    with pytest.raises(WrongRecipe, match="wants `cases`"):
        recipe_of({"by": "grade"})
