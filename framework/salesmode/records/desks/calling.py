"""A plugin's code as part of a unit: each of its steps is run beside the unit and within a time limit.

What a desk asks for is done here, by the engine, while the plugin's generator waits. A plugin that fails is
named: in the log with all there is to know, to the client with nothing else.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, get_args

from salesmode.database.calls import dismiss
from salesmode.database.driver import UnitOf
from salesmode.database.errors import DatabaseError
from salesmode.database.unit import Call, Late
from salesmode.diagnostics import Message, Refusal, RefusalCode
from salesmode.diagnostics.messages import Text
from salesmode.hooks.desk import Errand
from salesmode.plugins import shown

LOG = logging.getLogger("salesmode.plugins")


@dataclass(frozen=True, slots=True)
class _Gave:
    value: Any
    ended: bool = True


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException


@dataclass(slots=True)
class Code:
    """What is called: `hook` of `plugin`, each step of it for `seconds` at most. `wrote`: whether its desk
    has written anything.
    """

    plugin: str
    hook: str
    seconds: float
    wrote: bool = False

    def called(self, function: Callable[[], Any]) -> UnitOf[Any]:
        """What the function gives; if that is a generator, what it gives in the end. A Refusal comes out as
        it is, but for paths into writes of the plugin's own, which mean nothing to the client.
        """
        found = yield from self._step(function)
        if isinstance(found.value, Generator):
            return (yield from self._driven(found.value))
        return found.value

    def _driven(self, generator: Generator[Any, Any, Any]) -> UnitOf[Any]:
        resume: Callable[[], Any] = partial(generator.send, None)
        refused: Refusal | None = None
        ended = False
        try:
            while True:
                found = yield from self._step(partial(_resumed, resume), refused)
                errand, ended = found.value, found.ended
                if not ended and not isinstance(errand, Errand):
                    raise self.nonsense(f"it yields {shown(errand)}, and not what a desk gives")
                if refused is not None and (ended or errand.kind != "taking_back"):
                    raise _pathless(refused)
                if ended:
                    return errand
                self.wrote = self.wrote or errand.kind == "writing"
                resume, refused = yield from self._done(errand, generator)
        finally:
            if not ended:
                dismiss(partial(_closed, generator))

    def _step(self, function: Callable[[], Any], refused: Refusal | None = None) -> UnitOf[_Gave]:
        ((outcome,),) = yield Call(partial(_outcome, function), self.seconds)
        match outcome:
            case _Gave():
                return outcome
            case _Raised(Refusal() as error):
                if not can_be_told(_texts_of(error), error.code):
                    raise self._broken(error)
                raise _pathless(error) if error is refused else error
            case _Raised(error):
                raise self._broken(error)
            case Late(place):
                said = "plugin '%s' took more than %s s in `%s`:\n%s"
                LOG.error(said, self.plugin, self.seconds, self.hook, place)
                raise self._failed("plugin_too_slow")
        raise AssertionError(outcome)

    def _done(self, errand: Errand, generator: Generator[Any, Any, Any]) -> UnitOf["_Next"]:
        """How the plugin goes on, and what it has to take back before it does anything else."""
        try:
            answer = yield from errand.unit
        except DatabaseError:
            raise
        except Refusal as refusal:
            if isinstance(refusal.__cause__, DatabaseError):
                raise _pathless(refusal) from refusal.__cause__  # the transaction cannot go on
            return partial(generator.throw, refusal), refusal if errand.kind == "writing" else None
        except Exception as error:  # of a name or a value that is none
            if errand.kind == "reading":
                return partial(generator.throw, error), None
            raise self._broken(error) from error
        return partial(generator.send, answer), None

    def _broken(self, error: BaseException) -> Refusal:
        LOG.error("plugin '%s' failed in `%s`", self.plugin, self.hook, exc_info=error)
        return self._failed("plugin_failed")

    def nonsense(self, what: str) -> Refusal:
        """The plugin answered what its hook does not allow."""
        LOG.error("plugin '%s' answered nonsense in `%s`: %s", self.plugin, self.hook, what)
        return self._failed("plugin_failed")

    def circle(self) -> Refusal:
        """The plugin's writes lead to itself."""
        LOG.error("plugin '%s' goes round in circles in `%s`", self.plugin, self.hook)
        return self._failed("plugin_circle")

    def _failed(self, message: str) -> Refusal:
        return Refusal("INTERNAL", Message(message, {"plugin": self.plugin}))


_Next = tuple[Callable[[], Any], Refusal | None]


def can_be_told(texts: Iterable[Text], code: str = "VALIDATION_FAILED") -> bool:
    """Whether a plugin's words are such that a client can be told them."""
    try:
        return code in get_args(RefusalCode) and all(isinstance(each.text("en"), str) for each in texts)
    except Exception:  # of a key that the catalogue does not have, or of what is no text at all
        return False


def _texts_of(refusal: Refusal) -> Iterator[Text]:
    yield refusal.message
    yield from (each.message for each in refusal.problems)


def _outcome(function: Callable[[], Any]) -> _Gave | _Raised:
    try:
        found = function()
    except BaseException as error:
        return _Raised(error)
    return found if isinstance(found, _Gave) else _Gave(found)


def _resumed(resume: Callable[[], Any]) -> _Gave:
    try:
        return _Gave(resume(), ended=False)
    except StopIteration as end:
        return _Gave(end.value)


def _closed(generator: Generator[Any, Any, Any]) -> None:
    """Let it clean up, whatever that raises; where it hangs, nobody waits."""
    _outcome(generator.close)


def _pathless(refusal: Refusal) -> Refusal:
    problems = [replace(each, path=()) for each in refusal.problems]
    return Refusal(refusal.code, refusal.message, problems=problems)
