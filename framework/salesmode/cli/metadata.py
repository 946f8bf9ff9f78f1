"""The app in a folder."""

from pathlib import Path

from salesmode.cli.memory import staying
from salesmode.cli.terminal import counted, say_note
from salesmode.compiler.compiled import Compiled, compile_app


def compiled(folder: Path) -> Compiled:
    """The app in that folder. Raises MetadataError; warnings are only counted, `validate` shows them."""
    with staying():
        made = compile_app(folder)
    if made.warnings:
        say_note(f"{counted(len(made.warnings), 'warning')}; `salesmode validate` shows them")
    return made
