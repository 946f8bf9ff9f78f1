"""What cannot be read or written at all, said in words."""

from collections.abc import Iterable

from salesmode.diagnostics import did_you_mean


class BadFile(Exception):
    """A file, or what was asked of it, is not right as a whole; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def unknown_column(header: str, known: Iterable[str], why: str = "there is no such field") -> BadFile:
    """The fault of a column that names nothing; `known` are names that the caller may know."""
    names = list(known)
    near = did_you_mean(header, names)
    listed = ", ".join(names[:30]) + (", …" if len(names) > 30 else "")
    return BadFile(f"column '{header}': {why}", near or f"the columns may be: {listed}")
