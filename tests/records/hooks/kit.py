"""A plugin that a test writes down itself, and a model that uses it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from salesmode.hookspecs import Batch, hookimpl
from salesmode.model.app import Model
from salesmode.model.role import Role
from salesmode.plugins import provided
from tests.records.kit import MINE, grant, role
from tests.support.models import field, model, object_, reference

Seen = list[tuple[str, str, str, int]]


class Sample:
    """Remembers what it was asked; does what the test wants. `hooks`: by name, what each of them does."""

    def __init__(self, **hooks: Callable[[Batch], Any]) -> None:
        self.seen: Seen = []
        self.batches: list[Batch] = []
        for name in hooks:
            setattr(self, name, hookimpl(self._hook(name, hooks[name])))

    def _hook(self, name: str, does: Callable[[Batch], Any]) -> Callable[[Batch], Any]:
        def hook(batch: Batch) -> Any:
            self.seen.append((name, batch.object.name, batch.operation, len(batch.changes)))
            self.batches.append(batch)
            return does(batch)

        hook.__name__ = name
        return hook

    def names(self, *hooks: str) -> list[tuple[str, str, int]]:
        """What the hooks were asked, in order."""
        return [each[1:] for each in self.seen if each[0] in hooks]


def nothing(_: Batch) -> None:
    """A hook that looks on."""


def watching() -> Sample:
    """A plugin that only looks on, by all hooks."""
    return Sample(before_write=nothing, validate_record=nothing, after_write=nothing)


@contextmanager
def using(**plugins: object) -> Iterator[Mapping[str, Any]]:
    """Meanwhile the plugins are there; gives what a model needs to use them."""
    with provided(**plugins):
        yield {"plugins": tuple(plugins)}


def shop(*roles: Role, **app: Any) -> Model:
    """Accounts with contacts; `hidden` is for nobody but the system."""
    account = object_(
        "account",
        {
            "name": field("text", required=True, unique=True, max_length=10),
            "region": field("text"),
            "budget": field("money"),
            "hidden": field("text"),
            "parent": reference("account"),
            "owner": field("user"),
            "password": field("secret"),
        },
        owned=True,
    )
    contact = object_(
        "contact",
        {"name": field("text"), "account": reference("account", on_delete="cascade")},
    )
    writes = dict.fromkeys(("name", "region", "budget", "parent", "owner"), "write")
    people = grant("user", read=True, fields={"name": "read"})
    seller = role(
        "seller",
        people,
        grant("account", read=MINE, create=True, update=MINE, delete=MINE, fields=writes),
        grant("contact", read=True, create=True, update=True, fields={"name": "write", "account": "write"}),
    )
    return model(account, contact, roles=[seller, *roles], **app)
