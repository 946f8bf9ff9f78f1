"""What both kinds read in the same way."""

from collections.abc import Sequence
from datetime import timedelta

from salesmode.hookspecs import Path, Reader
from salesmode.model.object import Object
from salesmode_routing.durations import span_of

OWNER = "owner"
POOL = "public_pool"


def owned_object(reader: Reader) -> Object | None:
    """The object that the document is about: one whose records have owners."""
    found = reader.object(("object",))
    if found is not None and not found.owned:
        reader.report(
            ("object",), f"records of '{found.name}' have no owner", "the object needs `owned: true`"
        )
        return None
    return found


def span_at(reader: Reader, path: Path) -> timedelta | None:
    raw = written(reader, path)
    return None if raw is None else span_of(str(raw))


def roles_at(reader: Reader, path: Path) -> frozenset[str]:
    listed: Sequence[object] = written(reader, path) or ()  # type: ignore[assignment]
    found = (reader.role((*path, at)) for at in range(len(listed)))
    return frozenset(each for each in found if each is not None)


def pool_at(reader: Reader, path: Path, object_: Object) -> str | None:
    """The pool whose name stands there: one of the same object."""
    name = reader.document(path, POOL)
    if name is not None and reader.documents(POOL)[name].get("object") != object_.name:
        reader.report(
            path, f"the pool '{name}' is not one of '{object_.name}'", "name a pool of the same object"
        )
        return None
    return name


def written(reader: Reader, path: Path) -> object:
    """What stands there as plain data; None where there is nothing."""
    value: object = reader.data
    for step in path:
        if isinstance(value, dict) and step not in value:
            return None
        value = value[step]  # type: ignore[index]
    return value
