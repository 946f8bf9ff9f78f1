"""Plugins' code that runs when an app is compiled: within a time limit, and whatever it raises is told."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from salesmode.database.calls import called
from salesmode.database.unit import Call, Late

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Failed:
    """It gave nothing: `why` is for its developer."""

    why: str


def asked(function: Callable[[], Any]) -> Any:
    """What the function gives, or Failed."""
    ((outcome,),) = called(Call(partial(_outcome, function), SECONDS))
    if isinstance(outcome, Late):
        return Failed(f"it took more than {SECONDS:g} seconds, here:\n{outcome.place}".rstrip())
    return outcome


def shown(value: object) -> str:
    """A value in a message, however it shows itself."""
    try:
        return f"{value!r:.100}"
    except Exception:  # whatever a stranger's code raises
        return f"a {type(value).__name__}"


def _outcome(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except BaseException as error:  # one that would end the process, too
        return Failed(_told(error))


def _told(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # whatever a stranger's code raises
        return type(error).__name__
