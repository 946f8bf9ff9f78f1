"""A small CRM in which something of every kind is hidden from the role `rep`."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.support.small_api import SmallApi, small_api

APP = """
kind: object
name: client
owned: true
fields:
  name: {type: text, required: true, searchable: true, unique: true}
  public: {type: boolean}
  email: {type: email, searchable: true}
  wechat: {type: text, mask: last4}
  note: {type: text, searchable: true}
  grade: {type: choice, options: [a, b, c]}
  budget: {type: money}
  code: {type: text, required: true, default: none}
  tax: {type: text, unique: true}
---
kind: object
name: deal
fields:
  name: {type: text, required: true}
  amount: {type: money}
  cost: {type: money}
  client: {type: reference, to: client, inverse: deals}
---
kind: object
name: memo
fields:
  text: {type: text, searchable: true}
  client: {type: reference, to: client, inverse: memos}
---
kind: role
name: rep
objects:
  client:
    read: {where: {or: [{owner: $user.id}, {public: true}]}}
    create: true
    update: {where: {or: [{owner: $user.id}, {public: true}]}}
    fields:
      name: write
      public: write
      owner: write
      wechat: masked
      note: {read: {where: {owner: $user.id}}, write: true}
      grade: {read: {where: {owner: $user.id}}}
      budget: {read: {where: {owner: $user.id}}}
      tax: {read: false, write: true}
  deal:
    read: {where: {client: {owner: $user.id}}}
    fields: {name: write, amount: read, client: read}
  user: {read: true, fields: {name: read}}
---
kind: role
name: mover
inherits: [rep]
objects:
  client: {export: true}
---
kind: role
name: lead
inherits: [rep]
---
kind: role
name: boss
inherits: [lead]
---
kind: role
name: buyer
objects:
  client:
    read: {where: {deals: {some: {amount: {gt: 5}}}}}
    fields: {name: read}
  deal: {read: true, fields: {name: read, client: read}}
"""


@dataclass
class Crm:
    """Ann is a rep: `mine` is hers, `shared` is Bob's and public, `hidden` is Bob's."""

    api: SmallApi
    mine: str
    shared: str
    hidden: str

    async def same(self, text: str, **variables: object) -> None:
        """What Ann is answered does not change with anything that she may not read."""
        before = await self.api.data("ann", text, **variables)
        await self.disturb()
        assert await self.api.data("ann", text, **variables) == before

    async def disturb(self) -> None:
        """Other values wherever Ann may not read them."""
        for number, id_ in enumerate((self.mine, self.shared, self.hidden)):
            await self.api.change("client", id_, email=f"z{number}@example.org", code=f"z{number}")
        for id_ in (self.shared, self.hidden):
            await self.api.change("client", id_, note="zzz", grade="c", budget="999")
        await self.api.change("client", self.hidden, name="Another")


@pytest.fixture
async def crm(database_url: str) -> AsyncIterator[Crm]:
    async with small_api(database_url, APP) as api:
        await api.person("root", "admin")
        ann, bob = await api.person("ann", "rep"), await api.person("bob", "rep")
        mine = await api.new(
            "client", name="Mine", owner=ann, note="mmm", grade="b", budget="5", email="m@example.org"
        )
        shared = await api.new(
            "client",
            name="Shared",
            owner=bob,
            public=True,
            note="aaa",
            grade="a",
            budget="1",
            email="s@example.org",
            wechat="wx-12345678",
            tax="T1",
        )
        hidden = await api.new(
            "client", name="Hidden", owner=bob, note="kkk", grade="b", budget="7", email="h@example.org"
        )
        for client, amounts in ((mine, (10, 20)), (shared, (30,)), (hidden, (40,))):
            for amount in amounts:
                await api.new("deal", name=f"deal {amount}", amount=str(amount), cost="1", client=client)
        yield Crm(api, mine, shared, hidden)
