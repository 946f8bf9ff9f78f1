"""The functions of formulas (RULING 50): what each takes, what it gives and what it means.

`docs/reference/formulas.md` is made of this table.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

KINDS = ("number", "text", "boolean", "date", "datetime")

ANY = "any"
SAME = "same"
ORDERED = "ordered"
COUNT = "count"
SHOWN = "shown"
MEANINGS: Mapping[str, str] = {
    ANY: "any value, a reference too",
    SAME: "any kind, and the same for all that are `same`",
    ORDERED: "number, date or datetime, and the same for all that are `ordered`",
    SHOWN: "text, number or date",
    COUNT: "a whole number written as such",
}

_TABLE = """
if(condition: boolean, then: same, [else: same]) → same
    `then` where the condition holds, else `else`, or null.
case(condition: boolean, then: same, [more: same, …]) → same
    Conditions and values in turn: the value of the first condition that holds. A last value alone is for all
    else; without one that is null.
coalesce(value: same, more: same, …) → same
    The first value that is not null.
is_null(value: any) → boolean
    Whether the value is null, or the reference empty.
concat(part: shown, [more: shown, …]) → text
    The texts one after the other; null is an empty text. A number has all its places, a date is `2026-01-31`.
length(text: text) → number
    How many characters the text has.
lower(text: text) → text
    The text in lower case, character for character.
upper(text: text) → text
    The text in upper case, character for character.
left(text: text, characters: count) → text
    The first characters of the text.
right(text: text, characters: count) → text
    The last characters of the text.
contains(text: text, part: text) → boolean
    Whether the part stands in the text; case matters.
starts_with(text: text, part: text) → boolean
    Whether the text begins with the part; case matters.
round(number: number, [places: count]) → number
    The number with that many decimal places (none unless said), half to even.
abs(number: number) → number
    The number without its sign.
min(value: ordered, more: ordered, …) → ordered
    The least of the values; null if one of them is null.
max(value: ordered, more: ordered, …) → ordered
    The greatest of the values; null if one of them is null.
today() → date
    The day of the request in the app's time zone.
now() → datetime
    The moment of the request.
year(date: date) → number
    The year.
month(date: date) → number
    The month, 1 to 12.
day(date: date) → number
    The day of the month.
days_between(from: date, to: date) → number
    How many days later `to` is; negative where it is earlier.
add_days(date: date, days: number) → date
    So many days later, or earlier if negative; only the whole part of `days` counts. Null outside the years
    1 to 9999.
add_months(date: date, months: number) → date
    So many months later, on the same day or the last one of that month. Null outside the years 1 to 9999.
"""
_FUNCTION = re.compile(r"(\w+)\((.*)\) → (\w+)\n((?: {4}.*\n)+)")
_PARAMETER = re.compile(r"(\[?)(\w+): (\w+)(, …)?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind`: one of KINDS or of MEANINGS. `optional`: may be left out. `many`: may stand several times."""

    name: str
    kind: str
    optional: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """`spelled` is the whole of it; `result` is a kind, or what the parameters of that kind are."""

    name: str
    spelled: str
    parameters: tuple[Parameter, ...]
    result: str
    meaning: str

    @property
    def least(self) -> int:
        """How many arguments it takes at least."""
        return sum(not each.optional for each in self.parameters)

    @property
    def most(self) -> int | None:
        """How many it takes at most; None: any number."""
        return None if any(each.many for each in self.parameters) else len(self.parameters)

    def parameter(self, number: int) -> Parameter:
        """What the argument of that number is; the last one may stand several times."""
        return self.parameters[min(number, len(self.parameters) - 1)]


def _signatures() -> Iterator[Signature]:
    for name, takes, result, meaning in _FUNCTION.findall(_TABLE):
        parameters = tuple(
            Parameter(each, kind, bool(optional), bool(many))
            for optional, each, kind, many in _PARAMETER.findall(takes)
        )
        yield Signature(name, f"{name}({takes}) → {result}", parameters, result, " ".join(meaning.split()))


SIGNATURES: Mapping[str, Signature] = {each.name: each for each in _signatures()}
