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
"""The engine's own."""

_known: dict[str, FieldType] = dict(FIELD_TYPES)


def field_type(name: str) -> FieldType:
    """The type of that name; the analyzer knows only the engine's and those that the app's plugins bring."""
    return _known[name]


def known_type(name: str) -> FieldType | None:
    """The same for a name of earlier metadata, whose plugin may be gone."""
    return _known.get(name)


def bring_type(type_: FieldType) -> None:
    """From now on the process knows this type of a plugin too."""
    _known[type_.name] = type_


def engine_type(name: str) -> str:
    """What values of that type are to the engine: a plugin's type is what it is derived from."""
    type_ = _known.get(name)
    return name if type_ is None else derived_from(type_) or name


def derived_from(type_: FieldType) -> str | None:
    """The name of the engine's type that is nearest to it; None where it is derived from none."""
    own = {type(each): each.name for each in _ALL}
    return next((own[each] for each in type(type_).__mro__ if each in own), None)
