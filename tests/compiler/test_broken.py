"""Each mistake is told where it is, why, and what to do: the cases of `broken/`, word for word."""

import re
from pathlib import Path

import pytest

from salesmode.diagnostics.codes import CODES
from tests.compiler.broken_cases import BROKEN, cases, said

_CODE = re.compile(r":\d+:\d+: (SM\d{3}) ")
_ELSEWHERE = re.compile("SM112|SM209|SM8[1-9]|SM80[2-9]|SM91[0-5]")
"""What only a thousand mistakes or a plugin can say, and what the tests of other rooms hold."""


@pytest.mark.parametrize("case", cases())
def test_a_mistake_is_told_in_these_words(case: str, tmp_path: Path) -> None:
    assert said(case, tmp_path) == (BROKEN / f"{case}.txt").read_text(encoding="utf-8")


def test_every_case_is_a_mistake_of_a_known_code() -> None:
    for case in cases():
        codes = _CODE.findall((BROKEN / f"{case}.txt").read_text(encoding="utf-8"))
        assert codes, case
        assert {*codes} <= {*CODES}, case


def test_every_code_has_a_case() -> None:
    told = "".join((BROKEN / f"{case}.txt").read_text(encoding="utf-8") for case in cases())
    assert {*CODES} - {*_CODE.findall(told)} <= {code for code in CODES if _ELSEWHERE.match(code)}


def test_no_expectation_is_without_its_case() -> None:
    assert {path.stem for path in BROKEN.glob("*.txt")} == {*cases()}
