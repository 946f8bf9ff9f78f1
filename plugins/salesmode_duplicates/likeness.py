"""How alike two forms are: 1 is the same, 0 is a contradiction. Fuzzy comparison is a library's."""

from collections.abc import Callable, Mapping

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from salesmode_duplicates.normal import Form
from salesmode_duplicates.rules import Likeness

ONE_SLIP = 0.6
"""Of two numbers that differ by one digit, or by two that changed places."""
HOMOPHONES = 0.9
"""Of two texts that are read alike and written differently."""


def alike(likeness: Likeness, left: Form, right: Form) -> float:
    """Of two forms of that likeness."""
    if left == right:
        return 1.0
    return _ALIKE[likeness](left, right)


def _slips(left: Form, right: Form) -> float:
    """Numbers: one slip apart."""
    return ONE_SLIP if OSA.distance(left.text, right.text, score_cutoff=1) == 1 else 0.0


def _slips_of_letters(left: Form, right: Form) -> float:
    """Addresses of mail and accounts: namesakes have other digits, so only a letter may be a slip."""
    digits = ["".join(filter(str.isdigit, each.text)) for each in (left, right)]
    return _slips(left, right) if digits[0] == digits[1] else 0.0


def _company(left: Form, right: Form) -> float:
    """The better of how it is written and how it is read: what is misheard is read alike."""
    written = fuzz.token_sort_ratio(left.text, right.text) / 100
    heard = _pieces(left.units, right.units)
    return _from(max(written, heard * HOMOPHONES), 0.7)


def _person(left: Form, right: Form) -> float:
    """Given name and surname in either order; letters are compared with syllables where only one of the two
    is written in Chinese.
    """
    one, two = sorted(left.units), sorted(right.units)
    if one == two or "".join(left.units) == "".join(right.units):
        return HOMOPHONES
    if len(one) != len(two) and _joined(left.units, right.units):
        return HOMOPHONES
    return _from(JaroWinkler.similarity(" ".join(one), " ".join(two)) * HOMOPHONES, 0.7)


def _joined(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """`zhang weiming` and `wei ming zhang`: one has the syllables of the other, put together."""
    few, many = sorted((left, right), key=len)
    whole = "".join(many)
    turned = "".join((*many[1:], many[0])), "".join((many[-1], *many[:-1]))
    return "".join(few) in (whole, *turned)


def _address(left: Form, right: Form) -> float:
    """Words must be alike; then the numbers tell: all the same, those of one within the other, one wrong."""
    words = fuzz.token_set_ratio(left.read, right.read) / 100 if left.units and right.units else 1.0
    return _from(words, 0.8) * _numbers(left.numbers, right.numbers)


def _numbers(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    few, many = sorted((left, right), key=len)
    if few == many:
        return 1.0
    if len(few) == len(many):
        return 0.5 if len(few) > 2 and sum(map(str.__ne__, few, many)) == 1 else 0.0
    if "".join(few) == "".join(many):
        return 0.9
    return 0.6 + 0.4 * len(few) / len(many) if len(few) > 1 and _within(few, many) else 0.0


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Whether all of few come in many in that order, and the last of both is the same."""
    rest = iter(many)
    return few[-1] == many[-1] and all(each in rest for each in few)


def _text(left: Form, right: Form) -> float:
    return _from(fuzz.token_sort_ratio(left.read, right.read) / 100, 0.7)


def _pieces(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Of two lists of syllables, in which one may be wrong, missing or elsewhere."""
    in_order = fuzz.ratio(left, right)
    return float(max(in_order, fuzz.token_sort_ratio(" ".join(left), " ".join(right)))) / 100


def _from(likeness: float, floor: float) -> float:
    """What is below the floor is chance."""
    return likeness if likeness >= floor else 0.0


_ALIKE: Mapping[Likeness, Callable[[Form, Form], float]] = {
    "phone": _slips,
    "email": _slips_of_letters,
    "account": _slips_of_letters,
    "registration": _slips,
    "company": _company,
    "person": _person,
    "address": _address,
    "date": lambda *_: 0.0,
    "text": _text,
}
