"""How things look in a terminal. Text of others is never read as markup, and lines are never broken."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.text import Text

from salesmode.diagnostics import Diagnostic, render

# As wide as any table: the width of a terminal would cut names off, and a file has none.
console = Console(width=10_000, soft_wrap=True, highlight=False, markup=False, emoji=False)
error_console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

_COLOURS = {"error": "bold red", "warning": "bold yellow"}


def say_error(message: str, hint: str | None = None) -> None:
    """One sentence on standard error, with what to do on a second line."""
    error_console.print(Text.assemble(("error: ", "bold red"), message))
    if hint:
        error_console.print(f"  hint: {hint}")


def say_note(message: str) -> None:
    """Something worth knowing that is no result, on standard error."""
    error_console.print(Text(message, "dim"))


def say_diagnostics(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], where: Console = console
) -> None:
    """Every block of DESIGN §8, with an empty line after each."""
    for each in diagnostics:
        where.print(_block(each, sources), end="\n\n")


def _block(diagnostic: Diagnostic, sources: Mapping[str, str]) -> Text:
    place = str(diagnostic.span)
    text = Text(render(diagnostic, sources))
    text.stylize("bold", 0, len(place))
    text.stylize(_COLOURS[diagnostic.severity], len(place) + 2, len(place) + 2 + len(diagnostic.code))
    return text


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
