from decimal import Decimal
from statistics import median

import pytest

from salesmode.demo.recipes import WrongRecipe, recipe_of
from tests.demo.recipes.worlds import drawn


def test_an_integer_reaches_both_ends() -> None:
    assert set(drawn({"integer": {"from": 1, "to": 3}}, times=200)) == {1, 2, 3}


def test_an_empty_range_is_told() -> None:
    with pytest.raises(WrongRecipe, match="nothing lies between 5 and 4"):
        recipe_of({"integer": {"from": 5, "to": 4}})


def test_amounts_lie_around_the_median_and_are_exact_multiples_of_the_step() -> None:
    found = drawn({"lognormal": {"median": 500000, "spread": 1, "step": Decimal(1000)}}, times=2000)
    amounts = [each for each in found if isinstance(each, Decimal)]
    assert len(amounts) == 2000
    assert all(each % 1000 == 0 and each >= 1000 for each in amounts)
    assert 450_000 < median(amounts) < 550_000
    assert max(amounts) > 5_000_000


def test_a_ratio_is_a_part_of_another_number() -> None:
    told = {"of": "amount", "from": Decimal("0.5"), "to": Decimal("0.8"), "step": Decimal("0.01")}
    recipe = {"ratio": told}
    (found,) = drawn(recipe, {"amount": Decimal(100)})
    assert isinstance(found, Decimal)
    assert 50 <= found <= 80
    assert drawn(recipe, {"amount": None}) == [None]
