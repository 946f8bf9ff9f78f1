"""What an app says itself where an answer is not that of its preset's mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from salesmode.cli.guide_questions import Mode, Words


@dataclass(frozen=True, slots=True)
class Switch:
    """What is switched on or off, and its YAML; without any the preset has it."""

    text: Words
    yaml: str = ""


_NAMES: Mapping[Mode, Mapping[str, str]] = {
    Mode.expert: {"customer": "customer", "deal": "standard_deal", "manager": "sales_manager"},
    Mode.army: {
        "customer": "customer",
        "deal": "membership",
        "manager": "team_leader",
        "pool": "customers",
        "plan": "army",
        "rule": "deal",
    },
    Mode.household: {
        "customer": "household",
        "deal": "new_purchase",
        "manager": "sales_manager",
        "pool": "households",
        "plan": "household_sales",
        "rule": "new_purchase",
    },
}

_TODAY = Switch(
    Words("a report of the day, made of the activities", "由跟进记录生成的日报"),
    """\
kind: report
name: contacts_today
object: activity
label: {en: Contacts of today, zh: 今日跟进}
where: {at: {gte: $$today}}
measures: [{count: true}, {sum: duration}]
dimensions: [user, kind]
""",
)
_RANKING = Switch(
    Words("a ranking of the month", "当月签约排行榜"),
    """\
kind: report
name: ranking_of_the_month
object: opportunity
label: {en: Ranking of the month, zh: 当月签约排行榜}
where: {status: won, close_date: {gte: $$month_start}}
measures: [{sum: amount}, {count: true}]
dimensions: [owner]
order_by: [{sum: {amount: desc}}]
""",
)
_TURNS = Switch(
    Words("leads that are imported are shared out in turn", "导入的线索轮流分配"),
    """\
kind: routing_rule
name: leads_in_turn
label: {en: Leads in turn, zh: 线索轮流分配}
object: lead
order: 20
when: {created_by: {isNull: true}}
candidates: [{name: everybody, where: {roles: {has: sales}}}]
choose: round_robin
sla: {within: 24h, then: reroute}
""",
)
_REFERRAL = Switch(
    Words("a referral is a tag that may become a deal", "转介绍是标签，可转为商机"),
    """\
kind: tag
name: referral
object: $customer
label: {en: Referral, zh: 转介绍}
opportunity: {line: referral, probability: 15}
fields: {introduced_person: {type: text, max_length: 100, label: {en: Who is introduced, zh: 被介绍人}}}
expires_after: 180d
promote_to: {pipeline: $deal, set: {source: customer_referral}}
""",
)
_RELAY = Switch(
    Words("who won a deal hands it over to service", "成交后交接给服务"),
    """\
kind: pipeline
name: $deal
stages:
  - name: won
    tasks: [{subject: Hand over to service · 交接给服务, due: 1d, assignee: owner, priority: high}]
""",
)
_RULING = Switch(
    Words("rules decide whose a customer is", "判客规则决定客户归属"),
    """\
kind: ruling_rule
name: whose_customer
label: {en: Whose customer, zh: 判客规则}
object: $customer
roles: [$manager]
set_owner: true
clauses:
  - {name: by_hand, ground: manual}
  - {name: first, ground: first_contact, within: 90d, share: 30}
  - {name: last, ground: last_follow_up, where: {outcome: progress}, share: 70}
""",
)
_CHAIN = Switch(
    Words("a shop may belong to a chain", "商户可以属于连锁"),
    """\
kind: object
name: customer
fields:
  parent:
    type: reference
    to: customer
    tree: true
    inverse: {name: branches, label: {en: Branches, zh: 分店}}
    label: {en: Belongs to, zh: 所属总店}
""",
)
_PEOPLE = Switch(
    Words("people of a customer, each with a part in the decision", "客户的多名联系人，各有决策角色"),
    """\
kind: object
name: contact
label: {en: Contact, zh: 联系人}
fields:
  name: {type: text, required: true, max_length: 100, label: {en: Name, zh: 姓名}}
  customer:
    type: reference
    to: customer
    required: true
    index: true
    inverse: {name: contacts, label: {en: Contacts, zh: 联系人}}
    on_delete: cascade
    label: {en: Customer, zh: 客户}
  role:
    type: choice
    options:
      - {name: decision_maker, label: {en: Decides, zh: 决策人}}
      - {name: buyer, label: {en: Pays, zh: 付款人}}
      - {name: user, label: {en: Uses it, zh: 使用人}}
    label: {en: Role, zh: 角色}
  phone: {type: phone, label: {en: Phone, zh: 电话}}
---
kind: role
name: sales
objects:
  contact: {rights: {from: customer}, fields: {default: write}}
""",
)
_PATIENCE = Switch(
    Words("who was not contacted for some weeks stays out of the pool", "几周未联系不再进入公海"),
    """\
kind: public_pool
name: $pool
recycle:
  - {name: not_contacted, $$remove: true}
""",
)
_CREDIT = Switch(
    Words("who has a share in a deal is paid by it", "按商机的业绩份额计提成"),
    """\
kind: commission_plan
name: $plan
versions:
  - name: first
    rules:
      - {name: $rule, split: [opportunity, $customer, this]}
""",
)
_SHARED = Switch(
    Words("the leader gives shares in a deal, and pay follows them", "团队长分配商机业绩，提成随之"),
    f"""\
kind: role
name: $manager
objects:
  opportunity: {{share: {{where: {{owner: {{team: {{in: $$user.teams}}}}}}}}}}
---
{_CREDIT.yaml}""",
)
_STRICT = Switch(
    _PATIENCE.text,
    f"""\
{_PATIENCE.yaml}---
kind: story
name: a_stale_shop_is_kept_or_given_up
$$remove: true
---
kind: story
name: notice_comes_before_it_is_given_up
$$remove: true
""",
)
_NO_DAILIES = Switch(
    Words("no daily and weekly reports", "不要日报和周报"),
    """\
kind: report
name: daily
$$remove: true
---
kind: report
name: weekly
$$remove: true
---
kind: story
name: the_daily_report_is_made_of_activities
$$remove: true
""",
)

_SWITCHES: Mapping[tuple[Mode, str], Switch] = {
    (Mode.expert, "large"): _REFERRAL,
    (Mode.expert, "solo"): _RANKING,
    (Mode.expert, "relay"): _RELAY,
    (Mode.expert, "many"): _TURNS,
    (Mode.expert, "deliverers"): _TURNS,
    (Mode.expert, "daily"): _TODAY,
    (Mode.expert, "ownership"): _RULING,
    (Mode.army, "company"): _CHAIN,
    (Mode.army, "family"): _PEOPLE,
    (Mode.army, "large"): _REFERRAL,
    (Mode.army, "long"): _STRICT,
    (Mode.army, "committee"): _PEOPLE,
    (Mode.army, "together"): _PEOPLE,
    (Mode.army, "dense_family"): _PEOPLE,
    (Mode.army, "team"): _SHARED,
    (Mode.army, "relay"): _RELAY,
    (Mode.army, "light"): _NO_DAILIES,
    (Mode.army, "ownership"): _RULING,
    (Mode.household, "long"): _PATIENCE,
    (Mode.household, "team"): _SHARED,
    (Mode.household, "light"): _NO_DAILIES,
}
_IS_THERE: Mapping[tuple[Mode, str], Words] = {
    (Mode.expert, "shop"): Words("a shop is a customer without a group", "商户就是没有集团的客户"),
    (Mode.expert, "family"): Words(
        "a family is a customer, its people are contacts", "家庭是客户，成员是联系人"
    ),
    (Mode.expert, "membership"): Words(
        "renewals are a few fields without stages", "续约只有几个字段，没有阶段"
    ),
    (Mode.expert, "short"): Words(
        "small deals take the pipeline `fast_track`", "小单走快速通道 `fast_track`"
    ),
    (Mode.expert, "milestones"): Words("a visit proves a stage", "以拜访验证阶段"),
    (Mode.expert, "owner"): Words(
        "only key customers need the data of a decision", "只有重点客户须填决策数据"
    ),
    (Mode.expert, "together"): Words(
        "only key customers need the data of a decision", "只有重点客户须填决策数据"
    ),
    (Mode.expert, "dense"): Words("calls and chats are on one timeline", "电话与微信在同一时间线"),
    (Mode.expert, "dense_family"): Words("calls and chats are on one timeline", "电话与微信在同一时间线"),
    (Mode.army, "custom"): Words("quote, order and contract are there", "有报价、订单、合同"),
    (Mode.army, "milestones"): Words("the owner's WeChat proves a stage", "以老板微信验证阶段"),
    (Mode.army, "deep"): Words("every contact is an activity with a next step", "每次沟通都有记录和下一步"),
    (Mode.army, "few"): Words("who brings a lead in keeps it", "谁带来的线索归谁"),
    (Mode.army, "deliverers"): Words("who delivers gets the role `sales` too", "交付者同时给 `sales` 角色"),
    (Mode.household, "company"): Words(
        "a company is a household, its people are members", "企业作为家庭，人员作为成员"
    ),
    (Mode.household, "shop"): Words("a shop is a household with one member", "商户是只有一名成员的家庭"),
    (Mode.household, "custom"): Words("quote, order and contract are there", "有报价、订单、合同"),
    (Mode.household, "membership"): Words(
        "renewals have no stages, and a tag says when they are due", "续费无阶段，到期由标签提示"
    ),
    (Mode.household, "short"): Words("stages are stale after three to seven days", "阶段停留三到七天即提示"),
    (Mode.household, "committee"): Words("members hold the role of decision maker", "成员可为决策人"),
    (Mode.household, "owner"): Words("members hold the role of decision maker", "成员可为决策人"),
    (Mode.household, "deep"): Words(
        "every contact is an activity with a next step", "每次沟通都有记录和下一步"
    ),
    (Mode.household, "dense"): Words("calls and chats are on one timeline", "电话与微信在同一时间线"),
    (Mode.household, "solo"): Words("contests and rankings are there", "有竞赛与排行榜"),
    (Mode.household, "few"): Words("who brings a lead in keeps it", "谁带来的线索归谁"),
    (Mode.household, "many"): Words("leads are shared out in turn", "线索轮流分配"),
    (Mode.household, "daily"): Words("the day's work is one list", "每天的工作是一张清单"),
}


def switch(mode: Mode, answer: str) -> Switch:
    """What to do about an answer that is another mode's."""
    found = _SWITCHES.get((mode, answer))
    return found or Switch(_IS_THERE[mode, answer])


def text_of(chosen: Switch, mode: Mode) -> str:
    """The YAML of a switch in the names of that mode's preset."""
    return Template(chosen.yaml).substitute(_NAMES[mode])
