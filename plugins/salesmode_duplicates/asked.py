"""The rules of an app, by the object that they are about."""

from collections.abc import Mapping
from dataclasses import replace

from salesmode.model.app import Model
from salesmode_duplicates.rules import MatchRule, RulingRule

MATCH, RULING = "match_rule", "ruling_rule"


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


def ruling_rules(model: Model) -> Mapping[str, tuple[RulingRule, ...]]:
    """The ruling rules of each object that has any."""
    found: dict[str, tuple[RulingRule, ...]] = {}
    for rule in model.extensions.get(RULING, {}).values():
        if isinstance(rule, RulingRule):
            found[rule.object] = (*found.get(rule.object, ()), rule)
    return found
