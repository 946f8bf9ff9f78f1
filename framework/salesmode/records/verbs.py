"""Units of work by name: what desks do for plugins.

Writes call plugins and plugins write: a desk stands below the units that it asks for, and finds them here.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from salesmode.database.driver import UnitOf

Unit = TypeVar("Unit", bound=Callable[..., UnitOf[Any]])

_verbs: dict[str, Callable[..., UnitOf[Any]]] = {}


def verb(unit: Unit) -> Unit:
    """A desk may do this, by the name of the function."""
    _verbs[unit.__name__] = unit
    return unit


def done(name: str, *arguments: Any, **options: Any) -> UnitOf[Any]:
    """The unit of that name."""
    return _verbs[name](*arguments, **options)
