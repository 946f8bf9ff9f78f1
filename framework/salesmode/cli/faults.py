"""What goes wrong, said in words, with the exit code of DESIGN §8."""

import errno
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from salesmode.cli.terminal import error_console, say_diagnostics, say_error
from salesmode.database.errors import DatabaseError
from salesmode.diagnostics import MetadataError, Refusal

AT_FAULT = 1
WRONG_USAGE = 2
TRACEBACK = "SALESMODE_TRACEBACK"


class Fault(Exception):
    """A command cannot go on: what is wrong, and what to do about it."""

    def __init__(self, message: str, *, hint: str | None = None, code: int = AT_FAULT) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


def usage(message: str, *, hint: str | None = None) -> Fault:
    """A fault of how the command was called."""
    return Fault(message, hint=hint, code=WRONG_USAGE)


@contextmanager
def reported() -> Iterator[None]:
    """What is raised inside is said on standard error and ends the command with its exit code."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            raise
        raise typer.Exit(_say(error)) from error


def _say(error: Exception) -> int:
    match error:
        case Fault():
            say_error(str(error), error.hint)
            return error.code
        case MetadataError():
            say_diagnostics(error.diagnostics, error.sources, error_console)
        case DatabaseError() | Refusal():
            say_error(str(error))
        case OSError(strerror=str(reason)):
            say_error(f"{error.filename}: {reason}" if error.filename else reason)
        case _:
            _say_unexpected(error)
    return AT_FAULT


def _say_unexpected(error: Exception) -> None:
    """A mistake of ours. Who looks for it asks for the traceback; nobody else meets one."""
    if os.environ.get(TRACEBACK):
        error_console.print("".join(traceback.format_exception(error)), markup=False, highlight=False)
    said = f"{type(error).__name__}: {error}"
    say_error(f"this should not happen: {said}", f"{TRACEBACK}=1 shows where; please report it with that")
