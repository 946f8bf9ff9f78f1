"""Chinese text as syllables: one reading for each character, so that equal texts always read alike."""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import distribution
from pathlib import Path

_SURNAMES = {
    "单": "shan",
    "單": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "朴": "piao",
    "查": "zha",
    "区": "ou",
    "覃": "qin",
    "盖": "ge",
}
"""Characters that are read otherwise where they begin a name."""


def folded(text: str) -> str:
    """Full width as half width, no accents, lower case, single spaces."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(unicodedata.normalize("NFC", letters).casefold().split())


def is_chinese(text: str) -> bool:
    """Whether any character of it is Chinese."""
    return any("\u3400" <= each <= "\u9fff" for each in text)


@lru_cache(maxsize=16384)
def syllable(character: str) -> str:
    """How one Chinese character is read, without its tone (ü as v); of several readings the commonest."""
    reading = _readings().get(str(ord(character)), character).partition(",")[0]
    return folded(unicodedata.normalize("NFD", reading).replace("u\u0308", "v"))


@cache
def _readings() -> Mapping[str, str]:
    """The library's table of characters by code point. Its words, which it loads with itself, are not needed:
    they would read a character in one way here and in another way there, and take half a second.
    """
    table = Path(str(distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json")))
    found: Mapping[str, str] = json.loads(table.read_text(encoding="utf-8"))
    return found


def syllables(text: str) -> tuple[str, ...]:
    """Folded text as units: a syllable for each Chinese character, a word of other letters or digits."""
    found: list[str] = []
    word = ""
    for each in text:
        if is_chinese(each):
            found += [word, syllable(each)]
            word = ""
        elif each.isalnum():
            word += each
        else:
            found.append(word)
            word = ""
    return tuple(each for each in (*found, word) if each)


def name_syllables(text: str) -> tuple[str, ...]:
    """The same of a person's name, whose first character may be a surname with a reading of its own."""
    found = syllables(text)
    special = _SURNAMES.get(text[:1])
    return (special, *found[1:]) if special else found
