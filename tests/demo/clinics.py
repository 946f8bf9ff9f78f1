"""A small model and a small description of demo data for it, to vary in tests."""

from datetime import UTC, datetime

from salesmode.compiler.loader import load
from salesmode.demo.description import describe
from salesmode.demo.population import Demo
from salesmode.diagnostics import Collector
from salesmode.model.app import Model
from tests.support.models import field, model, object_, reference

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)

DEMO = """
kind: demo
name: words
words: {surname: [Wang, Li], town: [{zh: 苏州, latin: suzhou}]}
---
kind: demo
name: users
object: user
key: name
sign_in: [lin]
records: {s: 4, m: 8}
rows:
  - {name: lin}
fields:
  name: {words: surname}
---
kind: demo
name: clinics
object: clinic
key: name
parts: [town, size]
records: {s: 20, m: 200}
rows:
  - {name: Head office, owner: lin, size: large}
  - {name: Branch, parent: Head office, beds: 7}
fields:
  parent: {reference: clinic, share: 0.5}
  town: {words: town}
  size: {choice: {small: 1, large: 1}}
  name: {template: "Clinic {n} {town.latin}"}
  beds: {by: size, cases: {large: {integer: {from: 100, to: 200}}}, otherwise: {integer: {from: 1, to: 9}}}
  revenue: {lognormal: {median: 1000, step: 0.01}, share: 0.5}
  opened: {moment: {from: created_at, to: $now}}
  active: {choice: {"true": 9, "false": 1}}
  owner: {reference: user}
  created_at: {moment: {from: $now - 1y, to: $now - 1d}}
"""


def clinic_model() -> Model:
    clinic = object_(
        "clinic",
        {
            "name": field("text", required=True, max_length=40),
            "parent": reference("clinic", tree=True),
            "beds": field("integer", min=1, max=500),
            "revenue": field("money"),
            "opened": field("date"),
            "active": field("boolean", required=True, default=True),
            "grade": field("choice", options=("a", "b"), default="b"),
            "owner": field("user"),
            "code": field("auto_number", format="K{YYYY}-{000}"),
        },
    )
    user = object_("user", {"name": field("text", required=True, unique=True)})
    visit = object_("visit", {"subject": field("text"), "clinic": reference("clinic"), "user": field("user")})
    return model(clinic, user, visit, timezone="Asia/Shanghai")


def described(text: str = DEMO) -> Demo:
    """The Demo of that YAML for the clinics; MetadataError where it is wrong."""
    sources = {"demo.yaml": text}
    collector = Collector()
    documents = load(sources, collector)
    collector.stop_on_errors(sources)
    return describe(documents, clinic_model(), sources)


def changed(*changes: tuple[str, str]) -> str:
    """The description with these texts put in place of others."""
    text = DEMO
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text
