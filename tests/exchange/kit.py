"""A shop whose records go out into files and come in from them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.compiler import compile_texts
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.exchange.columns import exportable, identifying, importable
from salesmode.exchange.export import exported
from salesmode.exchange.formats import format_of, reading, writing
from salesmode.exchange.incorporate import Incoming, NothingWritten, Outcome, incorporate, told_of
from salesmode.records import create
from salesmode.records.subject import subject_of
from tests.records.kit import Desk

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

SHOP = """
kind: app
name: shop
locales: [en]
currency: CNY
timezone: Asia/Shanghai
country: CN
---
kind: object
name: company
plural: companies
title: name
owned: true
fields:
  name: {type: text, required: true, unique: true}
  code: {type: auto_number, format: "C-{0000}"}
  number: {type: text, readonly: true}
  grade: {type: choice, options: [{name: a, value: "Class A"}, {name: b, value: "Class B"}]}
  flags: {type: multi_choice, options: [{name: red, value: "R;ed"}, {name: blue, value: Blue}]}
  revenue: {type: money}
  ratio: {type: decimal, scale: 6}
  staff: {type: integer, min: 0}
  orders: {type: big_integer}
  vip: {type: boolean}
  founded: {type: date}
  seen: {type: datetime}
  note: {type: long_text}
  settings: {type: json}
  parent: {type: reference, to: company, inverse: children}
  partners: {type: multi_reference, to: company}
  discount: {type: percent}
  mail: {type: email}
  phone: {type: phone}
  site: {type: url}
  pin: {type: secret}
  double: {type: formula, result: money, expression: revenue * 2}
  children_count: {type: rollup, over: children, count: true}
  revenue_below: {type: rollup, over: children, sum: revenue, stored: true}
validations:
  - name: small
    when: {grade: b}
    must: {revenue: {lte: 1000}}
    message: Class B is small
---
kind: role
name: clerk
objects:
  company:
    read: {where: {owner: $user.id}}
    create: true
    update: {where: {owner: $user.id}}
    export: true
    fields: {default: write, revenue: {read: masked, write: true}, note: none}
  user: {read: true, fields: {default: read}}
---
kind: role
name: guesser
objects:
  company:
    read: true
    create: true
    update: {where: {owner: $user.id}}
    fields: {name: write, revenue: {read: false, write: true}, parent: {read: false, write: true}}
---
kind: role
name: reader
objects:
  company: {read: {where: {name: {ne: Hidden}}}, fields: {name: read, grade: read}}
---
kind: role
name: taker
inherits: [reader]
objects:
  company: {export: {where: {grade: a}, per_day: 3}}
---
kind: role
name: hauler
inherits: [reader]
objects:
  company: {export: {where: {grade: a}}}
"""
MODEL = compile_texts({"app.yaml": SHOP}).model

FULL: Mapping[str, object] = {
    "name": '=Acme, "客户" 😀\nsecond',
    "number": "007",
    "grade": "a",
    "flags": ["red", "blue"],
    "revenue": "123456789012345.67",
    "ratio": "-0.123456",
    "staff": 5,
    "orders": "9007199254740993",
    "vip": True,
    "founded": "1890-02-03",
    "seen": "2026-03-31T15:59:59.5Z",
    "note": "'=1+1",
    "settings": {"a": [1, None, "x;y"]},
    "discount": "-99.5",
    "mail": "o'brien+x@acme.example",
    "phone": "138 1234 5678",
    "site": "https://acme.example/?q='a;b'",
}
OTHERS: Sequence[Mapping[str, object]] = (
    {"name": "-Beta", "revenue": "-10.00", "vip": False, "founded": "2026-01-31", "note": "\tx"},
    {"name": "'quoted", "flags": ["blue"], "settings": [], "ratio": "5", "note": "''@"},
    {"name": "[x", "flags": [], "settings": "text", "staff": 0},
)


@dataclass(frozen=True)
class Office:
    """Who exports and imports, and where: the system, or a user with roles."""

    desk: Desk
    folder: Path
    user: Mapping[str, object] | None = None
    roles: Sequence[str] = ()

    @property
    def environment(self) -> Environment:
        return Environment({}, self.user or {}, NOW, ZoneInfo("Asia/Shanghai"))

    @property
    def reading(self) -> PolicyScope:
        return PolicyScope(self.desk.tables, policy_of(self.desk.model, self.roles or ("system",)))

    @property
    def writing(self) -> SystemScope | PolicyScope:
        return self.reading if self.roles else SystemScope(self.desk.tables)

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    async def new(self, *inputs: Mapping[str, object]) -> tuple[str, ...]:
        unit = lambda: create(self.writing, "company", inputs, self.environment)  # noqa: E731
        return await self.desk.database.run(unit)

    async def export(self, name: str, *fields: str, where: Mapping[str, object] | None = None) -> Path:
        path, columns = self.folder / name, exportable(self.reading, "company", fields)
        rows = exported(self.desk.database, self.reading, "company", columns, self.environment, where=where)
        with path.open("wb") as stream, writing(stream, columns, format_of(path, None), "utf-8") as write:
            async for each in rows:
                write(each)
        return path

    async def bring(self, path: Path, by: Sequence[str] = (), **how: bool) -> tuple[bool, Outcome, list[str]]:
        """Whether it was written, what came of it, and what was said of which row."""
        form, subject = format_of(path, None), subject_of(self.writing, "company")
        with reading(path, form, "utf-8") as table:
            heading = importable(subject, table.headers, by)
        incoming = Incoming(subject, heading, identifying(subject, by), **how)

        def unit() -> UnitOf[Outcome]:
            with reading(path, form, "utf-8") as table:
                return (yield from incorporate(incoming, table, self.environment))

        self.desk.heard.clear()
        try:
            outcome, kept = await self.desk.database.run(unit), True
        except NothingWritten as nothing:
            outcome, kept = nothing.outcome, False
        said = [
            f"{row.number}: {each}"
            for row in outcome.refused
            for each in told_of(row, heading=heading, subject=subject, locale="en")
        ]
        return kept, outcome, said

    async def rows(self) -> list[dict[str, Any]]:
        """All records, without what a write stamps."""
        found = await self.desk.rows("company")
        stamped = re.compile("created_|updated_|version")
        return [{name: value for name, value in row.items() if not stamped.match(name)} for row in found]
