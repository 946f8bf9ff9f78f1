"""The rules of an app, by the object that they are about."""

from collections.abc import Mapping
from dataclasses import replace

from salesmode.model.app import Model
from salesmode_duplicates.match_kind import KIND as MATCH
from salesmode_duplicates.rules import MatchRule, RulingRule
from salesmode_duplicates.ruling_kind import KIND as RULING


def match_rules(model: Model) -> Mapping[str, tuple[MatchRule, ...]]:
    """The match rules of each object that has any; numbers without a country code are the app's country's."""
    found: dict[str, tuple[MatchRule, ...]] = {}
    for rule in model.extensions.get(MATCH, {}).values():
        if isinstance(rule, MatchRule):
            here = replace(rule, region=model.app.country)
            found[rule.object] = (*found.get(rule.object, ()), here)
    return found


def rules_of(model: Model, object_: str) -> tuple[MatchRule, ...]:
    """The match rules of one object."""
    return match_rules(model).get(object_, ())


def compared_fields(model: Model, object_: str) -> tuple[str, ...]:
    """All fields that its match rules compare."""
    rules = rules_of(model, object_)
    return tuple(dict.fromkeys(name for each in rules for name in each.fields))


def ruling_rules(model: Model) -> Mapping[str, RulingRule]:
    """The ruling rule of each object that has one."""
    found = model.extensions.get(RULING, {}).values()
    return {each.object: each for each in found if isinstance(each, RulingRule)}
