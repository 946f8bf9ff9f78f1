"""From YAML to a recipe. The schema has checked the shape; here is checked what a schema cannot say."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from salesmode.demo.each import values_of
from salesmode.demo.recipes.combined import By, Copy, First, Share
from salesmode.demo.recipes.draws import Choice, Constant, Pick, Words
from salesmode.demo.recipes.moments import Bound, Moment, bound_of
from salesmode.demo.recipes.numbers import Integer, Lognormal, Ratio
from salesmode.demo.recipes.recipe import Recipe
from salesmode.demo.recipes.references import Reference
from salesmode.demo.recipes.texts import Pattern, Template
from salesmode.demo.world import path_of

Raw = Mapping[str, Any]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class WrongRecipe(ValueError):
    """What is wrong with a recipe, in words for the implementer."""


def recipe_of(raw: object) -> Recipe:
    """The recipe that `raw` describes: a mapping by its one kind, anything else as the value itself, a text
    in several languages too.
    """
    if not isinstance(raw, Mapping):
        return Constant(raw)
    kinds = [name for name in KINDS if name in raw]
    if raw and not kinds and all(map(_LANGUAGE.fullmatch, raw)):
        return Constant(raw)
    if len(kinds) != 1:
        found = " and ".join(kinds) if kinds else "none"
        raise WrongRecipe(f"one recipe is wanted, and here is {found}")
    recipe = KINDS[kinds[0]](raw)
    return Share(recipe, float(raw["share"])) if "share" in raw else recipe


def _choice(raw: Raw) -> Recipe:
    options = raw["choice"]
    if not isinstance(options, Mapping):
        values = tuple(each if isinstance(each, Mapping) else str(each) for each in options)
        return Choice(values, (1.0,) * len(values))
    if not any(options.values()):
        raise WrongRecipe("no option of this choice has a weight above 0")
    return Choice(tuple(options), tuple(map(float, options.values())))


def _integer(raw: Raw) -> Recipe:
    told = raw["integer"]
    if told["from"] > told["to"]:
        raise WrongRecipe(f"nothing lies between {told['from']} and {told['to']}")
    return Integer(told["from"], told["to"], float(told.get("skew", 1)))


def _lognormal(raw: Raw) -> Recipe:
    told = raw["lognormal"]
    return Lognormal(Decimal(told["median"]), float(told.get("spread", 1)), Decimal(told.get("step", 1)))


def _ratio(raw: Raw) -> Recipe:
    told = raw["ratio"]
    step = Decimal(told.get("step", 1))
    return Ratio(path_of(told["of"]), float(told["from"]), float(told["to"]), step)


def _moment(raw: Raw) -> Recipe:
    told = raw["moment"]
    return Moment(
        start=_bounds(told["from"]),
        end=_bounds(told["to"]),
        growth=float(told.get("growth", 1)),
        months=tuple(map(float, told.get("months", ()))),
        hours=(told["hours"][0], told["hours"][1]) if "hours" in told else None,
    )


def _bounds(raw: str | Sequence[str]) -> tuple[Bound, ...]:
    texts = [raw] if isinstance(raw, str) else raw
    found = [bound_of(text) for text in texts]
    for text, bound in zip(texts, found, strict=True):
        if bound is None:
            raise WrongRecipe(f"'{text}' is no moment; write `$now - 90d` or `created_at + 2w`")
    return tuple(bound for bound in found if bound is not None)


def _reference(raw: Raw) -> Recipe:
    where = {name: values_of(wanted) for name, wanted in raw.get("where", {}).items()}
    same = {name: path_of(path) for name, path in raw.get("same", {}).items()}
    return Reference(raw["reference"], where, same, float(raw.get("skew", 1)), raw.get("evenly", False))


def _by(raw: Raw) -> Recipe:
    if "cases" not in raw:
        raise WrongRecipe("`by` wants `cases`")
    cases = {value: recipe_of(each) for value, each in raw["cases"].items()}
    return By(path_of(raw["by"]), cases, recipe_of(raw.get("otherwise")))


KINDS: Mapping[str, Callable[[Raw], Recipe]] = {
    "value": lambda raw: Constant(raw["value"]),
    "words": lambda raw: Words(raw["words"], float(raw.get("skew", 1))),
    "pick": lambda raw: Pick(path_of(raw["pick"])),
    "choice": _choice,
    "integer": _integer,
    "lognormal": _lognormal,
    "ratio": _ratio,
    "moment": _moment,
    "reference": _reference,
    "template": lambda raw: Template(raw["template"]),
    "pattern": lambda raw: Pattern(raw["pattern"]),
    "copy": lambda raw: Copy(path_of(raw["copy"])),
    "first": lambda raw: First(tuple(map(recipe_of, raw["first"]))),
    "by": _by,
}
