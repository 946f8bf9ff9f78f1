"""Whether a policy may ask a question that the metadata has saved: it is asked with the rights of whoever
asks, so it is theirs only where they may compare all that it looks at.
"""

from collections.abc import Iterable, Sequence

from salesmode.access.built_in import OWN_FIELDS
from salesmode.access.compose import ALMIGHTY, held
from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.model.app import Model
from salesmode.model.condition import (
    ALWAYS,
    And,
    Compare,
    Condition,
    Const,
    Not,
    Or,
    Over,
    RowValue,
    Through,
    UserValue,
)
from salesmode.model.list_view import ListView
from salesmode.model.queue import Queue, QueueItem
from salesmode.model.report import Report
from salesmode.model.target import HOLDERS, QUOTA, Target

_OF_CALLER = ("id", "team", "teams", "territories", "roles")
"""What `$user` says of every caller, whatever they may read of their own record."""


def list_views_asked(object_name: str, policy: Policy, model: Model) -> list[ListView]:
    """The views of the object that the policy is offered."""
    views = (each for each in model.list_views.values() if each.object == object_name)
    return [each for each in views if offers(each, policy, model)]


def offers(view: ListView, policy: Policy, model: Model) -> bool:
    """Whether the policy is offered the view."""
    return (
        view.object in policy.readable
        and holds(view.roles, policy, model)
        and may_ask(view.where, view.object, policy)
        and all(compared((*each.path, each.field), view.object, policy) for each in view.order)
    )


def queue_asked(queue: Queue | None, policy: Policy, model: Model) -> tuple[QueueItem, ...]:
    """The items of the queue that the policy may ask for; none where it is not offered the queue."""
    if queue is None or not holds(queue.roles, policy, model):
        return ()
    return tuple(each for each in queue.items if _asks_item(each, policy))


def _asks_item(item: QueueItem, policy: Policy) -> bool:
    known = not isinstance(item.due, str) or compared((item.due,), item.object, policy)
    return known and may_ask(item.where, item.object, policy)


def target_asked(target: Target, policy: Policy, model: Model) -> bool:
    """Whether the policy may measure the target, and hold it against quotas."""
    fields = [target.date, target.user, *([] if target.field is None else [target.field])]
    return (
        holds(target.roles, policy, model)
        and may_ask(target.where, target.object, policy)
        and all(compared((each,), target.object, policy) for each in fields)
        and all(compared((each,), QUOTA, policy) for each in ("target", "starts_on", "amount"))
        and bool(holders_asked(policy))
    )


def holders_asked(policy: Policy) -> tuple[str, ...]:
    """By whom it may ask: users, and teams with those below them."""
    paths = {
        "user": [(QUOTA, "user")],
        "team": [(QUOTA, "team"), ("user", "team"), ("team", "parent")],
    }
    asked = (each for each in HOLDERS if all(compared((name,), of, policy) for of, name in paths[each]))
    return tuple(asked)


def report_asked(report: Report, policy: Policy, model: Model) -> bool:
    """Whether the policy may group and measure as the report does."""
    paths = [(*each.path, each.field) for each in report.dimensions]
    paths += [(each.field,) for each in report.measures if each.field is not None]
    paths += [(report.period.field,)] if report.period else []
    target = model.targets[report.target] if report.target else None
    if target is not None and not (target_asked(target, policy, model) and "user" in holders_asked(policy)):
        return False
    return (
        holds(report.roles, policy, model)
        and may_ask(report.where, report.object, policy)
        and all(compared(path, report.object, policy) for path in paths)
    )


def holds(roles: Iterable[str] | None, policy: Policy, model: Model) -> bool:
    """Whether the policy is of one of these roles; the engine's own hold them all."""
    return roles is None or not (ALMIGHTY | set(roles)).isdisjoint(held(model, policy.roles))


def seen(path: Sequence[str], object_name: str, policy: Policy) -> bool:
    """Whether the field at the end of the path is shown on some row."""
    *before, last = path
    granted = _behind(before, object_name, policy)
    return granted is not None and last in granted.fields


def compared(path: Sequence[str], object_name: str, policy: Policy) -> bool:
    """Whether the field at the end of the path may filter, order and group."""
    *before, last = path
    granted = _behind(before, object_name, policy)
    return granted is not None and _comparable(last, granted) is not None


def may_ask(condition: Condition, object_name: str, policy: Policy) -> bool:
    """Whether the policy may filter so: the condition of a client could say the same."""
    return object_name in policy.readable and _Asking(policy, object_name).may(condition, object_name)


def _behind(path: Sequence[str], object_name: str, policy: Policy) -> ObjectPolicy | None:
    for step in path:
        if object_name not in policy.readable:
            return None
        link = _comparable(step, policy.objects[object_name])
        if link is None:
            return None
        object_name = str(link.field.to)
    return policy.objects[object_name] if object_name in policy.readable else None


def _comparable(name: str, granted: ObjectPolicy) -> FieldPolicy | None:
    found = granted.fields.get(name)
    return found if found is not None and found.comparable else None


class _Asking:
    """One condition; `root` is the object that `$row` is about."""

    def __init__(self, policy: Policy, root: str) -> None:
        self._policy = policy
        self._root = root

    def may(self, condition: Condition, object_name: str) -> bool:
        granted = self._policy.objects[object_name]
        match condition:
            case And(items) | Or(items):
                return all(self.may(each, object_name) for each in items)
            case Not(item):
                return self.may(item, object_name)
            case Compare():
                return self._compares(condition, granted)
            case Through(field, where):
                link = _comparable(field, granted)
                return link is not None and self.may(where, str(link.field.to))
            case Over(inverse, _, where):
                link_to = granted.inverses.get(inverse)
                return link_to is not None and self.may(where, link_to.object)
            case Const():
                return True

    def _compares(self, atom: Compare, granted: ObjectPolicy) -> bool:
        found = _comparable(atom.field, granted)
        if found is None or not all(self._knows(each) for each in (atom.value, atom.upper)):
            return False
        return atom.op != "under" or self._walks(found)

    def _knows(self, value: object) -> bool:
        match value:
            case RowValue(field):
                return _comparable(field, self._policy.objects[self._root]) is not None
            case UserValue(name) if name not in _OF_CALLER:
                own = self._policy.objects["user"].fields.get(name)
                return own is not None and (own.clear == ALWAYS or name in OWN_FIELDS)
            case _:
                return True

    def _walks(self, link: FieldPolicy) -> bool:
        """A tree is walked by the reference that makes it one."""
        if link.field.tree:
            return True
        target = self._policy.objects[str(link.field.to)]
        tree = next(each.name for each in target.object.fields.values() if each.tree)
        return _comparable(tree, target) is not None
