"""The functions of formulas (RULING 50): what each takes, what it gives and what it means. docs/reference is made of it."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind`: one of KINDS or of MEANINGS. `optional`: may be left out. `many`: may stand several times."""

    name: str
    kind: str
    optional: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """`result` is a kind, or what the parameters of that kind turned out to be."""

    name: str
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

    def __str__(self) -> str:
        spelled = ", ".join(_spelled(each) for each in self.parameters)
        return f"{self.name}({spelled}) → {self.result}"


def _spelled(parameter: Parameter) -> str:
    text = f"{parameter.name}: {parameter.kind}{', …' if parameter.many else ''}"
    return f"[{text}]" if parameter.optional else text


def _takes(*parameters: str) -> tuple[Parameter, ...]:
    """`name:kind`, with `?` for what may be left out and `*` for what may be repeated."""
    found = []
    for each in parameters:
        name, _, kind = each.partition(":")
        found.append(Parameter(name, kind.rstrip("?*"), "?" in kind, "*" in kind))
    return tuple(found)


_ALL = (
    Signature("if", _takes("condition:boolean", "then:same", "else:same?"), SAME, "`then` where the condition holds, else `else`, or null."),
    Signature("case", _takes("condition:boolean", "then:same", "more:same*?"), SAME, "Conditions and values in turn: the value of the first condition that holds; a last value alone is for all else."),
    Signature("coalesce", _takes("value:same", "more:same*"), SAME, "The first value that is not null."),
    Signature("is_null", _takes("value:any"), "boolean", "Whether the value is null, or the reference empty."),
    Signature("concat", _takes("part:shown", "more:shown*?"), "text", "The texts one after the other; null is an empty text. A number has all its places, a date is `2026-01-31`."),
    Signature("length", _takes("text:text"), "number", "How many characters the text has."),
    Signature("lower", _takes("text:text"), "text", "The text in lower case, character for character."),
    Signature("upper", _takes("text:text"), "text", "The text in upper case, character for character."),
    Signature("left", _takes("text:text", "characters:count"), "text", "The first characters of the text."),
    Signature("right", _takes("text:text", "characters:count"), "text", "The last characters of the text."),
    Signature("contains", _takes("text:text", "part:text"), "boolean", "Whether the part stands in the text; case matters."),
    Signature("starts_with", _takes("text:text", "part:text"), "boolean", "Whether the text begins with the part; case matters."),
    Signature("round", _takes("number:number", "places:count?"), "number", "The number with that many decimal places (none unless said), half to even."),
    Signature("abs", _takes("number:number"), "number", "The number without its sign."),
    Signature("min", _takes("value:ordered", "more:ordered*"), ORDERED, "The least of the values; null if one of them is null."),
    Signature("max", _takes("value:ordered", "more:ordered*"), ORDERED, "The greatest of the values; null if one of them is null."),
    Signature("today", (), "date", "The day of the request in the app's time zone."),
    Signature("now", (), "datetime", "The moment of the request."),
    Signature("year", _takes("date:date"), "number", "The year."),
    Signature("month", _takes("date:date"), "number", "The month, 1 to 12."),
    Signature("day", _takes("date:date"), "number", "The day of the month."),
    Signature("days_between", _takes("from:date", "to:date"), "number", "How many days later `to` is; negative where it is earlier."),
    Signature("add_days", _takes("date:date", "days:number"), "date", "So many days later (earlier, if negative); of a number with places the whole part counts. Null outside the years 1 to 9999."),
    Signature("add_months", _takes("date:date", "months:number"), "date", "So many months later, on the same day or the last one of that month. Null outside the years 1 to 9999."),
)  # fmt: skip

SIGNATURES: Mapping[str, Signature] = {each.name: each for each in _ALL}
