"""What the shipped plugins answer is the same in two worlds that differ only in what the caller may not read.

`salesmode test --permissions` asks of what plugins add only what the engine shows of it, for what their code
makes of values is their own. Here that is asked: every root field, by somebody who may use all of them and
sees little.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from salesmode.plugins import additions_of
from salesmode.testing import Crm, crm

APP = """
kind: app
name: guarded
plugins: [routing, duplicates, commission]
timezone: Asia/Shanghai
country: CN
---
kind: object
name: family
plural: families
owned: true
activities: true
fields:
  name: {type: text, required: true}
  region: {type: choice, options: [north, south]}
  phone: {type: phone}
  wechat: {type: text}
  vip: {type: boolean, default: false}
  broker: {type: user}
---
kind: object
name: deal
owned: true
fields:
  family: {type: reference, to: family, inverse: deals}
  amount: {type: money, required: true}
  signed_on: {type: date}
---
kind: public_pool
name: vips
object: family
where: {vip: true}
claim: {roles: [nosy], hold: 3}
release: {roles: [nosy]}
assign: {roles: [nosy_boss]}
recycle: [{name: cold, when: {region: north}, after: 10d, notice: 5d, keep: 5d}]
---
kind: routing_rule
name: to_sellers
object: family
when: {vip: true, region: south}
candidates: [{name: all, where: {roles: {has: seller}}}]
---
kind: match_rule
name: same_family
object: family
compare:
  - {name: phone, as: phone, points: 60}
  - {name: wechat, as: account, points: 60, against: 20}
  - {name: name, as: person, points: 60}
on_create: {certain: block}
---
kind: ruling_rule
name: whose
object: family
roles: [nosy]
clauses: [{name: broker, ground: registered, field: broker}, {name: first_contact, share: 40}]
---
kind: commission_plan
name: sales
versions:
  - {name: v1, from: 2026-01-01, rules: [{name: deal, object: deal, on: signed_on, base: amount, rate: 3}]}
---
kind: settings
name: routing
values: {hand_over: [nosy]}
---
kind: role
name: seller
objects: {family: {read: true, fields: {name: read}}}
---
kind: role
name: nosy_boss
---
kind: role
name: nosy
objects:
  user: {read: true, fields: {name: read}}
  family:
    read: {where: {region: north}}
    create: true
    merge: true
    fields: {name: write, region: write, phone: write, wechat: {read: false, write: true}}
  routing_decision: {read: {where: {rule: none}}, fields: {rule: read}}
  hand_over: {read: true, fields: {at: read}}
  hand_over_item: {read: {where: {object: family, record: none}}, fields: {object: read}}
  commission_run: {read: true, update: true, fields: {period: read}}
  commission_line: {read: {where: {user: {name: ann}}}, fields: {user: read, rule: read, reason: read}}
"""
"""Hidden from `nosy`: families of the south, deals, accounts, who is a VIP, pools, owners and brokers,
amounts, numbers, rulings.
"""

ASKED: Mapping[str, str] = {
    "claimFamily": 'claimFamily(id: "{owned}") {{ name }}',
    "releaseFamily": 'releaseFamily(id: "{owned}") {{ name }}',
    "keepOrGiveUpFamily": 'keepOrGiveUpFamily(id: "{owned}", keep: true) {{ name }}',
    "handOver": 'handOver(from: "{gone}") {{ at }}',
    "undoHandOver": 'undoHandOver(id: "{handed}") {{ at }}',
    "familyRoute": 'familyRoute(id: "{owned}") {{ rule }}',
    "duplicatesOfFamily": 'duplicatesOfFamily(id: "{one}") {{ record {{ id name }} certain score ask }}',
    "findFamiliesLike": 'findFamiliesLike(values: {{phone: "13812345678", wechat: "li_wei"}}) '
    "{{ record {{ id name }} certain score ask }}",
    "keepFamiliesApart": 'keepFamiliesApart(ids: ["{owned}", "{two}"])',
    "mergeFamilies": 'mergeFamilies(ids: ["{one}", "{two}"]) {{ family {{ id name phone version }} moved }}',
    "undoFamilyMerge": 'undoFamilyMerge(id: "{one}") '
    "{{ family {{ id name phone version }} restored {{ id }} rest {{ object field why }} }}",
    "claimOwnershipOfFamily": 'claimOwnershipOfFamily(id: "{owned}", kind: "registered", reason: "met") '
    "{{ family {{ id }} }}",
    "ruleOnFamily": 'ruleOnFamily(id: "{owned}") {{ family {{ name }} owner {{ name }} }}',
    "commissionStatement": 'commissionStatement(user: "{ann}", period: "2026-03-01") '
    "{{ total parts {{ part amount }} lines {{ rule reason }} csv }}",
    "runCommission": 'runCommission(plan: "sales", period: "2026-03-01") {{ period }}',
    "correctCommission": 'correctCommission(id: "{line}", amount: "1", reason: "by hand") {{ rule reason }}',
}
"""By the name of the field, in this order."""

REFUSED = {"claimFamily", "releaseFamily", "keepOrGiveUpFamily", "handOver"}
"""What is refused in both worlds; the rest is done."""

NOT_THEIRS = {"assignFamily"}
"""What `nosy` does not have."""


class World:
    """One world; `other`: whether it is the second one."""

    def __init__(self, app: Crm, *, other: bool) -> None:
        self.app, self.other = app, other
        for name in ("ann", "bob", "gone"):
            app.user(name, "seller")
        self.nosy = app.user("nosy", "nosy")
        self.ids = {name: self._user(name) for name in ("ann", "bob", "gone")}
        self._families()
        self._money()

    def _user(self, name: str) -> str:
        (row,) = self.app.run(lambda desk: desk.read("user", [], where={"name": name}))
        return str(row["id"])

    def _make(self, object_: str, **values: Any) -> str:
        return str(self.app.run(lambda desk: desk.create(object_, [values]))[0])

    def _families(self) -> None:
        ann, hidden = self.ids["ann"], self.ids["bob" if self.other else "ann"]
        north = {"region": "north", "owner": ann}
        self.ids |= {
            "one": self._make("family", name="李伟", phone="+8613812345678", wechat="li_wei", **north),
            "two": self._make("family", name="Li Wei", wechat="x_y" if self.other else "z_z", **north),
            "owned": self._make("family", name="王芳", vip=self.other, broker=hidden, **north),
        }
        for number in range(2 if self.other else 1):
            self._make("family", name=f"赵{number}", region="south", owner=self.ids["gone"])
            self._make("deal", family=self.ids["two"], amount=Decimal(number + 1))
        self._make(
            "activity", family=self.ids["owned"], user=hidden, kind="call", subject="x", at=self.app.now
        )
        self.ids["handed"] = self._make("hand_over", from_user=ann, at=self.app.now, actor=ann)
        item = {"hand_over": self.ids["handed"], "object": "family", "field": "owner"}
        record = self.ids["owned" if self.other else "one"]
        self._make("hand_over_item", record=record, to_user=ann, **item)

    def _money(self) -> None:
        signed = {"signed_on": self.app.now.date(), "amount": Decimal(200 if self.other else 100)}
        for name in ("bob", "ann") if self.other else ("ann",):  # so numbers of lines are others too
            self._make("deal", owner=self.ids[name], **signed)
            self.app.admin.ask('mutation { runCommission(plan: "sales", period: "2026-03-01") { id } }')
        ann = {"user": self.ids["ann"]}
        (line,) = self.app.run(lambda desk: desk.read("commission_line", [], where=ann))
        self.ids["line"] = str(line["id"])

    def answers(self) -> Iterator[tuple[str, str]]:
        """Each with ids by what they are of."""
        kinds = dict.fromkeys(additions_of(self.app.model).queries, "query")
        for name, text in ASKED.items():
            if name == "undoFamilyMerge" and self.other:
                self._changed_since()
            answer = self.nosy.answer(f"{kinds.get(name, 'mutation')} {{ {text.format_map(self.ids)} }}")
            yield name, self._told(answer)

    def _changed_since(self) -> None:
        one, two = self.ids["one"], self.ids["two"]
        (deal, *_) = self.app.run(lambda desk: desk.read("deal", [], where={"family": {"in": [one, two]}}))
        self.app.run(lambda desk: desk.update("deal", {deal["id"]: {"family": None}}))

    def _told(self, answer: Mapping[str, Any]) -> str:
        names = {id: name for name, id in self.ids.items()}
        return re.sub(r"[0-9a-f-]{36}", lambda found: names.get(found[0], "an id"), json.dumps(answer))


def test_what_plugins_answer_is_the_same_whatever_is_hidden(database_url: str) -> None:
    told = []
    for other in (False, True):
        with crm(APP, database=database_url) as app:
            additions = additions_of(app.model)
            assert {*additions.queries, *additions.mutations} == {*ASKED, *NOT_THEIRS}
            told.append([*World(app, other=other).answers()])
    for one, two in zip(*told, strict=True):
        assert one == two
    assert {name for name, answer in told[0] if "errors" in json.loads(answer)} == REFUSED
