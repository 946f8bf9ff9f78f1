"""The whole condition language against a naive reading of it, on both engines."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.model.condition import ALWAYS, Condition
from salesmode.tables import tables_of
from tests.conditions.naive import View
from tests.conditions.strategies import conditions
from tests.conditions.world import MODEL, USERS, Engine, environment

MANY = settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
OBJECTS = st.sampled_from(["customer", "customer", "team", "contact", "user"])


@MANY
@given(data=st.data(), user=st.sampled_from(USERS))
def test_sql_and_the_naive_reading_agree(
    loaded: Engine, data: st.DataObject, user: Mapping[str, Any]
) -> None:
    name = data.draw(OBJECTS)
    condition, variables = data.draw(conditions(name))
    asked = environment(user, variables)
    view = View(asked)
    scope = SystemScope(tables_of(MODEL, loaded.dialect))
    found = loaded.ids_where(scope, name, lambda source: compile_condition(condition, source, scope), asked)
    assert found == [row["id"] for row in view.rows(name) if view.holds(condition, name, row)]


@MANY
@given(data=st.data(), user=st.sampled_from(USERS))
def test_a_clients_condition_sees_only_what_the_policy_grants(
    loaded: Engine, data: st.DataObject, user: Mapping[str, Any]
) -> None:
    visible = {name: _right(data, name) for name in data.draw(st.sets(OBJECTS))}
    fields = [(name, each) for name in MODEL.objects for each in MODEL.objects[name].fields if each != "id"]
    clear = {
        place: _right(data, place[0]) for place in data.draw(st.sets(st.sampled_from(fields), max_size=5))
    }
    name = data.draw(OBJECTS)
    condition, variables = data.draw(conditions(name, depth=3, rows=False))
    asked = environment(user, variables)
    view = View(asked, visible, clear)
    scope = PolicyScope(tables_of(MODEL, loaded.dialect), policy(visible, clear))
    found = loaded.ids_where(scope, name, lambda source: compile_condition(condition, source, scope), asked)
    assert found == [row["id"] for row in view.rows(name) if view.holds(condition, name, row)]


def _right(data: st.DataObject, name: str) -> Condition:
    """A condition without variables: rights are metadata."""
    found, variables = data.draw(conditions(name, depth=2).filter(lambda drawn: not drawn[1]))
    assert not variables
    return found


def policy(visible: Mapping[str, Condition], clear: Mapping[tuple[str, str], Condition]) -> Policy:
    objects = {}
    for name, each in MODEL.objects.items():
        fields = {at: FieldPolicy(field, clear.get((name, at), ALWAYS)) for at, field in each.fields.items()}
        objects[name] = ObjectPolicy(each, visible.get(name, ALWAYS), fields, each.inverses)
    return Policy("test", frozenset(), objects, tuple(objects), MODEL.published.queries)
