"""Customers as several people would have typed them: records whose duplicates are known.

Companies and households, one half each. About one in ten is there again, written by somebody else: with a
slip of the keyboard, another format, in pinyin, with names swapped, a word left out, a number of another
line. Names, streets and numbers are drawn from short lists, so that strangers are alike too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from pypinyin import lazy_pinyin

Values = dict[str, str | None]
Slip = Callable[[Values, Random], None]


def _by_two(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


_PLACES = _by_two("上海北京广州深圳杭州苏州成都武汉南京天津宁波青岛大连厦门西安长沙郑州合肥福州济南")
_WORDS = list(
    "华鼎盛泰信诚恒瑞明远达通兴隆宏图博雅凯旋金鑫银海天宇星辰東方南洋北斗西岭中原"
    "新锐智慧云创联合百川万里长城高山流水清泉白青松红叶绿洲蓝紫光科力精工美佳优"
)
_TRADES = _by_two("机械电子化工贸易科技信息食品纺织建筑物流医药环保能源装备材料咨询传媒教育")
_FORMS = ["有限公司", "有限责任公司", "股份有限公司", "集团有限公司"]
_SURNAMES = list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田单")
_GIVEN = list(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰文建国志海燕红春梅晓东宇浩"
    "子轩欣怡梓涵雨泽思佳俊博嘉诚天乐一诺可馨若曦皓然雅婷佩琪振宁永康世荣美玲"
)
_STREETS = _by_two("张杨中山人民解放建设和平长江黄河南京北京延安淮海滨江滨河学院科技花园公园朝阳东风")
_NEIGHBOURS = dict(
    zip("qwertyuiopasdfghjklzxcvbnm0123456789", "wertyuioaasdfghjkllxcvbnmm1234567898", strict=True)
)


@dataclass(frozen=True, slots=True)
class Generated:
    """Records by object, in the order in which they came; `same` has the pairs of ids that are one customer,
    the earlier one first.
    """

    companies: list[Values]
    households: list[Values]
    same: frozenset[tuple[str, str]]


def generated(size: int, seed: int) -> Generated:
    """`size` records in all; equal arguments give equal records."""
    random = Random(seed)
    companies, one = _with_duplicates(size // 2, "c", _company, _COMPANY_SLIPS, random)
    households, two = _with_duplicates(size - size // 2, "h", _household, _HOUSEHOLD_SLIPS, random)
    return Generated(companies, households, frozenset({*one, *two}))


def _with_duplicates(
    size: int, prefix: str, draw: Callable[[Random], Values], slips: tuple[Slip, ...], random: Random
) -> tuple[list[Values], Iterator[tuple[str, str]]]:
    """Of eleven records, one is a duplicate of one of the others."""
    originals = [draw(random) for _ in range(size * 10 // 11)]
    chosen = random.sample(range(len(originals)), size - len(originals))
    copies = [_again(originals[place], slips, random) for place in chosen]
    records = [{**each, "id": f"{prefix}{number:06}"} for number, each in enumerate((*originals, *copies))]
    same = ((records[one]["id"], records[len(originals) + n]["id"]) for n, one in enumerate(chosen))
    return records, ((str(one), str(two)) for one, two in same)


def _again(original: Values, slips: tuple[Slip, ...], random: Random) -> Values:
    """The same customer, typed again: one to three things are other than before."""
    copy = dict(original)
    for slip in random.sample(slips, random.choice((1, 2, 2, 3))):
        slip(copy, random)
    return copy


def _company(random: Random) -> Values:
    core = "".join(random.sample(_WORDS, random.choice((2, 2, 3, 4))))
    place, trade = random.choice(_PLACES), random.choice(_TRADES)
    return {
        "name": f"{place}{random.choice(('', '市', ''))}{core}{trade}{random.choice(_FORMS)}",
        "phone": _phone(random) if random.random() < 0.7 else None,
        "registration_number": _code(random) if random.random() < 0.6 else None,
        "email": f"info@{''.join(lazy_pinyin(core))}{random.randrange(100)}.cn"
        if random.random() < 0.5
        else None,
        "address": _address(random, place) if random.random() < 0.7 else None,
    }


def _household(random: Random) -> Values:
    name = random.choice(_SURNAMES) + "".join(random.sample(_GIVEN, random.choice((1, 2, 2))))
    account = "".join(lazy_pinyin(name)) + str(random.randrange(10, 10_000))
    return {
        "name": name,
        "phone": _phone(random) if random.random() < 0.9 else None,
        "second_phone": _phone(random) if random.random() < 0.3 else None,
        "wechat": account if random.random() < 0.6 else None,
        "address": _address(random, random.choice(_PLACES)) if random.random() < 0.8 else None,
    }


def _phone(random: Random) -> str:
    return f"+861{random.choice('35789')}{random.randrange(10**9):09}"


def _code(random: Random) -> str:
    return "91" + "".join(random.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(16))


def _address(random: Random, place: str) -> str:
    street, house = random.choice(_STREETS), random.randrange(1, 900)
    return f"{place}市{street}路{house}号{random.randrange(1, 30)}号楼{random.randrange(101, 2400)}室"


def _typed(text: str, random: Random) -> str:
    """A slip of the keyboard: a letter changed, lost, doubled, or two in the wrong order."""
    at = random.randrange(max(1, len(text) - 1))
    kind = random.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    wrong = _NEIGHBOURS.get(text[at].lower()) or random.choice(_WORDS)
    return text[:at] + wrong + text[at + 1 :]


def _slip_in(field: str) -> Slip:
    def slip(values: Values, random: Random) -> None:
        if values[field]:
            values[field] = _typed(str(values[field]), random)

    return slip


def _lost(field: str) -> Slip:
    def slip(values: Values, _: Random) -> None:
        values[field] = None

    return slip


def _phone_format(values: Values, random: Random) -> None:
    if number := values["phone"]:
        plain = number[3:]
        values["phone"] = random.choice((plain, f"0086 {plain}", f"{plain[:3]}-{plain[3:7]}-{plain[7:]}"))


def _other_line(values: Values, random: Random) -> None:
    values["phone"] = _phone(random)


def _phones_swapped(values: Values, _: Random) -> None:
    values["phone"], values["second_phone"] = values["second_phone"], values["phone"]


def _in_pinyin(values: Values, random: Random) -> None:
    """`Zhang Weiming`, or the other way round as abroad."""
    first, *rest = (each.capitalize() for each in lazy_pinyin(str(values["name"])))
    given = "".join(rest).capitalize()
    values["name"] = random.choice((f"{first} {given}", f"{given} {first}", f"{given}, {first}"))


def _titled(values: Values, random: Random) -> None:
    values["name"] = f"{values['name']}{random.choice(('先生', '女士', '老师'))}"


def _short_form(values: Values, random: Random) -> None:
    """Without the legal form, or with the place in brackets."""
    name = str(values["name"])
    core = name
    for form in _FORMS:
        core = core.removesuffix(form)
    values["name"] = random.choice((core, f"{core[2:]}（{core[:2]}）有限公司", core + "公司"))


def _company_in_pinyin(values: Values, _: Random) -> None:
    name = str(values["name"]).removesuffix("有限公司")
    values["name"] = " ".join(lazy_pinyin(name)).title() + " Co., Ltd."


def _address_format(values: Values, random: Random) -> None:
    if address := values["address"]:
        shorter = address.replace("号楼", "-").replace("室", "").replace("市", "")
        values["address"] = random.choice((shorter, shorter.replace("号", "-"), address[3:]))


def _account_case(values: Values, _: Random) -> None:
    if account := values["wechat"]:
        values["wechat"] = account.upper()


_COMPANY_SLIPS: tuple[Slip, ...] = (
    *(_slip_in("name"), _slip_in("phone"), _slip_in("registration_number"), _slip_in("address")),
    *(_lost("registration_number"), _lost("email"), _phone_format, _other_line, _short_form),
    *(_company_in_pinyin, _address_format),
)
_HOUSEHOLD_SLIPS: tuple[Slip, ...] = (
    *(_slip_in("name"), _slip_in("phone"), _slip_in("wechat"), _slip_in("address"), _lost("wechat")),
    *(_phone_format, _other_line, _phones_swapped, _in_pinyin, _titled, _address_format, _account_case),
)
