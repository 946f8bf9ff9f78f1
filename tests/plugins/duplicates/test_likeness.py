"""How alike two values are: 1 the same, 0 a contradiction, and what is between them."""

import pytest
from hypothesis import given, strategies as st

from salesmode_duplicates.likeness import HOMOPHONES, ONE_SLIP, alike
from salesmode_duplicates.normal import form_of
from salesmode_duplicates.rules import LIKENESSES, Likeness


def likeness(kind: Likeness, one: str, other: str) -> float:
    left, right = form_of(kind, one, "CN"), form_of(kind, other, "CN")
    assert left is not None
    assert right is not None
    return alike(kind, left, right)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("person", "张伟明", "Zhang Weiming"),
        ("person", "张伟明", "Weiming Zhang"),
        ("person", "张伟明", "Weiming, ZHANG"),
        ("person", "李伟", "李玮"),
        ("person", "Anna Schmidt", "Schmidt, Anna"),
    ],
)
def test_names_that_are_read_alike(kind: Likeness, one: str, other: str) -> None:
    assert likeness(kind, one, other) == pytest.approx(HOMOPHONES)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+8613812345678", "+8613812345687"),
        ("phone", "+8613812345678", "+861381234567"),
        ("registration", "91310115MA1K4R2X0Y", "91310115MA1K4R3X0Y"),
        ("account", "liwei88", "livei88"),
    ],
)
def test_one_slip(kind: Likeness, one: str, other: str) -> None:
    assert likeness(kind, one, other) == ONE_SLIP


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+8613812345678", "+8613812349978"),
        ("account", "liwei88", "liwei89"),
        ("email", "info1@example.cn", "info2@example.cn"),
        ("person", "李伟", "王芳"),
        ("company", "上海鼎信机械有限公司", "北京和泰食品有限公司"),
        ("address", "张杨路500弄3号1201室", "张杨路500弄907室"),
        ("address", "张杨路5号3号楼1201室", "人民路5号3号楼1201室"),
        ("date", "2020-01-02", "2020-02-01"),
    ],
)
def test_contradictions(kind: Likeness, one: str, other: str) -> None:
    assert likeness(kind, one, other) == 0.0


def test_an_address_with_one_wrong_number_is_half_the_same_and_a_shorter_one_nearly() -> None:
    whole = "上海市张杨路500弄3号楼1201室"
    assert likeness("address", whole, "上海市张杨路500弄3号楼1207室") == pytest.approx(0.5)
    assert 0.6 < likeness("address", whole, "张杨路3-1201") < 0.95
    assert likeness("address", whole, "上海市人民路500弄3号楼1201室") == 0.0


def test_companies_are_alike_by_sound_and_by_writing() -> None:
    assert (
        likeness("company", "上海鼎信机械有限公司", "Shanghai Dingxin Jixie Co., Ltd.") == 0.0
    )  # other words
    assert likeness("company", "上海鼎信机械有限公司", "Shang Hai Ding Xin Ji Xie Co., Ltd.") >= 0.85
    assert likeness("company", "上海鼎信机械有限公司", "上海鼎鑫机械有限公司") >= 0.8


text = st.text(st.sampled_from("李王伟芳lw 1207-@.号路abc"), min_size=1, max_size=14)


@given(kind=st.sampled_from(LIKENESSES), one=text, other=text)
def test_likeness_is_the_same_both_ways_and_whole_for_itself(kind: Likeness, one: str, other: str) -> None:
    left, right = form_of(kind, one, "CN"), form_of(kind, other, "CN")
    if left is not None and right is not None:
        assert alike(kind, left, left) == 1.0
        assert 0.0 <= alike(kind, left, right) <= 1.0
        assert alike(kind, left, right) == pytest.approx(alike(kind, right, left))
