"""Which record survives a merge, and which value each of its fields gets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from salesmode.hookspecs import Record
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode_duplicates.plain import is_list, same
from salesmode_duplicates.rules import Keep, MatchRule
from salesmode_duplicates.view import CREATED, UPDATED, View, merged_fields

_UNKNOWN = datetime.min.replace(tzinfo=UTC)
_EMPTY: tuple[Any, ...] = (None, "", (), [])
_COMPARING: tuple[Keep, ...] = ("highest", "lowest", "longest")


def survivor_of(rule: MatchRule, object_: Object, records: Sequence[Record]) -> Record:
    """Who survives when nobody says, by what is seen of them."""
    oldest = sorted(records, key=_age)
    if rule.survivor == "newest":
        return oldest[-1]
    if rule.survivor == "fullest":
        names = merged_fields(object_)
        return max(oldest, key=lambda each: sum(each[name] not in _EMPTY for name in names))
    return oldest[0]


def values_of_survivor(
    rule: MatchRule, view: View, survivor: str, *, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """What changes of the survivor; `chosen` names a record by field, and goes before the rule. A record does
    not come to refer to one of those that it is made of.
    """
    true = {each["id"]: each for each in view.true}
    ordered = sorted(view.eligible(survivor), key=lambda each: (each["id"] != survivor, *_age(each)))
    found: dict[str, Any] = {}
    for name, field in merged_fields(view.object).items():
        if name in chosen:
            value = true[chosen[name]][name]
        else:
            value = _PICK[_keep(rule, field, masked=name in view.masked)](_Candidates(field, ordered))
        value = _without(field, view.object, value, frozenset(true))
        if not same(value, true[survivor][name]):
            found[name] = value
    return found


def _keep(rule: MatchRule, field: Field, *, masked: bool) -> Keep:
    """What only the system writes says where the survivor stands (in a pool, in a routing): it stays so. What
    is masked is not compared: which value is kept would tell.
    """
    stated = rule.keep or {}
    keep = stated.get(field.name) or ("survivor" if field.readonly else stated.get("default", "filled"))
    return "filled" if masked and keep in _COMPARING else keep


def _without(field: Field, object_: Object, value: Any, ids: frozenset[str]) -> Any:
    if field.to != object_.name or value is None:
        return value
    if is_list(field):
        return tuple(each for each in value if each not in ids)
    return None if value in ids else value


class _Candidates:
    """The values of one field, the survivor's first, then by age."""

    def __init__(self, field: Field, records: Sequence[Record]) -> None:
        self.records = records
        self.field = field

    def __iter__(self) -> Iterator[Any]:
        return (each[self.field.name] for each in self.records)

    def filled(self) -> list[Any]:
        return [each for each in self if each not in _EMPTY]

    def by(self, age: Callable[[Record], Any]) -> list[Any]:
        ordered = sorted(self.records, key=age)
        return [each[self.field.name] for each in ordered if each[self.field.name] not in _EMPTY]


def _age(record: Record) -> Any:
    return record[CREATED] or _UNKNOWN, record["id"]


def _first(values: Sequence[Any]) -> Any:
    return values[0] if values else None


def _last(values: Sequence[Any]) -> Any:
    return values[-1] if values else None


def _all(values: Sequence[Any]) -> Any:
    every = dict.fromkeys(one for each in values for one in each)
    return tuple(every) if values else None


def _touched(record: Record) -> Any:
    return record[UPDATED] or _UNKNOWN, record["id"]


_PICK: Mapping[Keep, Callable[[_Candidates], Any]] = {
    "survivor": lambda each: next(iter(each)),
    "filled": lambda each: _first(each.filled()),
    "oldest": lambda each: _first(each.by(_age)),
    "newest": lambda each: _last(each.by(_touched)),
    "highest": lambda each: max(each.filled(), default=None),
    "lowest": lambda each: min(each.filled(), default=None),
    "longest": lambda each: max(each.filled(), key=len, default=None),
    "all": lambda each: _all(each.filled()) or next(iter(each)),
}
