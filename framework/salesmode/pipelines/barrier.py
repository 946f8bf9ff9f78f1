"""One reason that a record may not pass, as a condition under which the way is free (RULING 37)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from salesmode.diagnostics import Span
from salesmode.diagnostics.messages import Text
from salesmode.model.condition import NEVER, Condition, both

REQUIRED, VALIDATION, SKIP, BACK = "required", "validation", "skip", "back"
NEXT, ROLE, BRANCH, CLOSED, PLUGIN = "next", "role", "branch", "closed", "plugin"
CODES = (REQUIRED, VALIDATION, SKIP, BACK, NEXT, ROLE, BRANCH, CLOSED, PLUGIN)


@dataclass(frozen=True, slots=True)
class Barrier:
    """`free`: what must hold of the row as it will be; NEVER: nothing that is written opens the way.

    `field`: what is missing (`required`). `name`: the validation's. `span`: the line that says so.
    """

    code: str
    message: Text
    span: Span
    free: Condition = NEVER
    field: str | None = None
    name: str | None = None

    @property
    def of_record(self) -> bool:
        """Whether it is about what the record holds, not about where it is to go."""
        return self.code in (REQUIRED, VALIDATION, PLUGIN)


def told(barriers: Iterable[Barrier], named: Callable[[str], bool]) -> tuple[Barrier, ...]:
    """The barriers as they may be told: a field that may not be named is left out, and what then looks the
    same is one, so that their number tells nothing.
    """
    found: dict[object, Barrier] = {}
    for at, each in enumerate(barriers):
        hidden = each.field is not None and not named(each.field)
        known = replace(each, field=None) if hidden else each
        key = known.field if each.code == REQUIRED else at
        free = both(found[key].free, each.free) if key in found else each.free
        found[key] = replace(found.get(key, known), free=free)
    return tuple(found.values())
