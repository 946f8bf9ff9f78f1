"""Steps one after the other, and the shape after the last of them."""

from salesmode.tables.migrations.operations import Operation
from salesmode.tables.shape import Shape


class Script:
    """Grows step by step; a step that does not fit is a LookupError."""

    def __init__(self, before: Shape) -> None:
        self.before = before
        self.shape = before
        self.operations: list[Operation] = []

    def do(self, operation: Operation) -> None:
        self.shape = operation.after(self.shape)
        self.operations.append(operation)


def rename_order(wanted: dict[str, str], taken: set[str]) -> list[tuple[str, str]]:
    """Renames in an order in which each new name is free; a circle goes through a name of its own."""
    pending, taken = dict(wanted), set(taken)
    order: list[tuple[str, str]] = []
    while pending:
        old = next((each for each, new in pending.items() if new not in taken), None)
        if old is None:
            old = next(iter(pending))
            aside = f"sm_aside_{len(order)}"
            pending[aside] = pending[old]
            step = (old, aside)
        else:
            step = (old, pending[old])
        del pending[old]
        taken = taken - {old} | {step[1]}
        order.append(step)
    return order
