"""The app in a folder."""

import gc
from pathlib import Path

from salesmode.cli.terminal import counted, say_note
from salesmode.compiler.compiled import Compiled, compile_app


def compiled(folder: Path) -> Compiled:
    """The app in that folder. Raises MetadataError; warnings are only counted, `validate` shows them."""
    made = compile_app(folder)
    gc.freeze()  # the Model stays: the collector need not walk all of it again and again
    if made.warnings:
        say_note(f"{counted(len(made.warnings), 'warning')}; `salesmode validate` shows them")
    return made
