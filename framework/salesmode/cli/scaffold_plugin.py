"""The texts of a new plugin: a package with one kind, one hook, its schema and its tests."""

from collections.abc import Mapping
from string import Template

_PROJECT = """\
[build-system]
requires = ["hatchling>=1.26"]
build-backend = "hatchling.build"

[project]
name = "salesmode-$dashed"
version = "0.1.0"
description = "A Salesmode plugin: how many records one person may make."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["salesmode>=$salesmode"]

# The name on the left is what an app writes under `plugins:`.
[project.entry-points.salesmode]
$name = "salesmode_$name.plugin"

[tool.hatch.build.targets.wheel]
packages = ["salesmode_$name"]
"""

_README = """\
# $label

A Salesmode plugin: a document of the kind `${name}_limit` says how many records of an object one person may
make.

```yaml
kind: app
name: my_crm
plugins: [$name]
---
kind: ${name}_limit
name: few_open_tasks
object: task
where: {done_at: {isNull: true}}
most: 20
message: {en: Finish some of your tasks first}
```

    pip install -e .        # in the environment of the app
    salesmode plugins       # is it there?
    pytest                  # does it work?

| file | what it is |
|---|---|
| `salesmode_$name/plugin.py` | the hooks, which hand on to the modules beside them |
| `salesmode_$name/limits.py` | how a document becomes a value, and what is asked of records |
| `salesmode_$name/limit.schema.json` | what a document may say, for editors and `salesmode validate` |
| `tests/test_limits.py` | an app as text, its users, and what they are refused |

All hooks: `docs/reference/hooks.md` of Salesmode. A plugin imports `salesmode.hookspecs` and
`salesmode.model`, its tests `salesmode.testing` too.
"""

_INIT = '''\
"""$label: how many records one person may make."""
'''

_PLUGIN = '''\
"""The hooks of the plugin. A misspelled one refuses to start."""

import json
from collections.abc import Sequence
from importlib.resources import files

from salesmode.hookspecs import Batch, Fault, MetadataKind, UnitOf, hookimpl

from salesmode_$name.limits import KIND, faults_of, limit_of


@hookimpl
def metadata_kinds() -> Sequence[MetadataKind]:
    schema = json.loads(files(__package__).joinpath("limit.schema.json").read_text(encoding="utf-8"))
    return [MetadataKind(name=KIND, schema=schema, build=limit_of)]


@hookimpl
def validate_record(batch: Batch) -> UnitOf[Sequence[Fault]]:
    return faults_of(batch)
'''

_LIMITS = '''\
"""Limits: read from documents when the app is compiled, asked when records are written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salesmode.hookspecs import Batch, Change, Fault, Reader, UnitOf
from salesmode.model.condition import Compare, Condition, Literal, both
from salesmode.model.label import Label

KIND = "${name}_limit"


@dataclass(frozen=True)
class Limit:
    """One person may make at most `most` of the records of `object` for which `where` holds."""

    name: str
    object: str
    where: Condition
    most: int
    message: Label


def limit_of(reader: Reader) -> Limit | None:
    """The value of one document. What is wrong in it is reported at its place by the reader."""
    object_ = reader.object(("object",))
    if object_ is None:
        return None
    where = reader.condition(("where",), object_)
    return Limit(reader.name, object_.name, where, reader.data["most"], reader.label(("message",)))


def faults_of(batch: Batch) -> UnitOf[Sequence[Fault]]:
    """What is wrong with new records: one statement for each limit, however many records there are."""
    limits: Mapping[str, Limit] = batch.desk.model.extensions[KIND]
    found: list[Fault] = []
    for limit in limits.values():
        if batch.changes and batch.operation == "create" and limit.object == batch.object.name:
            makers = {str(each.new["created_by"]) for each in batch.changes if each.new["created_by"]}
            counts = yield from batch.desk.count(
                limit.object, where=both(limit.where, _made_by(makers)), by=["created_by"]
            )
            found.extend(_above(limit, counts, batch.changes))
    return found


def _made_by(makers: Iterable[str]) -> Condition:
    return Compare("created_by", "in", Literal(tuple(sorted(makers))))


def _above(limit: Limit, counts: Mapping[Any, int], changes: Iterable[Change]) -> Iterator[Fault]:
    for each in changes:
        if counts.get(each.new["created_by"], 0) > limit.most:
            yield Fault(each.id, limit.name, limit.message)
'''

_SCHEMA = """\
{
  "description": "How many records of an object one person may make.",
  "type": "object",
  "additionalProperties": false,
  "required": ["object", "most"],
  "properties": {
    "object": {
      "$$ref": "common.schema.json#/$$defs/name",
      "description": "The object whose records are counted."
    },
    "where": {
      "$$ref": "common.schema.json#/$$defs/condition",
      "description": "Which of them are counted; all unless said."
    },
    "most": {"type": "integer", "minimum": 0, "description": "How many one person may make."},
    "message": {
      "$$ref": "common.schema.json#/$$defs/label",
      "description": "What people are told who make more."
    }
  }
}
"""

_TESTS = '''\
"""Limits, as people meet them."""

from collections.abc import Iterator

import pytest
from salesmode.testing import Crm, Refused, conformance, crm

APP = """
kind: app
name: shop
plugins: [$name]
---
kind: object
name: deal
fields:
  name: {type: text, required: true}
  size: {type: choice, options: [small, large]}
---
kind: ${name}_limit
name: few_large_deals
object: deal
where: {size: large}
most: 2
message: {en: You have two large deals}
---
kind: role
name: seller
objects:
  deal: {read: true, create: true, fields: {default: write}}
"""


@pytest.fixture
def shop() -> Iterator[Crm]:
    with crm(APP) as running:
        yield running


def test_one_person_makes_so_many_and_no_more(shop: Crm) -> None:
    ann, bob = shop.user("ann", "seller"), shop.user("bob", "seller")
    for name in ("one", "two"):
        ann.create("deal", name=name, size="large")
    ann.create("deal", name="three", size="small")
    with pytest.raises(Refused) as raised:
        ann.create("deal", name="four", size="large")
    assert raised.value.codes == ("VALIDATION_FAILED",)
    assert [each["message"] for each in raised.value.problems] == ["You have two large deals"]
    bob.create("deal", name="five", size="large")


def test_the_number_of_statements_does_not_grow_with_the_records(shop: Crm) -> None:
    ann = shop.user("ann", "seller")
    text = "mutation($$deals: [DealCreate!]!) { createDeals(input: $$deals) { count } }"
    counts = []
    for number in (1, 50):
        ann.ask(text, deals=[{"name": str(each), "size": "small"} for each in range(number)])
        counts.append(len(shop.statements))
    assert counts[0] == counts[1]


def test_the_plugin_keeps_what_every_plugin_has_to() -> None:
    conformance.check("$name")
'''


def plugin_files(name: str, salesmode: str) -> Mapping[str, str]:
    """File name → text of a new plugin called `name`, for that version of Salesmode."""
    values = {
        "name": name,
        "dashed": name.replace("_", "-"),
        "label": name.replace("_", " ").capitalize(),
        "salesmode": salesmode,
    }
    package = f"salesmode_{name}"
    texts = {
        "pyproject.toml": _PROJECT,
        "README.md": _README,
        f"{package}/__init__.py": _INIT,
        f"{package}/plugin.py": _PLUGIN,
        f"{package}/limits.py": _LIMITS,
        f"{package}/limit.schema.json": _SCHEMA,
        f"{package}/py.typed": "",
        "tests/test_limits.py": _TESTS,
    }
    return {file: Template(text).substitute(values) for file, text in texts.items()}
