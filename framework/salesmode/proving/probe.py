"""One question to the API about one field through one channel, and what is known of its answer beforehand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal as OneOf

Check = Callable[[Any], str | None]


@dataclass(frozen=True, kw_only=True)
class Probe:
    """`text` is one root field without an alias; `field` is what it is about.

    `granted`: whether the names in it exist for the role; None where there is nothing to refuse by name.
    A mutation may have `$id`, which is `id`. `check` says what is wrong with the data of the root field.
    `code`: what a write has to be refused with. `secret`: a name that no refusal may bring up.
    `onward`: the next question, made from the data.

    A subscription is told that the record `id` was created, that the field changed, and that it was deleted;
    its data are the three answers. The text of an export is JSON: `columns`, and perhaps `where`; its data
    are the rows. That of an import is one row, by column.

    `ruled`: rules of the metadata, which see everything, decide what is answered: answers may differ by that.
    """

    channel: str
    object: str
    field: str
    text: str
    granted: bool | None = True
    kind: OneOf["query", "mutation", "subscription", "export", "import"] = "query"
    check: Check | None = None
    code: str | None = None
    secret: str | None = None
    id: str | None = None
    onward: Callable[[Any], str | None] | None = None
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Leak:
    """A probe whose answers say more than the role may know (or whose answer is not what the role grants).

    `grant`: where the role speaks of the object. `others`: the answer of the second world.
    """

    role: str
    channel: str
    object: str
    field: str
    grant: str
    why: str
    request: str
    answer: str
    others: str
