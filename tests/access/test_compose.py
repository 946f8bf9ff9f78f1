"""Roles add up to one policy, cell by cell (RULINGS 15 to 18, 48)."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

from hypothesis import given, settings, strategies as st

from salesmode.access.compose import held, policy_of
from salesmode.access.lazy import Touched
from salesmode.access.policy import FieldPolicy, ObjectPolicy
from salesmode.compiler import compile_app
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    And,
    Compare,
    Condition,
    Const,
    Literal,
    Not,
    Or,
    UserValue,
    both,
    either,
    negated,
)
from salesmode.model.field import Mask
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from salesmode.resources import presets_dir
from tests.support.granting import MINE, add_on, grant, masked, role
from tests.support.models import SPAN, field, model, object_, reference

A, B, C = (Compare(name, "eq", Literal(True)) for name in "abc")
OBJECTS = (
    object_(
        "deal",
        {
            **{name: field("boolean") for name in "abc"},
            "owner": field("user"),
            "name": field("text"),
            "key": field("secret"),
            "customer": reference("customer"),
        },
    ),
    object_("customer", {"name": field("text")}),
)
ROWS = [dict(zip("abc", truth, strict=True)) for truth in product([True, False], repeat=3)]


def deals(*roles: Role, held: tuple[str, ...] | None = None) -> ObjectPolicy:
    made = model(*OBJECTS, roles=roles)
    return policy_of(made, held or [each.name for each in roles]).objects["deal"]


def truth(condition: Condition, row: Mapping[str, bool]) -> bool:
    match condition:
        case Const(holds):
            return holds
        case And(items):
            return all(truth(item, row) for item in items)
        case Or(items):
            return any(truth(item, row) for item in items)
        case Not(item):
            return not truth(item, row)
        case Compare(name, "eq", Literal(True)):
            return row[name]
    raise AssertionError(condition)


def test_what_no_role_grants_is_absent() -> None:
    policy = policy_of(model(*OBJECTS, roles=[role("r", grant("deal", name=True))]), ["r"])
    assert "customer" not in policy.objects
    assert "a" not in policy.objects["deal"].fields
    assert [each.object.plural for each in policy.roots] == ["users", "deals"]


def test_no_role_at_all_sees_only_its_own_user() -> None:
    policy = policy_of(model(*OBJECTS), [])
    assert list(policy.objects) == ["user"]
    user = policy.objects["user"]
    assert user.rows == Compare("id", "eq", UserValue("id"))
    assert (user.create, user.update, user.delete) == ((), (), ())


def test_names_that_are_no_role_grant_nothing() -> None:
    assert list(policy_of(model(*OBJECTS), ["nobody"]).objects) == ["user"]


def test_admin_may_everything_but_read_secrets() -> None:
    granted = policy_of(model(*OBJECTS), ["admin"]).objects["deal"]
    assert granted.rows == ALWAYS
    assert set(granted.fields) == set(granted.object.fields) - {"key"}
    assert all(each.clear == ALWAYS for each in granted.fields.values())
    assert set(granted.writable("update")) == {"a", "b", "c", "owner", "name", "key", "customer"}


def test_a_field_of_one_reading_role_needs_no_condition_in_sql() -> None:
    assert deals(role("r", grant("deal", A, name=True))).fields["name"].clear == ALWAYS


def test_a_field_that_every_reading_role_grants_always_needs_none_either() -> None:
    roles = (role("r", grant("deal", A, name=True)), role("s", grant("deal", B, name=True)))
    assert deals(*roles).fields["name"].clear == ALWAYS


def test_a_row_of_one_role_and_a_field_of_another_do_not_meet() -> None:
    granted = deals(role("r", grant("deal", A, name=True)), role("s", grant("deal", B)))
    assert granted.rows == either(A, B)
    assert granted.fields["name"].clear == A


def test_an_add_on_holds_on_the_rows_of_the_others() -> None:
    roles = (role("r", grant("deal", A)), role("s", grant("deal", B)), role("t", add_on("deal", name=True)))
    assert deals(*roles).fields["name"].clear == ALWAYS


def test_an_add_on_alone_reads_nothing() -> None:
    assert (
        "deal" not in policy_of(model(*OBJECTS, roles=[role("r", add_on("deal", name=True))]), ["r"]).objects
    )


def test_a_deny_wins_over_every_role() -> None:
    narrowing = replace(grant("deal"), denied=frozenset({"name"}))
    granted = deals(role("r", writing(name=ALWAYS)), role("s", narrowing))
    assert "name" not in granted.fields
    assert "name" not in granted.writable("update")


def test_inheriting_is_holding_the_parent_too() -> None:
    parent = role("parent", grant("deal", A, name=True))
    child = role("child", grant("deal", B), inherits=("parent",))
    granted = deals(parent, child, held=("child",))
    assert (granted.rows, granted.fields["name"].clear) == (either(B, A), A) or granted.rows == either(A, B)


def test_roles_that_inherit_each_other_end() -> None:
    roles = [role("r", inherits=("s",)), role("s", inherits=("r",))]
    assert held(model(*OBJECTS, roles=roles), ["s"]) == ("r", "s")


def test_a_masked_field_is_absent_from_comparisons() -> None:
    found = deals(role("r", grant("deal", name=masked("last4")))).fields["name"]
    assert (found.clear, found.comparable) == (NEVER, False)
    assert [(each.where, each.mask) for each in found.maskings] == [(ALWAYS, Mask("last4"))]


def test_a_mask_shows_the_rows_of_its_role_only() -> None:
    roles = (
        role("r", grant("deal", A, name=masked("last4"))),
        role("s", grant("deal", B, name=masked("hash"))),
    )
    found = deals(*roles).fields["name"]
    assert [(each.where, each.mask) for each in found.maskings] == [(A, Mask("last4")), (B, Mask("hash"))]


def test_a_field_without_a_mask_of_the_role_takes_its_own() -> None:
    assert deals(role("r", grant("deal", name=masked()))).fields["name"].maskings[0].mask == Mask("full")


def test_a_reference_to_what_may_not_be_read_is_absent() -> None:
    reads = grant("deal", customer=True)
    assert "customer" not in deals(role("r", reads)).fields
    assert "customer" in deals(role("r", reads, grant("customer"))).fields


def test_a_to_many_needs_the_rows_and_their_reference() -> None:
    def inverses(*grants: ObjectGrant) -> list[str]:
        policy = policy_of(model(*OBJECTS, roles=[role("r", *grants)]), ["r"])
        return list(policy.objects["customer"].inverses)

    assert inverses(grant("customer")) == []
    assert inverses(grant("customer"), grant("deal", name=True)) == []
    assert inverses(grant("customer"), grant("deal", customer=masked())) == []
    assert inverses(grant("customer"), grant("deal", customer=True)) == ["deals"]


def test_the_reasons_are_the_roles_that_gave() -> None:
    roles = (role("r", grant("deal", A, name=True)), role("s", grant("deal", B)))
    granted = deals(*roles)
    assert [each.role for each in granted.reasons] == ["r", "s"]
    assert [each.role for each in granted.fields["name"].reasons] == ["r"]


def test_equal_sets_of_roles_share_one_policy() -> None:
    made = model(*OBJECTS, roles=[role("r", grant("deal")), role("s")])
    assert policy_of(made, ["r", "s"]) is policy_of(made, ("s", "r", "s"))
    assert policy_of(made, ["r"]) is not policy_of(made, ["s"])
    assert policy_of(made, ["r"]).key != policy_of(made, ["s"]).key


def test_another_model_has_another_policy() -> None:
    one, other = (model(*OBJECTS, roles=[role("r", grant("deal", where))]) for where in (A, B))
    assert policy_of(one, ["r"]).objects["deal"].rows == A
    assert policy_of(other, ["r"]).objects["deal"].rows == B


def writing(
    where: Condition = ALWAYS, check: Condition = ALWAYS, /, presets: object = None, **fields: Condition
) -> ObjectGrant:
    right = Right(where, SPAN, {"owner": UserValue("id")} if presets else None, check)
    cells = {name: FieldGrant(SPAN, clear=ALWAYS, write=write) for name, write in fields.items()}
    return ObjectGrant(
        "deal", SPAN, cells, read=Right(ALWAYS, SPAN), create=right, update=right, delete=right
    )


def test_each_role_writes_by_its_own_right() -> None:
    granted = deals(role("r", writing(A, B, presets=True, name=C)), role("s", writing(MINE, a=ALWAYS)))
    first, second = granted.update
    assert (first.role, first.where, first.check, dict(first.fields)) == ("r", A, B, {"name": C})
    assert first.presets == {"owner": UserValue("id")}
    assert (second.role, second.where, second.check, dict(second.fields)) == (
        "s",
        MINE,
        ALWAYS,
        {"a": ALWAYS},
    )
    assert set(granted.writable("update")) == {"a", "name"}


def test_what_is_preset_by_every_granting_role_is_no_input() -> None:
    assert "owner" not in deals(role("r", writing(presets=True, owner=ALWAYS))).writable("create")
    roles = (role("r", writing(presets=True, owner=ALWAYS)), role("s", writing(owner=ALWAYS)))
    assert "owner" in deals(*roles).writable("create")


def test_what_is_readonly_or_the_engines_is_never_written() -> None:
    deal = object_("deal", {"name": field("text", readonly=True), "a": field("boolean")})
    made = model(deal, roles=[role("r", writing(name=ALWAYS, a=ALWAYS, version=ALWAYS))])
    assert list(policy_of(made, ["r"]).objects["deal"].writable("update")) == ["a"]


def test_who_may_only_create_sees_no_rows() -> None:
    only = replace(writing(name=ALWAYS), read=None, update=None, delete=None)
    granted = deals(role("r", only))
    assert (granted.rows, dict(granted.fields), dict(granted.inverses)) == (NEVER, {}, {})
    assert list(granted.writable("create")) == ["name"]


CONDITIONS = st.recursive(
    st.sampled_from([ALWAYS, ALWAYS, NEVER, A, B, C]),
    lambda inner: st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(negated, inner),
    max_leaves=4,
)
CELLS = st.builds(
    FieldGrant,
    st.just(SPAN),
    clear=CONDITIONS,
    masked=st.booleans(),
    mask=st.sampled_from([None, Mask("last4"), Mask("hash")]),
    write=CONDITIONS,
)
RIGHTS = st.none() | st.builds(Right, CONDITIONS, st.just(SPAN))
GRANTS = st.builds(
    lambda cells, read, update, denied: ObjectGrant(
        "deal", SPAN, cells, read=read, update=update, add_on=read is None and update is None, denied=denied
    ),
    st.dictionaries(st.sampled_from(["name", "a"]), CELLS),
    RIGHTS,
    RIGHTS,
    st.just(frozenset[str]()) | st.just(frozenset({"a"})),
)


@settings(max_examples=100)
@given(st.lists(GRANTS, min_size=1, max_size=4))
def test_any_roles_are_read_cell_by_cell(grants: list[ObjectGrant]) -> None:
    roles = [role(f"r{number}", each) for number, each in enumerate(grants)]
    policy = policy_of(model(*OBJECTS, roles=roles), [each.name for each in roles])
    found = policy.objects.get("deal")
    for row in ROWS:
        readers = [each for each in grants if each.read and truth(each.read.where, row)]
        assert (found is not None and truth(found.rows, row)) == bool(readers)
        for name in ("name", "a") if readers else ():
            assert found is not None
            assert shown(found.fields.get(name), row) == wanted(name, grants, readers, row)
        # Nothing is updated that cannot be seen.
        for name in ("name", "a") if readers else ():
            assert writes(found, name, row) == may_write(name, grants, row)


def may_write(name: str, grants: list[ObjectGrant], row: Mapping[str, bool]) -> bool:
    writers = [each for each in grants if each.update and truth(each.update.where, row)]
    granting = [*adding(grants, writers), *writers]
    denied = any(name in each.denied for each in grants)
    return not denied and any(truth(cell(each, name).write, row) for each in granting)


def cell(granted: ObjectGrant, name: str) -> FieldGrant:
    return granted.fields.get(name, FieldGrant(SPAN))


def adding(grants: list[ObjectGrant], others: list[ObjectGrant]) -> list[ObjectGrant]:
    return [each for each in grants if each.add_on] if others else []


def wanted(
    name: str, grants: list[ObjectGrant], readers: list[ObjectGrant], row: Mapping[str, bool]
) -> object:
    """`clear`, the masks one of which is used, or nothing."""
    if any(name in each.denied for each in grants):
        return set()
    cells = [cell(each, name) for each in (*readers, *adding(grants, readers))]
    if any(truth(each.clear, row) for each in cells):
        return "clear"
    return {each.mask or Mask() for each in cells if each.masked}


def shown(found: FieldPolicy | None, row: Mapping[str, bool]) -> object:
    if found is None:
        return set()
    if truth(found.clear, row):
        return "clear"
    return {each.mask for each in found.maskings if truth(each.where, row)}


def writes(found: ObjectPolicy | None, name: str, row: Mapping[str, bool]) -> bool:
    grants = found.update if found else ()
    return any(truth(each.where, row) and truth(each.fields.get(name, NEVER), row) for each in grants)


def test_an_object_is_composed_when_it_is_asked_for_and_no_other_for_its_sake() -> None:
    made = model(*OBJECTS, roles=[role("r", grant("deal", customer=True), grant("customer"))])
    objects = policy_of(made, ["r", "touched"]).objects
    assert isinstance(objects, Touched)
    assert ("deal" in objects, "nothing" in objects, objects.get("nothing")) == (True, False, None)
    assert list(objects) == ["user", "deal", "customer"]
    assert not objects.made
    assert list(objects["customer"].inverses) == ["deals"]
    assert list(objects.made) == ["customer"]
    assert objects["customer"] is objects["customer"]


@settings(max_examples=100)
@given(st.lists(GRANTS, min_size=1, max_size=3))
def test_what_is_readable_is_told_without_composing_it(grants: list[ObjectGrant]) -> None:
    creating = [replace(each, create=each.update, update=None) for each in grants]
    roles = [role(f"r{number}", each) for number, each in enumerate(creating)]
    policy = policy_of(model(*OBJECTS, roles=roles), [each.name for each in roles])
    told = ("deal" in policy.readable, "deal" in policy.objects)
    granted = policy.objects.get("deal")
    assert told == (granted is not None and granted.rows != NEVER, granted is not None)
    assert granted is None or granted.create or granted.rows != NEVER


def test_so_it_is_for_every_object_and_role_of_a_preset() -> None:
    preset = compile_app(presets_dir() / "expert_b2b").model
    for name in (*preset.roles, "admin", "nobody"):
        policy = policy_of(preset, [name])
        told = {each: each in policy.readable for each in preset.objects if each in policy.objects}
        assert told == {each: granted.rows != NEVER for each, granted in policy.objects.items()}
        assert all(granted.create for each, granted in policy.objects.items() if not told[each])
