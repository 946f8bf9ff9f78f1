"""A root field of a plugin: its record is looked at, its code is run, its answer is held against its type and
read back, all in one transaction; that of a query only looks.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.errors import NotWritable
from salesmode.graph.answers import Nonsense, texts_of, written
from salesmode.graph.plans import Asked
from salesmode.graph.values import value_of
from salesmode.records.aiming import aim
from salesmode.records.desks.desk import plugged


def asked(part: Asked, environment: Environment, scope: PolicyScope) -> Callable[[], UnitOf[bytes]]:
    """A factory of the unit; its answer is the JSON text of the field."""
    given = part.added.given
    code, desk = plugged(part.added.plugin, given.name, scope, environment)
    arguments = {name: value_of(tree, environment) for name, tree in part.arguments.items()}

    def unit() -> UnitOf[bytes]:
        aimed = yield from _aimed(part, arguments, environment, scope)
        try:
            answer = yield from code.called(partial(given.run, desk, aimed))
        except NotWritable:
            raise code.nonsense("it writes, where it may only look") from None
        try:
            checked = part.answer.checked(answer)
        except Nonsense as nonsense:
            raise code.nonsense(str(nonsense)) from nonsense
        step = part.answer.reading([checked], environment)
        rows = (yield step) if step else ()
        return written(checked, texts_of(rows))

    return unit


def _aimed(
    part: Asked, arguments: Mapping[str, Any], environment: Environment, scope: PolicyScope
) -> UnitOf[Mapping[str, Any]]:
    """The arguments, with the ids of the target as they are stored."""
    target = part.added.given.target
    if target is None:
        return arguments
    given = arguments[target.argument]
    ids = [given] if isinstance(given, str) else given
    stored = yield from aim(scope, target.object, ids, environment, right=target.right, hold=part.changes)
    return {**arguments, target.argument: stored[0] if isinstance(given, str) else stored}
