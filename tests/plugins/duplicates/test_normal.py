"""Values in the form in which they are compared: what means the same has the same form."""

import pytest
from pypinyin import lazy_pinyin

from salesmode_duplicates.normal import form_of
from salesmode_duplicates.pinyin import syllable
from salesmode_duplicates.rules import Likeness


def text(likeness: Likeness, value: str) -> str | None:
    form = form_of(likeness, value, "CN")
    return None if form is None else form.text


@pytest.mark.parametrize(
    ("likeness", "values"),
    [
        ("phone", ["+8613812345678", "138-1234-5678", "0086 138 1234 5678", "１３８１２３４５６７８"]),
        ("email", ["Li.Wei@example.cn", "li.wei+crm@EXAMPLE.cn"]),
        ("email", ["liwei@gmail.com", "Li.Wei@googlemail.com"]),
        ("account", ["LiWei88", " liwei 88", "@liwei88"]),
        ("registration", ["91310115MA1K4R2X0Y", "91310115 MA1K4R2XOY", "91310115-ma1k4r2x0y"]),
        ("company", ["鼎信机械有限公司", "鼎信机械股份有限公司", "鼎信机械", "鼎信（机械）公司"]),
        ("company", ["上海市鼎信机械有限公司", "上海鼎信机械有限公司"]),
        ("company", ["Acme Trading Co., Ltd.", "ACME TRADING LIMITED", "Acme Trading"]),
        ("person", ["李伟", "李伟先生", " 李 伟 女士"]),
        ("address", ["张杨路500弄3号楼1201室", "张杨路五〇〇弄3号1201", "张杨路500弄03号楼1201"]),
    ],
)
def test_what_means_the_same_has_one_form(likeness: Likeness, values: list[str]) -> None:
    forms = [form_of(likeness, each, "CN") for each in values]
    assert None not in forms
    assert len({(each.read or each.text, each.numbers) for each in forms if each is not None}) == 1


@pytest.mark.parametrize(
    ("likeness", "value"),
    [
        ("phone", "000000000000"),
        ("phone", "ask his wife"),
        ("phone", "12"),
        ("email", "none"),
        ("email", "@example.cn"),
        ("account", "-"),
        ("registration", "000000000000000000"),
        ("registration", "n/a"),
        ("company", "--"),
        ("person", ""),
        ("address", "  "),
        ("text", "…"),
    ],
)
def test_what_says_nothing_has_no_form(likeness: Likeness, value: str) -> None:
    assert form_of(likeness, value, "CN") is None


def test_no_value_has_no_form() -> None:
    assert form_of("phone", None, "CN") is None


@pytest.mark.parametrize(
    ("likeness", "one", "other"),
    [
        ("phone", "+8613812345678", "+8613812345679"),
        ("account", "liwei88", "liwei89"),
        ("company", "上海鼎信机械有限公司", "上海鼎信电子有限公司"),
        ("registration", "9131OO", "913100"),  # only the code of 18 places has no letter O
    ],
)
def test_what_differs_has_other_forms(likeness: Likeness, one: str, other: str) -> None:
    assert text(likeness, one) != text(likeness, other)


def test_a_surname_with_a_reading_of_its_own_is_read_so() -> None:
    form = form_of("person", "单丽", "CN")
    assert form is not None
    assert form.units == ("shan", "li")
    inner = form_of("person", "李单", "CN")
    assert inner is not None
    assert inner.units == ("li", "dan")


def test_a_company_that_is_only_its_legal_form_keeps_it() -> None:
    assert text("company", "公司") == "公司"


def test_characters_are_read_as_the_library_reads_them() -> None:
    characters = "李伟芳娜鼎信机械单曾绿女吕輕嗯重庆行长朝阳"
    assert [syllable(each) for each in characters] == [lazy_pinyin(each)[0] for each in characters]
    assert syllable("女") == "nv"
