"""Recipes: how one value of a demo record comes about.

Takes: the YAML of one value, shaped as demo.schema.json says.
Gives: `recipe_of(raw)`, a frozen Recipe that says what it needs and can be bound to a world and to chance.
Rejects when: a moment cannot be read, a range is empty, a choice has no weight (WrongRecipe).
Modules: recipe; draws, numbers, moments, references, texts, combined; reading.
"""

from salesmode.demo.recipes.draws import Constant
from salesmode.demo.recipes.reading import WrongRecipe, recipe_of
from salesmode.demo.recipes.recipe import Need, Reads, Recipe, Refers, Says

__all__ = ["Constant", "Need", "Reads", "Recipe", "Refers", "Says", "WrongRecipe", "recipe_of"]
