"""A tree gets its types: names are resolved, arguments fit, every number knows its decimal places.

Sums have as many places as their longest part, products those of all parts together. A quotient is rounded
half to even: at the places of the field or of the `round` that takes it, else at 20.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from salesmode.conditions.formulas.lexer import CANNOT_READ, Unreadable
from salesmode.conditions.formulas.parser import DEEPEST, Node, too_deep
from salesmode.conditions.formulas.signatures import (
    ANY,
    COUNT,
    KINDS,
    MEANINGS,
    ORDERED,
    SAME,
    SHOWN,
    SIGNATURES,
    Parameter,
    Signature,
)
from salesmode.diagnostics import Span, did_you_mean
from salesmode.fieldtypes import Invalid, engine_type, field_type
from salesmode.model.computed import Call, Constant, Expression, Read
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Object

UNKNOWN = "SM711"
MISFIT = "SM712"

QUOTIENT_SCALE = 20
_MOST_PLACES = 100
_MOST_CHARACTERS = 10_000
_MOST_DIGITS = 18
_REFERENCES = ("reference", "user")
_TOGETHER = (SAME, ORDERED)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    ANY: (*KINDS, "record", "null"),
    SAME: (*KINDS, "null"),
    ORDERED: ("number", "date", "datetime"),
    SHOWN: ("text", "number", "date", "null"),
}
_WITHOUT_PLACES = ("length", "year", "month", "day", "days_between")
_ARTICLES: Mapping[str, str] = {
    **{each: f"a {each}" for each in (*KINDS, "record")},
    "boolean": "yes or no",
    "record": "a reference",
    "null": "null",
}
_WORDS: Mapping[str, Constant] = {
    "true": Constant(True, "boolean"),
    "false": Constant(False, "boolean"),
    "null": Constant(None, "null"),
}
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("text", "long_text", "email", "phone", "url", "auto_number", "choice"), "text"),
    **dict.fromkeys(("integer", "big_integer", "decimal", "money", "percent"), "number"),
    **dict.fromkeys(_REFERENCES, "record"),
    **{each: each for each in ("boolean", "date", "datetime")},
}


def kind_of(field: Field) -> str | None:
    """The kind of a field's value in formulas; None where it has none."""
    return _KINDS.get(engine_type(field.type))


def checked(tree: Node, field: Field, object_: Object, objects: Mapping[str, Object]) -> Expression:
    """The expression of a formula field, of the field's own type; raises Unreadable."""
    checker = _Checker(object_, objects)
    found = checker.expression(tree)
    wanted = kind_of(field)
    assert wanted is not None
    found = checker.fitting(found, tree, wanted)
    return _at_scale(found, field.scale) if wanted == "number" else found


@dataclass(frozen=True)
class _Checker:
    object: Object
    objects: Mapping[str, Object]

    def expression(self, node: Node, depth: int = 0) -> Expression:
        if depth > DEEPEST:
            raise too_deep(node.at)
        parts = tuple(self.expression(each, depth + 1) for each in node.parts)
        match node.form:
            case "number":
                return _number(node)
            case "text":
                return Constant(node.word, "text")
            case "name":
                return _WORDS.get(node.word) or self._read(node)
            case "sum":
                numbers = [self.fitting(*each, "number") for each in _pairs(parts, node)]
                return _scaled(f"sum{node.word}", numbers, max(each.scale for each in numbers), node)
            case "operator":
                return self._operator(node, parts)
            case _:
                return self._call(node, parts)

    def _read(self, node: Node) -> Expression:
        *path, name = node.word.split(".")
        object_, at = self.object, node.at
        for step in path:
            field = _field(object_, step, at)
            if field.type not in _REFERENCES or field.to is None:
                raise Unreadable(MISFIT, f"'{step}' is no reference, so nothing is behind it", at)
            object_, at = self.objects[field.to], at + len(step) + 1
        field = _field(object_, name, at)
        kind = kind_of(field)
        if kind is None:
            raise Unreadable(MISFIT, f"'{name}' ({field.type}) has no value that formulas can use", at)
        return Read(tuple(path), name, kind, field.scale if kind == "number" else 0)

    def _operator(self, node: Node, parts: tuple[Expression, ...]) -> Expression:
        match node.word:
            case "*":
                numbers = [self.fitting(*each, "number") for each in _pairs(parts, node)]
                return _scaled("*", numbers, sum(each.scale for each in numbers), node)
            case "/":
                numbers = [self.fitting(*each, "number") for each in _pairs(parts, node)]
                return Call("/", tuple(numbers), "number", QUOTIENT_SCALE)
            case "and" | "or" | "not":
                conditions = (self.fitting(*each, "boolean") for each in _pairs(parts, node))
                return Call(node.word, tuple(conditions), "boolean")
            case _:
                return self._comparison(node, parts)

    def _comparison(self, node: Node, parts: tuple[Expression, ...]) -> Expression:
        for part, other, tree in ((parts[0], parts[1], node.parts[1]), (parts[1], parts[0], node.parts[0])):
            self._check_option(part, other, tree)
        alike, kind = self._alike(parts, node.parts)
        if kind in ("null", "record"):
            raise Unreadable(MISFIT, "nothing can be compared with this", node.at, "write is_null(…)")
        if kind == "boolean" and node.word not in ("=", "!="):
            raise Unreadable(MISFIT, "yes and no have no order", node.at)
        if any(each.kind == "null" for each in parts):
            raise Unreadable(MISFIT, "nothing is equal to null", node.at, "write is_null(…)")
        return Call(node.word, alike, "boolean")

    def _check_option(self, read: Expression, other: Expression, tree: Node) -> None:
        """A choice is compared with one of its options."""
        if not isinstance(read, Read) or not isinstance(other, Constant) or other.kind != "text":
            return
        object_ = self.object
        for step in read.path:
            object_ = self.objects[str(object_.fields[step].to)]
        field = object_.fields[read.field]
        names = [each.name for each in field.options]
        if names and not field.open_options and other.value not in names:
            message = f"'{other.value}' is no option of '{field.name}'"
            raise Unreadable(UNKNOWN, message, tree.at, did_you_mean(str(other.value), names))

    def _call(self, node: Node, parts: tuple[Expression, ...]) -> Expression:
        signature = SIGNATURES.get(node.word)
        if signature is None:
            raise Unreadable(
                UNKNOWN, f"there is no function '{node.word}'", node.at, did_you_mean(node.word, SIGNATURES)
            )
        if len(parts) < signature.least or (signature.most is not None and len(parts) > signature.most):
            raise Unreadable(
                MISFIT, f"'{node.word}' does not take {len(parts)} arguments", node.at, signature.spelled
            )
        return self._applied(signature, self._given(signature, node, parts))

    def _given(self, signature: Signature, node: Node, parts: tuple[Expression, ...]) -> list[Expression]:
        """The arguments as the parameters want them; those that are to be alike are made so together."""
        wanted = [_parameter(signature, at, len(parts)) for at in range(len(parts))]
        given = list(parts)
        shared = [at for at, each in enumerate(wanted) if each.kind in _TOGETHER]
        alike, _ = self._alike([parts[at] for at in shared], [node.parts[at] for at in shared])
        for at, each in zip(shared, alike, strict=True):
            given[at] = each
        return [self._argument(*each) for each in zip(given, wanted, node.parts, strict=True)]

    def _argument(self, given: Expression, wanted: Parameter, tree: Node) -> Expression:
        if wanted.kind == COUNT:
            return _count(given, tree)
        if wanted.kind not in _CHOICES:
            return self.fitting(given, tree, wanted.kind)
        if given.kind in _CHOICES[wanted.kind]:
            return given
        message = f"{_ARTICLES[given.kind]} does not fit '{wanted.name}' ({MEANINGS[wanted.kind]})"
        raise Unreadable(MISFIT, message, tree.at)

    def _applied(self, signature: Signature, given: list[Expression]) -> Expression:
        name = signature.name
        if name == "round":
            places = int(str(given[1].value)) if len(given) > 1 and isinstance(given[1], Constant) else 0
            return _at_scale(given[0], places)
        alike = [
            each for at, each in enumerate(given) if _parameter(signature, at, len(given)).kind in _TOGETHER
        ]
        kind = (
            next((each.kind for each in alike if each.kind != "null"), "null") if alike else signature.result
        )
        if signature.result not in _TOGETHER:
            kind = signature.result
        scale = (
            max((each.scale for each in (alike or given)), default=0) if name not in _WITHOUT_PLACES else 0
        )
        return Call(name, tuple(given), kind, scale if kind == "number" else 0)

    def _alike(
        self, parts: Sequence[Expression], trees: Sequence[Node]
    ) -> tuple[tuple[Expression, ...], str]:
        """The parts as one kind: a written text beside dates is a date, an instant beside days is its day."""
        kinds = [each.kind for each in parts if each.kind != "null"]
        written = all(isinstance(each, Constant) for each in parts if each.kind == "text")
        goal = kinds[0] if kinds else "null"
        if "date" in kinds or (set(kinds) == {"text", "datetime"} and written):
            goal = "date"
        if goal in ("null", "record"):
            return tuple(parts), goal
        return tuple(self.fitting(each, tree, goal) for each, tree in zip(parts, trees, strict=True)), goal

    def fitting(self, given: Expression, tree: Node, kind: str) -> Expression:
        """The expression as one of that kind; `null` is of every kind, an instant counts as its day."""
        if given.kind in (kind, "null"):
            return given
        if kind == "date" and given.kind == "datetime":
            return Call("day_of", (given,), "date")
        if kind == "date" and isinstance(given, Constant) and isinstance(given.value, str):
            return _date(given.value, tree)
        hint = (
            "texts are joined by concat(…)" if tree.form != "text" and "text" in (given.kind, kind) else None
        )
        raise Unreadable(
            MISFIT, f"{_ARTICLES[given.kind]} stands where {_ARTICLES[kind]} is expected", tree.at, hint
        )


def _pairs(parts: Sequence[Expression], node: Node) -> Iterator[tuple[Expression, Node]]:
    return zip(parts, node.parts, strict=True)


def _parameter(signature: Signature, at: int, count: int) -> Parameter:
    """What the argument of that number is; those of `case` take turns, and one that is left over is for all
    else.
    """
    if signature.name == "case":
        return signature.parameters[1 if at % 2 or at == count - 1 else 0]
    return signature.parameter(at)


def _field(object_: Object, name: str, at: int) -> Field:
    found = object_.fields.get(name)
    if found is None:
        hint = did_you_mean(name, object_.fields)
        raise Unreadable(UNKNOWN, f"'{object_.name}' has no field '{name}'", at, hint)
    return found


def _number(node: Node) -> Constant:
    number = Decimal(node.word)
    digits, places = len(node.word.replace(".", "")), len(node.word.partition(".")[2])
    if digits > _MOST_DIGITS:
        raise Unreadable(CANNOT_READ, f"a number has at most {_MOST_DIGITS} digits", node.at)
    return Constant(number, "number", places)


def _scaled(function: str, numbers: Sequence[Expression], scale: int, node: Node) -> Call:
    if scale > _MOST_PLACES:
        message = f"this would have {scale} decimal places, and {_MOST_PLACES} are the most"
        raise Unreadable(MISFIT, message, node.at, "round a part of it")
    return Call(function, tuple(numbers), "number", scale)


def _at_scale(given: Expression, scale: int) -> Expression:
    """The number with at most that many places; a quotient is rounded once, where it is made."""
    if given.kind != "number" or given.scale <= scale:
        return given
    if isinstance(given, Call) and given.function == "/":
        return replace(given, scale=scale)
    return Call("round", (given,), "number", scale)


def _count(given: Expression, tree: Node) -> Expression:
    if isinstance(given, Constant) and given.kind == "number" and not given.scale:
        if int(str(given.value)) > _MOST_CHARACTERS:
            raise Unreadable(MISFIT, f"{given.value} is too much", tree.at)
        return given
    raise Unreadable(MISFIT, "a whole number has to be written here", tree.at)


def _date(text: str, tree: Node) -> Constant:
    try:
        day: date = field_type("date").parse(_PLAIN_DATE, text)
    except Invalid:
        message = f"'{text}' is no date"
        raise Unreadable(MISFIT, message, tree.at, "dates are written '2026-01-31'") from None
    return Constant(day, "date")


_PLAIN_DATE = Field("date", "date", "date", Label({}), Span("", 1, 1))
