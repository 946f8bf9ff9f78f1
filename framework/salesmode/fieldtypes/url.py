"""`url`: a web address, which a client may safely make a link of."""

import re
from typing import Any
from urllib.parse import urlsplit

from salesmode.fieldtypes.base import Invalid
from salesmode.fieldtypes.text import TextType, checked_text
from salesmode.model.field import Field

_SPACE = re.compile(r"[\s\x00-\x20\x7f]")


class UrlType(TextType):
    name = "url"
    longest = 2000

    def parse(self, field: Field, value: object) -> Any:
        text = checked_text(value).strip()
        try:
            parts = urlsplit(text)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or _SPACE.search(text):
            raise Invalid("not_a_url")
        return text
