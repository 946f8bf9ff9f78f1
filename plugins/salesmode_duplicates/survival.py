"""Which record survives a merge, and which value each of its fields gets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Record
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode_duplicates.plain import is_list, same
from salesmode_duplicates.rules import Keep, MatchRule

CREATED, UPDATED = "created_at", "updated_at"
_NEVER = ("auto_number", "secret", "file", "json")
_EMPTY: tuple[Any, ...] = (None, "", (), [])


def merged_fields(object_: Object) -> Mapping[str, Field]:
    """The fields that a merge may change: stored, neither the system's nor the engine's own, nor chosen by
    rules of the metadata.
    """
    return {
        name: field
        for name, field in object_.fields.items()
        if not (field.system or field.kept or field.computed or field.assignment or field.type in _NEVER)
    }


def survivor_of(rule: MatchRule, object_: Object, records: Sequence[Record]) -> Record:
    """Who survives when nobody says."""
    oldest = sorted(records, key=lambda each: (each[CREATED], each["id"]))
    if rule.survivor == "newest":
        return oldest[-1]
    if rule.survivor == "fullest":
        names = merged_fields(object_)
        return max(oldest, key=lambda each: sum(each[name] not in _EMPTY for name in names))
    return oldest[0]


def values_of_survivor(
    rule: MatchRule,
    object_: Object,
    records: Sequence[Record],
    survivor: str,
    *,
    chosen: Mapping[str, str],
) -> dict[str, Any]:
    """What changes of the survivor; `chosen` names a record by field, and goes before the rule. A record does
    not come to refer to one of those that it is made of.
    """
    by_id = {each["id"]: each for each in records}
    others = sorted((each for each in records if each["id"] != survivor), key=_age)
    ordered = [by_id[survivor], *others]
    found: dict[str, Any] = {}
    for name, field in merged_fields(object_).items():
        if name in chosen:
            value = by_id[chosen[name]][name]
        else:
            value = _PICK[_keep(rule, field)](_Candidates(field, ordered))
        value = _without(field, object_, value, frozenset(by_id))
        if not same(value, by_id[survivor][name]):
            found[name] = value
    return found


def _keep(rule: MatchRule, field: Field) -> Keep:
    """What only the system writes says where the survivor stands (in a pool, in a routing): it stays so."""
    stated = rule.keep or {}
    return stated.get(field.name) or ("survivor" if field.readonly else stated.get("default", "filled"))


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
    return record[CREATED], record["id"]


def _first(values: Sequence[Any]) -> Any:
    return values[0] if values else None


def _last(values: Sequence[Any]) -> Any:
    return values[-1] if values else None


def _all(values: Sequence[Any]) -> Any:
    every = dict.fromkeys(one for each in values for one in each)
    return tuple(every) if values else None


def _touched(record: Record) -> Any:
    return record[UPDATED], record["id"]


_PICK: Mapping[Keep, Callable[[_Candidates], Any]] = {
    "survivor": lambda each: next(iter(each)),
    "filled": lambda each: _first(each.filled()),
    "oldest": lambda each: _first(each.by(_age)),
    "newest": lambda each: _last(each.by(_touched)),
    "highest": lambda each: max(each.filled(), default=None),
    "lowest": lambda each: min(each.filled(), default=None),
    "longest": lambda each: max(each.filled(), key=len, default=None),
    "all": lambda each: _all(each.filled()),
}
