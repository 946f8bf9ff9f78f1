"""The questions that tell the sales modes apart: dimensions of docs/domain.md, with three answers each."""

from dataclasses import dataclass
from enum import StrEnum

LOCALES = ("en", "zh")


class Mode(StrEnum):
    """A sales mode; its value is the preset that was made for it."""

    expert = "expert_b2b"
    army = "iron_army_b2b"
    household = "big_c_household"


@dataclass(frozen=True, slots=True)
class Words:
    """The same in each of LOCALES."""

    en: str
    zh: str

    def read(self, locale: str) -> str:
        """What somebody with that language reads."""
        return self.zh if locale == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: how it is written, in plain words, and what a preset made for it does about it."""

    name: str
    text: Words
    so: Words


@dataclass(frozen=True, slots=True)
class Question:
    """`weight`: how many others one answer outweighs."""

    name: str
    text: Words
    choices: tuple[Choice, ...]
    weight: int = 1


QUESTIONS = (
    Question(
        "customer",
        Words("Who is your customer?", "客户是谁？"),
        (
            Choice(
                "company",
                Words(
                    "A company, perhaps inside a group; many people have a say",
                    "企业，可能属于集团，多人参与",
                ),
                Words(
                    "companies stand in groups, people have a part in each deal",
                    "企业分集团层级，联系人在每个商机中有角色",
                ),
            ),
            Choice(
                "shop",
                Words("A shop or sole proprietor; the owner is the contact", "商户或个体户，老板就是联系人"),
                Words(
                    "a shop, its owner and what the platform knows are one record",
                    "商户、老板与平台数据在同一条记录上",
                ),
            ),
            Choice(
                "family",
                Words(
                    "A family: who asks, who pays and who uses it differ",
                    "家庭：登记人、付款人、使用人可以不同",
                ),
                Words(
                    "a household has members with roles, and is merged when it is found twice",
                    "家庭成员各有角色，重复家庭可合并",
                ),
            ),
        ),
        weight=3,
    ),
    Question(
        "product",
        Words("What do you sell?", "卖什么？"),
        (
            Choice(
                "custom",
                Words("Goods made for the customer; stock costs money", "定制产品，缺货与库存都有成本"),
                Words("deals are forecast by product, quantity and month", "按产品、数量、交付月份预测"),
            ),
            Choice(
                "membership",
                Words("A membership, its renewal, services beside it", "会员、续费和增值服务"),
                Words(
                    "a membership has short stages, a renewal none, a service is a tag",
                    "新签阶段短，续费无阶段，增值服务是标签",
                ),
            ),
            Choice(
                "large",
                Words("Something large once, then renewal and referral", "一次大额消费，之后续费与转介绍"),
                Words(
                    "a purchase has stages, a renewal a few fields, a referral is a tag",
                    "新购有阶段，续费只有几个字段，转介绍是标签",
                ),
            ),
        ),
    ),
    Question(
        "cycle",
        Words("How long does a sale take?", "成交周期多长？"),
        (
            Choice(
                "long",
                Words("Months or years", "数月到数年"),
                Words("a customer has a year before it goes to the pool", "一年未签约才进入公海"),
            ),
            Choice(
                "short",
                Words("Days or weeks", "几天到几周"),
                Words("who was not contacted for a month goes to the pool", "一个月未联系就进入公海"),
            ),
            Choice(
                "milestones",
                Words("Weeks, with clear steps such as a trial or a visit", "几周，有试听、到访等明确节点"),
                Words("a trial or a visit proves that a stage is reached", "以试听或到访验证阶段"),
            ),
        ),
    ),
    Question(
        "decision",
        Words("Who decides?", "谁做决定？"),
        (
            Choice(
                "committee",
                Words("Several people, by reasons", "多人理性决策"),
                Words(
                    "key deals name decision maker, budget and competitor", "重点商机须填决策人、预算、竞品"
                ),
            ),
            Choice(
                "owner",
                Words("The owner, half by feeling", "老板，一半凭感觉"),
                Words("the owner's WeChat is what proves interest", "取得老板微信即验证意向"),
            ),
            Choice(
                "together",
                Words("The family, partly by trust in the salesperson", "全家商量，部分靠对销售的信任"),
                Words("members are decision maker, buyer or user", "成员分决策人、购买人、使用人"),
            ),
        ),
    ),
    Question(
        "contact",
        Words("How do you keep in touch?", "怎样联系客户？"),
        (
            Choice(
                "deep",
                Words("With few people, in depth", "少而深"),
                Words("key persons have a portrait: closeness, acceptance", "关键人有画像：亲密度、认可度"),
            ),
            Choice(
                "dense",
                Words("Often, by phone and WeChat, with one person", "高频，电话和微信，对一个人"),
                Words(
                    "calls and chats are on one timeline, effective ones count",
                    "电话与微信在同一时间线，有效的才计数",
                ),
            ),
            Choice(
                "dense_family",
                Words("Often, by phone and WeChat, with a family", "高频，电话和微信，对一家人"),
                Words(
                    "channels are masked for others, and nobody is pestered", "联系方式对他人脱敏，不打扰家庭"
                ),
            ),
        ),
    ),
    Question(
        "collaboration",
        Words("Who works together on a sale?", "一单由谁协作？"),
        (
            Choice(
                "team",
                Words("A team of experts, who share the credit", "专家团队，业绩分成"),
                Words(
                    "shares of credit add up to 100 %, and pay follows them", "业绩分配合计 100%，提成随之"
                ),
            ),
            Choice(
                "solo",
                Words("One salesperson; teams compete", "单兵作战，团队竞赛"),
                Words("there are contests and rankings", "有竞赛与排行榜"),
            ),
            Choice(
                "relay",
                Words(
                    "One after another: sale, service, renewal, referral", "接力：首销、服务、续费、转介绍"
                ),
                Words(
                    "each team sees its own fields, with a hand-over between",
                    "各团队只看自己的字段，中间有交接单",
                ),
            ),
        ),
    ),
    Question(
        "force",
        Words("Who sells?", "谁来卖？"),
        (
            Choice(
                "few",
                Words("Few experts who stay", "少数稳定的专家"),
                Words(
                    "leads belong to who brings them in, customers to territories", "线索归带来者，客户按区域"
                ),
            ),
            Choice(
                "many",
                Words("Many who come and go, by monthly targets", "人多、流动大，按月考核"),
                Words(
                    "leads are shared out in turn, leavers hand over in bulk", "线索轮流分配，离职批量交接"
                ),
            ),
            Choice(
                "deliverers",
                Words("Many, and who delivers sells too: coach, dentist", "人多，交付者也卖：教练、医生"),
                Words(
                    "deliverers have a role of their own, and sell renewals", "交付者有自己的角色，可卖续费"
                ),
            ),
        ),
    ),
    Question(
        "management",
        Words("How is the work steered?", "怎样管理？"),
        (
            Choice(
                "light",
                Words("Lightly: the key data at the key moment", "轻管理：关键时点的关键数据"),
                Words("no daily report; deals are put on record each month", "没有日报，每月盘点商机"),
            ),
            Choice(
                "daily",
                Words("Daily: queue, scripts, reports, contests", "每天：作业围场、话术、日报、竞赛"),
                Words(
                    "the day's work is one list, reports make themselves",
                    "每天的工作是一张清单，报表自动生成",
                ),
            ),
            Choice(
                "ownership",
                Words("Daily, and by rules on whose the customer is", "每天，并有判客规则"),
                Words("rules say whose a customer is, and pay follows them", "判客规则决定归属，提成随之"),
            ),
        ),
    ),
)

TRADE = Question(
    "trade",
    Words("Which trade is nearest to yours?", "最接近哪个行业？"),
    (
        Choice(
            "education",
            Words("Lessons", "教育培训"),
            Words("enrolment, trial lessons, lesson packages", "报名、试听、课时包"),
        ),
        Choice(
            "property",
            Words("Homes", "房产"),
            Words("estates and homes, each sold once", "楼盘与房源，一房一售"),
        ),
        Choice(
            "car",
            Words("Cars", "汽车"),
            Words("cars of a family, trade-in, insurance that ends", "家庭车辆、置换、保险到期"),
        ),
        Choice(
            "other", Words("Another", "其他"), Words("the preset without an overlay", "不带行业叠加层的预设")
        ),
    ),
)
