"""All types of fields by name."""

from collections.abc import Mapping

from salesmode.fieldtypes.auto_number import AutoNumberType
from salesmode.fieldtypes.base import FieldType
from salesmode.fieldtypes.big_integer import BigIntegerType
from salesmode.fieldtypes.boolean import BooleanType
from salesmode.fieldtypes.choice import ChoiceType
from salesmode.fieldtypes.date import DateType
from salesmode.fieldtypes.datetime import DateTimeType
from salesmode.fieldtypes.decimal import DecimalType
from salesmode.fieldtypes.email import EmailType
from salesmode.fieldtypes.identifier import IdType
from salesmode.fieldtypes.integer import IntegerType
from salesmode.fieldtypes.json import JsonType
from salesmode.fieldtypes.long_text import LongTextType
from salesmode.fieldtypes.money import MoneyType
from salesmode.fieldtypes.multi_choice import MultiChoiceType
from salesmode.fieldtypes.multi_reference import MultiReferenceType
from salesmode.fieldtypes.percent import PercentType
from salesmode.fieldtypes.phone import PhoneType
from salesmode.fieldtypes.reference import ReferenceType
from salesmode.fieldtypes.secret import SecretType
from salesmode.fieldtypes.stage import StageType
from salesmode.fieldtypes.text import TextType
from salesmode.fieldtypes.url import UrlType
from salesmode.fieldtypes.user import UserType

_ALL: tuple[FieldType, ...] = (
    IdType(),
    TextType(),
    LongTextType(),
    IntegerType(),
    BigIntegerType(),
    DecimalType(),
    MoneyType(),
    PercentType(),
    BooleanType(),
    DateType(),
    DateTimeType(),
    ChoiceType(),
    StageType(),
    MultiChoiceType(),
    ReferenceType(),
    UserType(),
    EmailType(),
    PhoneType(),
    UrlType(),
    JsonType(),
    AutoNumberType(),
    SecretType(),
    MultiReferenceType(),
)

FIELD_TYPES: Mapping[str, FieldType] = {each.name: each for each in _ALL}


def field_type(name: str) -> FieldType:
    """The type of that name; the analyzer knows only these."""
    return FIELD_TYPES[name]
