"""What docs/work.md shows is right: its metadata compiles, and its receiver believes what is sent."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salesmode.compiler import compile_texts
from salesmode.jobs.outbox import Parcel
from salesmode.jobs.webhooks import headers_of

TEXT = (Path(__file__).parents[2] / "docs" / "work.md").read_text(encoding="utf-8")
APP = """
kind: app
name: shown
---
kind: object
name: customer
owned: true
activities: true
fields:
  name: {type: text}
  grade: {type: choice, options: [a, b, c]}
  next_follow_up: {type: datetime}
---
kind: object
name: deal
fields:
  name: {type: text}
  amount: {type: money}
  lost_reason: {type: text}
  customer: {type: reference, to: customer}
---
kind: pipeline
name: selling
object: deal
granularity: staged
stages: [{name: talk}, {name: offer}, {name: won, closes: won}, {name: lost, closes: lost}]
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_metadata_compiles() -> None:
    found = compile_texts({"app.yaml": "\n---\n".join((APP, *blocks("yaml")))})
    assert not found.warnings
    assert [*found.model.jobs] == [
        "remind_follow_up",
        "wake_up_dormant",
        "close_what_nobody_touches",
        "weekly_stock",
    ]
    assert [*found.model.webhooks] == ["erp"]


def test_the_receiver_believes_what_is_sent_and_nothing_else() -> None:
    names: dict[str, Any] = {}
    exec(blocks("python")[0], names)
    now = datetime.fromtimestamp(time.time(), UTC)
    parcel = Parcel("1", "webhook erp", now, None, "deal", "2", 1, "created", "{}", 0, now, None, None)
    headers = headers_of(b"{}", parcel, "secret", now)
    assert names["is_ours"](headers, b"{}", "secret")
    assert not names["is_ours"](headers, b"{ }", "secret")
    assert not names["is_ours"](headers, b"{}", "another")
    old = headers_of(b"{}", parcel, "secret", datetime(2026, 1, 1, tzinfo=UTC))
    assert not names["is_ours"](old, b"{}", "secret")
