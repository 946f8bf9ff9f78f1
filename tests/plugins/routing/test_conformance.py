"""What every plugin has to keep."""

from salesmode.testing.conformance import check

MORE = """
kind: object
name: lead
owned: true
activities: true
fields:
  name: {type: text}
---
kind: routing_rule
name: first
object: lead
candidates: [all]
sla: {within: 1h, then: reroute}
---
kind: public_pool
name: open
object: lead
claim: {roles: [admin]}
recycle: [{name: old, after: 1d, notice: 1d, keep: 1d}]
"""


def test_the_plugin_keeps_what_every_plugin_has_to_keep() -> None:
    check("routing", more=MORE)


def test_on_postgresql_too(postgresql_url: str) -> None:
    check("routing", more=MORE, database=postgresql_url)
