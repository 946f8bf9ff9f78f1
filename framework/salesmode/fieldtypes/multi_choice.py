"""`multi_choice`: several options."""

from collections.abc import Iterable
from typing import Any

from salesmode.fieldtypes.base import Invalid
from salesmode.fieldtypes.choice import ChoiceType
from salesmode.fieldtypes.lists import ListType
from salesmode.model.field import Field


class MultiChoiceType(ListType):
    name = "multi_choice"
    scalar = "enum"
    element = ChoiceType()

    def check(self, field: Field, value: Any) -> Iterable[Invalid]:
        for each in value:
            yield from self.element.check(field, each)
