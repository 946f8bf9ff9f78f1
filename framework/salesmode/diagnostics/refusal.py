"""A client's mistake: refused with a code of the API (DESIGN §5), never a traceback."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from salesmode.diagnostics.messages import Message, Text

RefusalCode = Literal[
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "NOT_FOUND",
    "VALIDATION_FAILED",
    "CONFLICT",
    "STAGE_BLOCKED",
    "QUERY_TOO_COMPLEX",
    "RATE_LIMITED",
    "BAD_REQUEST",
    "INTERNAL",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong; `path` in GraphQL spelling from the argument: `("input", 1, "creditLimit")`.

    `name`: of the validation of a gate, whose code is `validation` (RULING 37).
    """

    path: tuple[str | int, ...]
    code: str
    message: Text
    name: str | None = None

    def as_json(self, locale: str) -> dict[str, object]:
        told = {"path": list(self.path), "code": self.code, "message": self.message.text(locale)}
        return {**told} if self.name is None else {**told, "name": self.name}


class Refusal(Exception):
    """A request that is refused. `message` defaults to the code's own sentence; all problems at once."""

    def __init__(
        self, code: RefusalCode, message: Text | None = None, *, problems: Iterable[Problem] = ()
    ) -> None:
        self.code: RefusalCode = code
        self.message = message if message is not None else Message(code)
        self.problems = tuple(problems)
        super().__init__(code, self.message, self.problems)

    def __str__(self) -> str:
        said = [f"{self.code}: {self.message.text('en')}"]
        said += [f"{list(each.path)} {each.code}: {each.message.text('en')}" for each in self.problems]
        return "\n".join(said)
