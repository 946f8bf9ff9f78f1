"""Blocking: keys that two records share if they may be the same, so that a million records are not compared
with each other but each with the few that share a key with it.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from itertools import product

from salesmode_duplicates.forms import Prepared
from salesmode_duplicates.normal import Form
from salesmode_duplicates.rules import Likeness, MatchRule


def keys_of(rule: MatchRule, record: Prepared) -> dict[str, tuple[str, ...]]:
    """The keys of a record by block (`phone`, `name+address`), without those that it has no value for."""
    places = {each.name: index for index, each in enumerate(rule.compare)}
    found: dict[str, tuple[str, ...]] = {}
    for block in rule.blocks:
        parts = [_parts(rule.compare[places[name]].likeness, record.forms[places[name]]) for name in block]
        keys = tuple(dict.fromkeys("|".join(each) for each in product(*parts)))
        if keys:
            found["+".join(block)] = keys
    return found


def hashed(object_: str, rule: str, block: str, key: str) -> str:
    """What is stored of a key: equal for equal keys, of one length, and without a customer's number in it."""
    return blake2b("\0".join((object_, rule, block, key)).encode(), digest_size=12).hexdigest()


def _parts(likeness: Likeness, forms: Sequence[Form]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for each in forms for key in _KEYS[likeness](each)))


def _whole(form: Form) -> tuple[str, ...]:
    return (form.text,)


def _company(form: Form) -> tuple[str, ...]:
    """As they are read: its beginning, its middle (behind a place, or its end), and its letters in no order;
    one slip leaves one of them whole, and each is rare among companies that share a place and a trade.
    """
    letters = "".join(sorted("".join(form.units)))
    if len(form.units) < _LONG:
        return (letters,)
    return (f"^{' '.join(form.units[:4])}", f"~{' '.join(form.units[2:5])}", letters)


def _person(form: Form) -> tuple[str, ...]:
    """The letters as they are read, in no order: the same for every spelling and either order of names."""
    return ("".join(sorted("".join(form.units))),)


def _address(form: Form) -> tuple[str, ...]:
    """The last two numbers, and one word: the house and the flat, in a street that is called something."""
    if len(form.numbers) < 2:
        return (f"{' '.join(form.numbers)} {' '.join(sorted(form.units))}",)
    house = " ".join(form.numbers[-2:])
    return tuple(f"{house} {each}" for each in sorted(set(form.units)))


def _text(form: Form) -> tuple[str, ...]:
    return (" ".join(sorted(form.units)),)


_LONG = 4
_KEYS: Mapping[Likeness, Callable[[Form], tuple[str, ...]]] = {
    "phone": _whole,
    "email": _whole,
    "account": _whole,
    "registration": _whole,
    "company": _company,
    "person": _person,
    "address": _address,
    "date": _whole,
    "text": _text,
}
