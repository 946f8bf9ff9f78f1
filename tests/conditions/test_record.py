"""`$record`: a second record whose values are given when the condition is asked."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.parse import parse_condition
from salesmode.conditions.spell import spelled
from salesmode.model.condition import Condition, record_values
from salesmode.tables import tables_of
from tests.conditions.world import MODEL, ROWS, Engine, environment

_OBJECTS = MODEL.objects
_CUSTOMERS = ROWS["customer"]


def condition(raw: Mapping[str, object]) -> Condition:
    """About a customer, with another customer as the record."""
    found: list[tuple[object, ...]] = []
    parsed = parse_condition(
        raw,
        object=_OBJECTS["customer"],
        objects=_OBJECTS,
        report=lambda *each: found.append(each),
        record=_OBJECTS["customer"],
    )
    assert not found
    return parsed


def matching(loaded: Engine, raw: Mapping[str, object], record: Mapping[str, object]) -> set[str]:
    scope = SystemScope(tables_of(MODEL, loaded.dialect))
    parsed = condition(raw)
    given = replace(environment({}, {}), record={each: record[each] for each in record_values(parsed)})
    return {
        *loaded.ids_where(scope, "customer", lambda source: compile_condition(parsed, source, scope), given)
    }


@pytest.mark.parametrize("name", ["name", "amount", "grade", "owner", "born", "seen"])
def test_rows_with_the_value_of_the_record(loaded: Engine, name: str) -> None:
    for record in [*_CUSTOMERS.values()][:8]:
        same = {id for id, row in _CUSTOMERS.items() if row[name] == record[name] is not None}
        assert matching(loaded, {name: f"$record.{name}"}, record) == same


def test_a_list_of_the_record(loaded: Engine) -> None:
    record = next(each for each in _CUSTOMERS.values() if each["colours"])
    wanted = {*record["colours"]}  # type: ignore[misc]
    some = {id for id, row in _CUSTOMERS.items() if wanted & {*(row["colours"] or ())}}  # type: ignore[misc]
    assert matching(loaded, {"colours": {"hasAny": "$record.colours"}}, record) == some


def test_what_lies_behind_references_of_the_record_is_given_by_its_path(loaded: Engine) -> None:
    raw = {"name": {"contains": "$record.owner.name"}}
    assert record_values(condition(raw)) == {"owner.name"}
    assert matching(loaded, raw, {"owner.name": "客"}) == {
        id for id, row in _CUSTOMERS.items() if "客" in str(row["name"] or "")
    }


def test_it_is_spelled_as_it_is_written() -> None:
    assert spelled(condition({"not": {"owner": "$record.owner"}})) == "not (owner = $record.owner)"
