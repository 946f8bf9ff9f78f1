"""Tokens become a tree, by the binding powers of the operators (Pratt)."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesmode.conditions.formulas.lexer import CANNOT_READ, Token, Unreadable, tokens

DEEPEST = 16
_WIDEST = 100

_POWERS: Mapping[str, int] = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), 4),
    **dict.fromkeys("+-", 5),
    **dict.fromkeys("*/", 6),
}
_NOT, _COMPARED, _SIGN = 3, 4, 7
_FLAT = ("or", "and", "*")
_SPLIT = "give a part a field of its own"


@dataclass(frozen=True, slots=True)
class Node:
    """`form`: `number text name call operator`; `word`: what is written there, of a sum its signs (`+-+`).

    Sums, products and junctions have all their parts side by side.
    """

    form: str
    word: str
    at: int
    parts: tuple["Node", ...] = ()


def parse(text: str) -> Node:
    """The tree of an expression; raises Unreadable."""
    parser = _Parser(list(tokens(text)))
    found = parser.expression(0)
    if parser.token.form != "end":
        raise parser.unexpected()
    return found


class _Parser:
    def __init__(self, read: list[Token]) -> None:
        self._tokens = read
        self._next = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._next]

    def expression(self, least: int) -> Node:
        """An expression whose operators bind more than `least`."""
        self._depth += 1
        if self._depth > 4 * DEEPEST:
            raise too_deep(self.token.at)
        left = self._prefix()
        while (power := self._power()) > least:
            left = self._joined(left, self._advance(), power)
        self._depth -= 1
        return left

    def unexpected(self) -> Unreadable:
        token = self.token
        what = (
            "the expression ends too early" if token.form == "end" else f"'{token.word}' is not expected here"
        )
        return Unreadable(CANNOT_READ, what, token.at)

    def _power(self) -> int:
        return _POWERS.get(self.token.word, 0) if self.token.form in ("sign", "name") else 0

    def _advance(self) -> Token:
        token = self.token
        self._next += 1
        return token

    def _joined(self, left: Node, operator: Token, power: int) -> Node:
        right = self.expression(power)
        if power == _COMPARED and self._power() == _COMPARED:
            raise Unreadable(
                CANNOT_READ, "comparisons cannot be chained", self.token.at, "join them by 'and'"
            )
        if len(left.parts) >= _WIDEST:
            raise Unreadable(CANNOT_READ, "the expression is too long", operator.at, _SPLIT)
        if operator.word in "+-":
            return _sum(left, operator.word, right)
        if operator.word in _FLAT and left.form == "operator" and left.word == operator.word:
            return Node("operator", operator.word, left.at, (*left.parts, right))
        return Node("operator", operator.word, operator.at, (left, right))

    def _prefix(self) -> Node:
        token = self._advance()
        match token.form, token.word:
            case (("number" | "text"), _):
                return Node(token.form, token.word, token.at)
            case "sign", "-":
                return Node("sum", "-", token.at, (self.expression(_SIGN),))
            case "sign", "(":
                inside = self.expression(0)
                self._expect(")")
                return inside
            case "name", "not":
                return Node("operator", "not", token.at, (self.expression(_NOT),))
            case "name", word if word not in _POWERS:
                return self._named(token)
        self._next -= 1
        raise self.unexpected()

    def _named(self, token: Token) -> Node:
        if (self.token.form, self.token.word) != ("sign", "("):
            return Node("name", token.word, token.at)
        self._advance()
        parts = []
        while (self.token.form, self.token.word) != ("sign", ")"):
            parts.append(self.expression(0))
            if len(parts) > _WIDEST:
                raise Unreadable(CANNOT_READ, "these are too many arguments", self.token.at, _SPLIT)
            if (self.token.form, self.token.word) != ("sign", ")"):
                self._expect(",")
        self._expect(")")
        return Node("call", token.word, token.at, tuple(parts))

    def _expect(self, sign: str) -> None:
        if (self.token.form, self.token.word) != ("sign", sign):
            message = f"'{sign}' is expected here"
            raise Unreadable(CANNOT_READ, message, self.token.at)
        self._advance()


def _sum(left: Node, sign: str, right: Node) -> Node:
    if left.form == "sum":
        return Node("sum", left.word + sign, left.at, (*left.parts, right))
    return Node("sum", "+" + sign, left.at, (left, right))


def too_deep(at: int) -> Unreadable:
    return Unreadable(CANNOT_READ, "the expression is nested too deeply", at, _SPLIT)
