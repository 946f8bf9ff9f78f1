"""What a plain scalar means: text, but for `true`, `false`, `null`, integers and decimals (RULING 1)."""

import re
from decimal import Decimal

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,99}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,100}")
_BEYOND = 2**63  # what a whole number may be nowhere, an exact one may


def resolve(text: str) -> object:
    """`0010`, `1e3`, `.5`, `yes`, `12:30`, dates stay text. `text_of` gives a number's source text back."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        whole = int(text)
        return whole if abs(whole) < _BEYOND else Decimal(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
