"""A root field of a plugin: its record is looked at, its code is run, its answer is held against its type and
read back, all in one transaction; that of a query is taken back.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn, TypeVar

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.graph.answers import Nonsense, texts_of, written
from salesmode.graph.plans import Asked
from salesmode.graph.values import value_of
from salesmode.records.aiming import aim
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import desk_of

T = TypeVar("T")


class _TakenBack(Exception):
    """What a unit gave whose transaction shall leave nothing."""

    def __init__(self, value: Any) -> None:
        self.value = value


async def taken_back(unit: Callable[[], UnitOf[T]], database: Database) -> T:
    """What the unit gives; whatever it wrote is not kept."""

    def ending() -> UnitOf[NoReturn]:
        raise _TakenBack((yield from unit()))

    try:
        await database.run(ending)
    except _TakenBack as end:
        value: T = end.value
        return value


def asked(part: Asked, environment: Environment, scope: PolicyScope) -> Callable[[], UnitOf[bytes]]:
    """A factory of the unit; its answer is the JSON text of the field."""
    given, code = part.added.given, code_of(part.added.plugin, part.added.given.name, scope)
    arguments = {name: value_of(tree, environment) for name, tree in part.arguments.items()}

    def unit() -> UnitOf[bytes]:
        target = given.target
        if target is not None:
            id_, right = arguments[target.argument], target.right
            yield from aim(scope, target.object, id_, environment, right=right, hold=part.changes)
        desk = desk_of(scope, environment)
        answer = yield from code.called(partial(given.run, desk, arguments))
        try:
            checked = part.answer.checked(answer)
        except Nonsense as nonsense:
            raise code.nonsense(str(nonsense)) from nonsense
        step = part.answer.reading([checked], environment)
        rows = (yield step) if step else ()
        return written(checked, texts_of(rows))

    return unit


def code_of(plugin: str, hook: str, scope: PolicyScope) -> Code:
    """The code of a plugin, with the time that it may take."""
    return Code(plugin, hook, scope.model.app.plugin_timeout)
