"""Values in the one form in which they are compared, by likeness. What says nothing has no form (None)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from salesmode_duplicates.pinyin import folded, is_chinese, name_syllables, syllables
from salesmode_duplicates.rules import Likeness


@dataclass(frozen=True, slots=True)
class Form:
    """`text` is compared letter by letter, `units` are its syllables and words, `numbers` those in it."""

    text: str
    units: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def read(self) -> str:
        """As it is read aloud."""
        return " ".join(self.units)


def form_of(likeness: Likeness, value: object, region: str) -> Form | None:
    """The form of one value of a record."""
    if value is None:
        return None
    return _phone(str(value), region) if likeness == "phone" else _FORMS[likeness](str(value))


@lru_cache(maxsize=65536)
def _phone(value: str, region: str) -> Form | None:
    """E.164, also where the number was written with a foreign zero or no country code; a number that belongs
    to nobody (all digits alike) says nothing.
    """
    try:
        number = phonenumbers.parse(value[:40], region or None)
    except phonenumbers.NumberParseException:
        return None
    digits = str(number.national_number)
    if len(digits) < _SHORTEST_PHONE or len(set(digits)) == 1:
        return None
    return Form(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _email(value: str) -> Form | None:
    """Without what comes behind a plus; dots mean nothing to one large provider."""
    name, at, host = folded(value).rpartition("@")
    name = name.split("+")[0]
    if host in ("gmail.com", "googlemail.com"):
        name, host = name.replace(".", ""), "gmail.com"
    return Form(f"{name}@{host}") if at and name else None


def _account(value: str) -> Form | None:
    """A name on a personal channel (WeChat): case and spaces mean nothing."""
    text = re.sub(r"[\s@]", "", folded(value))
    return Form(text) if len(text) >= _SHORTEST_ACCOUNT else None


def _registration(value: str) -> Form | None:
    """Letters that the Chinese code of 18 places does not have are digits that were misread."""
    text = re.sub(r"[^0-9A-Z]", "", folded(value).upper())
    if len(text) == _CODE:
        text = text.translate(_MISREAD)
    return Form(text) if len(text) >= _SHORTEST_REGISTRATION and len(set(text)) > 1 else None


def _company(value: str) -> Form | None:
    """What tells a company from others: without its legal form, brackets and the word for a place."""
    text = folded(value)
    core = _LEGAL.sub(" ", _BRACKETS.sub(lambda found: f" {found[1]} ", text))
    core = _PLACE.sub(r"\1", core.strip())
    units = syllables(core) or syllables(text)
    return Form("".join(core.split()) or text, units) if units else None


def _person(value: str) -> Form | None:
    """A name without titles."""
    text = _TITLES.sub("", folded(value)).strip()
    units = name_syllables(text)
    return Form("".join(text.split()) if is_chinese(text) else text, units) if units else None


def _address(value: str) -> Form | None:
    """Its numbers in order, and its words without those that only say what a number or a name is."""
    text = folded(value).translate(_DIGITS)
    numbers = tuple(each.lstrip("0") or "0" for each in re.findall(r"[0-9]+", text))
    words = _DIVISIONS.sub("", re.sub(r"[0-9]+", " ", text))
    units = syllables(words)
    return Form("".join(words.split()), units, numbers) if units or numbers else None


def _date(value: str) -> Form | None:
    return Form(value[:10]) if value else None


def _text(value: str) -> Form | None:
    text = folded(value)
    units = syllables(text)
    return Form(text, units) if units else None


_SHORTEST_PHONE, _SHORTEST_ACCOUNT, _SHORTEST_REGISTRATION, _CODE = 5, 3, 6, 18
_MISREAD = str.maketrans("OIZSV", "01250")
_DIGITS = str.maketrans("一二三四五六七八九〇零", "12345678900")
_BRACKETS = re.compile(r"[(\[<（【《]([^)\]>）】》]*)[)\]>）】》]")
_LEGAL = re.compile(
    r"股份有限公司|有限责任公司|有限公司|控股|集团|集團|總公司|总公司|分公司|公司|股份"
    r"|\b(?:ji ?tuan|gu ?fen|ze ?ren|you ?xian|gong ?si)\b"
    r"|\b(?:company|limited|corporation|incorporated|group|holdings?|inc|ltd|llc|corp|co|plc|gmbh|ag|bv|sa)\b\.?"
)
_PLACE = re.compile(r"^([\u4e00-\u9fff]{2,3})[省市县區区](?=[\u4e00-\u9fff]{2})")
_TITLES = re.compile(
    r"先生|女士|小姐|太太|夫人|老师|經理|经理|总$|總$|\b(?:mr|mrs|ms|miss|dr|prof|madam|sir)\b\.?"
)
_DIVISIONS = re.compile(
    r"自治区|特别行政区|新区|街道|小区|[省市区县镇乡村路街道巷弄号楼栋幢座单元室层號樓棟單]"
    r"|\b(?:province|city|district|county|road|rd|street|st|avenue|ave|lane|no|building|bldg|unit|room|rm|floor"
    r"|apartment|apt)\b\.?"
)

_FORMS: Mapping[Likeness, Callable[[str], Form | None]] = {
    "email": _email,
    "account": _account,
    "registration": _registration,
    "company": _company,
    "person": _person,
    "address": _address,
    "date": _date,
    "text": _text,
}
