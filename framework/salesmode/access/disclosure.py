"""The policy under which something is let out that is not shown otherwise: rows in a file, values unmasked.

What comes out is read under a policy that is narrower (an export) or wider for one record and some of its
fields (an unmasking), so it goes through the one resolver like everything else.
"""

from collections.abc import Collection
from dataclasses import replace

from salesmode.access.lazy import Touched
from salesmode.access.policy import Disclosure, ObjectPolicy, Policy
from salesmode.model.condition import Argument, Compare, Condition, both, either

RECORD = "$id"
"""The variable with the id of the record that is unmasked."""


def exporting(policy: Policy, object_name: str) -> Policy:
    """The policy with those rows only of the object that may be exported as well."""
    granted = policy.objects[object_name]
    where = both(granted.rows, either(*(each.where for each in granted.export)))
    return _with(policy, "export", replace(granted, rows=where))


def unmasking(policy: Policy, object_name: str, fields: Collection[str]) -> Policy:
    """The policy with those fields of the record `$id` in clear where they may be unmasked."""
    granted = policy.objects[object_name]
    this = Compare("id", "eq", Argument((RECORD,)))
    clear = {
        name: replace(granted.fields[name], clear=either(granted.fields[name].clear, both(this, where)))
        for name, where in granted.unmaskable.items()
        if name in fields
    }
    return _with(policy, f"unmask {' '.join(clear)} of", replace(granted, fields={**granted.fields, **clear}))


def per_day(disclosures: Collection[Disclosure]) -> int | None:
    """How many records a user may take in a day: what the most generous of the roles says."""
    limits = [each.per_day for each in disclosures]
    return None if None in limits else max(filter(None, limits), default=0)


def shown_or(granted: ObjectPolicy, field: str) -> Condition:
    """Where the field may be unmasked, or is clear anyway."""
    return either(granted.fields[field].clear, granted.unmaskable[field])


def _with(policy: Policy, purpose: str, granted: ObjectPolicy) -> Policy:
    name = granted.object.name
    objects = Touched(lambda each: granted if each == name else policy.objects[each], policy.objects.keys())
    return replace(policy, key=f"{policy.key}/{purpose} {name}", objects=objects)
