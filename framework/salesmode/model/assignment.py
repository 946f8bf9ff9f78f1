"""A reference that rules choose (`assign`): the first rule that applies names the record."""

from dataclasses import dataclass

from salesmode.model.condition import Condition, Value

ASSIGNED_BY = "{}_rule"
"""The field beside the reference that says which rule chose; empty where somebody did by hand."""


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """Where `when` holds of the row, the record whose `by` is `to`; if there is none, the next rule."""

    name: str
    when: Condition
    to: Value


@dataclass(frozen=True, slots=True)
class Assignment:
    """The rules in order. `by` is the unique field of the target that finds a record, `told` the field of the
    row that keeps the name of the rule.
    """

    by: str
    told: str
    rules: tuple[AssignmentRule, ...]
