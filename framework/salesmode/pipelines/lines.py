"""Which opportunities of a record a reader may see: lines, as far as they are granted (D29, RULING 38)."""

from dataclasses import replace

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.access.scope import PolicyScope
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.opportunity import Line
from salesmode.model.pipeline import PIPELINE
from salesmode.model.tag import TAG


def seen_lines(customer: ObjectPolicy, policy: Policy) -> tuple[Line, ...]:
    """The lines of an object's records, as the policy shows them: a row whose pipeline may not be read is no
    opportunity to its reader.
    """
    lines = policy.lines.get(customer.object.name, ())
    return tuple(seen for each in lines if (seen := _seen(each, customer, policy)) is not None)


def seen_marks(object_name: str, scope: PolicyScope) -> tuple[str, ...]:
    """The tags that count as opportunities beside the records of the object, as far as they are seen."""
    policy = scope.policy
    if TAG not in policy.readable:
        return ()
    marks = scope.model.marks.get(object_name, ())
    carried = (each for each in marks if each.object in policy.readable)
    return tuple(each.name for each in carried if each.name in policy.objects[each.object].tags)


def several(object_: Object) -> bool:
    """Whether records of the object may be in different pipelines, so that it takes a field to tell."""
    return len(object_.fields[PIPELINE].options) > 1


def compared(granted: ObjectPolicy, name: str | None) -> bool:
    """Whether the policy shows the clear value of the field on some rows."""
    return name is not None and name in granted.fields and granted.fields[name].comparable


def tree_field(granted: ObjectPolicy) -> Field | None:
    """The reference that makes the object a tree for the policy; None where it is none."""
    trees = (each for each in granted.object.fields.values() if each.tree)
    return next((each for each in trees if compared(granted, each.name)), None)


def _seen(line: Line, customer: ObjectPolicy, policy: Policy) -> Line | None:
    granted = policy.objects[line.object] if line.object in policy.readable else None
    if granted is None or not compared(granted, line.link):
        return None
    if line.object == TAG:
        tags = tuple(each for each in line.tags if each in customer.tags)
        return replace(line, tags=tags) if tags else None
    if several(granted.object) and not compared(granted, PIPELINE):
        return None
    shown = {name: name if compared(granted, name) else None for name in (line.amount, line.close_date)}
    return replace(line, amount=shown[line.amount], close_date=shown[line.close_date])
