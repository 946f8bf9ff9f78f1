"""The types that the engine itself brings into every API, as a page of the reference (RULING 41).

They are those of a small app that has one of everything, so that no type is left out for want of a use.
"""

from collections.abc import Iterable, Iterator

from graphql import parse

from salesmode.access.compose import policy_of
from salesmode.compiler.compiled import compile_texts
from salesmode.graph.catalog import Catalog
from salesmode.graph.printed import printed
from salesmode.graph.view import View
from salesmode.model.published import BUILT_IN_TYPES
from salesmode.plugins import additions_of

_ROLE = "admin"
_ROOTS = ("Query", "Mutation", "Subscription")
_SAMPLE = """
kind: app
name: sample
version: "1.0.0"
locales: [en]
---
kind: object
name: customer
owned: true
activities: true
fields:
  name: {type: text, required: true, unique: true, searchable: true}
  grade: {type: choice, options: [a, b]}
  visits: {type: big_integer}
  settings: {type: json}
  partners: {type: multi_reference, to: customer}
---
kind: object
name: opportunity
plural: opportunities
owned: true
fields:
  name: {type: text, required: true}
  customer: {type: reference, to: customer, inverse: opportunities}
  amount: {type: money}
  close_date: {type: date}
---
kind: pipeline
name: deal
object: opportunity
granularity: staged
customer: customer
fields: [name, amount, close_date]
stages:
  - {name: qualify, probability: 10, forecast: pipeline}
  - {name: won, closes: won, probability: 100}
  - {name: lost, closes: lost}
---
kind: tag
name: referral
object: customer
label: Referral
opportunity: {line: referral}
states: [hinted, visited]
fields: {introduced: {type: text}}
"""
_PAGE = """\
# Types of the engine

Made by `make reference`. Every app's API has these types and fields, as far as the caller's roles show them:
who may not see something does not see its name either. An app's own objects get theirs in the same way; the
page has those of an `opportunity` with a pipeline and of a `customer` with a tag.

## The engine's own

{engine}

## Users

What every object gets is shown by the one that every app has.

{users}

## An object of an app

{sample}

## Where it begins

The fields of all objects of that app, `user`, `team`, `territory`, `activity` and `task` among them.

{roots}
"""


def engine_types() -> str:
    """The page, in Markdown."""
    model = compile_texts({"sample.yaml": _SAMPLE}).model
    catalog = Catalog(View(model, policy_of(model, [_ROLE]), additions_of(model)))
    types = dict(sorted(_named(printed(catalog))))
    derived = {name: each.object for name, each in model.published.types.items()}
    shown = ("opportunity", "customer")
    return _PAGE.format(
        engine=_block(text for name, text in types.items() if name in BUILT_IN_TYPES - {*_ROOTS}),
        users=_block(text for name, text in types.items() if derived.get(name) == "user"),
        sample=_block(text for name, text in types.items() if derived.get(name) in shown),
        roots=_block(types[name] for name in _ROOTS),
    )


def _named(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        (definition,) = parse(text).definitions
        yield definition.name.value, text  # type: ignore[attr-defined]


def _block(texts: Iterable[str]) -> str:
    return "```graphql\n" + "\n\n".join(texts) + "\n```"
