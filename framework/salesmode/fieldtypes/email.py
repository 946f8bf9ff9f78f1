"""`email`: an address; the domain in lower case, since it knows no other."""

import re
from typing import Any

from salesmode.fieldtypes.base import Invalid
from salesmode.fieldtypes.text import TextType, checked_text
from salesmode.model.field import Field

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(rf"[^\s@\"(),:;<>\[\]\\]{{1,64}}@({_LABEL}\.)+{_LABEL}")


class EmailType(TextType):
    name = "email"
    longest = 254

    def parse(self, field: Field, value: object) -> Any:
        text = checked_text(value).strip()
        if not _ADDRESS.fullmatch(text):
            raise Invalid("not_an_email")
        local, _, domain = text.partition("@")
        return f"{local}@{domain.lower()}"
