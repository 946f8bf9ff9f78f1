"""What each role may do, as a table: role × object × field.

One row for an object itself (`field` is empty) and one for each of its fields that the role has any right to.
The words: `all` on every row of that right, `some` where a condition decides, `masked`, `set` where the role
chooses the value, `no`. Grants on records and their stays in stages are left out: they are seen with
the record. A tag stands like a field, as `tags.NAME`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from salesmode.access.compose import policy_of
from salesmode.access.piped import has_pipelines
from salesmode.access.policy import Disclosure, FieldPolicy, ObjectPolicy, WriteGrant
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, Condition, either
from salesmode.model.engine import FOLLOWING


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the table. `create` and `update` of a field: whether it may be written then; `unmask`:
    whether it may be asked for where it is masked. What does not apply is empty.
    """

    role: str
    object: str
    field: str
    read: str
    create: str
    update: str
    delete: str = ""
    transfer: str = ""
    share: str = ""
    export: str = ""
    unmask: str = ""
    snapshot: str = ""


def matrix(model: Model, roles: Iterable[str]) -> Iterator[Cell]:
    """The table for some roles, each alone (with what it inherits), in the model's order."""
    for role in roles:
        policy = policy_of(model, {role})
        for granted in policy.objects.values():
            if granted.object.name not in FOLLOWING:
                yield from _object(role, granted)


def _object(role: str, granted: ObjectPolicy) -> Iterator[Cell]:
    name = granted.object.name
    yield Cell(
        role,
        name,
        "",
        _word(granted.rows),
        _rows(granted.create),
        _rows(granted.update),
        _rows(granted.delete),
        _rows(granted.transfer) if granted.object.owned else "",
        _rows(granted.share) if granted.object.owned else "",
        _rows(granted.export),
        snapshot=_snapshot(granted),
    )
    creates, updates = granted.writable("create"), granted.writable("update")
    for field in granted.object.fields.values():
        readable = granted.fields.get(field.name)
        if field.system or (readable is None and field.name not in {*creates, *updates}):
            continue
        yield Cell(
            role,
            name,
            field.name,
            _reading(readable),
            _writing(granted.create, field.name),
            _writing(granted.update, field.name),
            unmask=_word(granted.unmaskable[field.name]) if field.name in granted.unmaskable else "",
        )
    for tag, right in granted.tags.items():
        yield Cell(role, name, f"tags.{tag}", _word(right.seen), "", _word(right.write))


def _snapshot(granted: ObjectPolicy) -> str:
    if not has_pipelines(granted.object):
        return ""
    return "all" if granted.snapshot else "no"


def _word(condition: Condition) -> str:
    return "all" if condition == ALWAYS else "no" if condition == NEVER else "some"


def _rows(grants: tuple[WriteGrant, ...] | tuple[Disclosure, ...]) -> str:
    return _word(either(*(grant.where for grant in grants)))


def _reading(readable: FieldPolicy | None) -> str:
    """`some masked`: clear on some rows, masked on others."""
    if readable is None:
        return "no"
    words = [_word(readable.clear)] if readable.clear != NEVER else []
    return " ".join([*words, *(["masked"] if readable.masked != NEVER else [])])


def _writing(grants: tuple[WriteGrant, ...], field: str) -> str:
    """On the rows of the operation's own right."""
    if any(field in grant.presets for grant in grants):
        return "set"
    return _word(either(*(grant.fields.get(field, NEVER) for grant in grants)))
