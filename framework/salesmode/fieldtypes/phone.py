"""`phone`: stored and returned as E.164 (RULING 27)."""

from typing import Any

import phonenumbers

from salesmode.fieldtypes.base import Invalid
from salesmode.fieldtypes.text import TextType, checked_text
from salesmode.model.field import Field

_LONGEST = 60  # of what is worth looking at


class PhoneType(TextType):
    """`field.format` is the region (`CN`) of numbers without a country code; without one they are refused."""

    name = "phone"

    def parse(self, field: Field, value: object) -> Any:
        text = checked_text(value)
        try:
            number = phonenumbers.parse(text[: _LONGEST + 1], field.format)
        except phonenumbers.NumberParseException:
            raise Invalid("not_a_phone") from None
        # E.164 has no place for an extension.
        if len(text) > _LONGEST or number.extension or not phonenumbers.is_possible_number(number):
            raise Invalid("not_a_phone")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
