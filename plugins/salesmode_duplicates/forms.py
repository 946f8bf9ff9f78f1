"""A record as a rule sees it: the forms of the values of each of its comparisons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salesmode_duplicates.normal import Form, form_of
from salesmode_duplicates.rules import Comparison, MatchRule


@dataclass(frozen=True, slots=True)
class Prepared:
    """One record; `forms` in the order of the rule's comparisons."""

    id: str
    forms: tuple[tuple[Form, ...], ...]


def prepared(rule: MatchRule, record: Mapping[str, Any]) -> Prepared:
    """What the rule compares of a record: canonical values by field name, and `id`."""
    return Prepared(record["id"], tuple(_forms(each, record, rule.region) for each in rule.compare))


def _forms(comparison: Comparison, record: Mapping[str, Any], region: str) -> tuple[Form, ...]:
    values = [one for name in comparison.fields for one in _values(record.get(name))]
    found = (form_of(comparison.likeness, each, region) for each in values)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _values(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)
