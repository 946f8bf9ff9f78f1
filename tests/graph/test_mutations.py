"""Changes: in order, each its own transaction, read back under the caller's rights, refused as a whole."""

import pytest

from tests.graph.api import Api

pytestmark = pytest.mark.anyio

CREATE = "mutation ($in: CustomerCreate!) { createCustomer(input: $in) { id customer { name revenue } } }"


async def test_what_was_created_is_read_back_in_the_same_answer(api: Api) -> None:
    found = (await api.data(CREATE, **{"in": {"name": "Acme", "revenue": "7.5"}}))["createCustomer"]
    assert found["customer"] == {"name": "Acme", "revenue": "7.50"}
    assert await api.data("query ($id: ID!) { customer(id: $id) { name } }", id=found["id"]) == {
        "customer": {"name": "Acme"}
    }


async def test_inputs_may_hold_variables_and_absent_ones_drop_out(api: Api) -> None:
    text = """mutation ($name: String!, $staff: Int, $vip: Boolean = true, $meta: JSON) {
        createCustomer(input: {name: $name, staff: $staff, vip: $vip, settings: {a: [1, $meta]}, grade: b}) {
            customer { name staff vip settings grade } } }"""
    found = await api.data(text, name="Acme", meta={"b": None})
    assert found["createCustomer"]["customer"] == {
        "name": "Acme",
        "staff": None,
        "vip": True,
        "settings": {"a": [1, {"b": None}]},
        "grade": "b",
    }


async def test_many_are_created_at_once_with_what_belongs_to_them(api: Api) -> None:
    found = await api.data(
        """mutation { createCustomers(input: [
            {name: "a", contacts: {create: [{name: "x"}, {name: "y"}]}}, {name: "b"}
        ]) { count nodes { name contacts { nodes { name } } } } }"""
    )
    assert found["createCustomers"] == {
        "count": 2,
        "nodes": [
            {"name": "a", "contacts": {"nodes": [{"name": "x"}, {"name": "y"}]}},
            {"name": "b", "contacts": {"nodes": []}},
        ],
    }


async def test_null_clears_and_absent_keeps(api: Api) -> None:
    id_ = await api.new("customer", name="Acme", staff=3, grade="a")
    text = """mutation ($id: ID!, $in: CustomerUpdate!) {
        updateCustomer(id: $id, input: $in) { customer { staff grade } } }"""
    found = await api.data(text, id=id_, **{"in": {"grade": None}})
    assert found["updateCustomer"]["customer"] == {"staff": 3, "grade": None}


async def test_a_version_that_passed_is_a_conflict(api: Api) -> None:
    id_ = await api.new("customer", name="Acme")
    text = """mutation ($id: ID!, $v: Int, $n: Int) {
        updateCustomer(id: $id, input: {staff: $n}, ifVersion: $v) { customer { version } } }"""
    assert (await api.data(text, id=id_, v=1, n=1))["updateCustomer"]["customer"] == {"version": 2}
    assert await api.code(text, id=id_, v=1, n=2) == "CONFLICT"
    assert (await api.data(text, id=id_, n=2))["updateCustomer"]["customer"] == {"version": 3}
    for empty in ({}, {"n": 2}):
        assert (await api.data(text, id=id_, **empty))["updateCustomer"]["customer"] == {"version": 3}


async def test_a_bulk_update_changes_what_fits_and_is_seen(api: Api) -> None:
    for name, staff in (("a", 1), ("b", 2), ("c", 3)):
        await api.new("customer", name=name, staff=staff)
    text = """mutation ($w: CustomerWhere!) {
        updateCustomers(where: $w, input: {vip: true}) { count nodes { name vip } } }"""
    found = await api.data(text, w={"staff": {"gte": 2}})
    assert found["updateCustomers"] == {
        "count": 2,
        "nodes": [{"name": "b", "vip": True}, {"name": "c", "vip": True}],
    }


async def test_an_upsert_changes_what_is_there_and_creates_the_rest(api: Api) -> None:
    await api.new("customer", name="old", code="x", staff=1)
    text = """mutation ($rows: [CustomerCreate!]!) {
        upsertCustomers(by: [code], input: $rows) { count nodes { name code staff } } }"""
    rows = [{"name": "new", "code": "x"}, {"name": "other", "code": "y"}]
    found = await api.data(text, rows=rows)
    assert found["upsertCustomers"] == {
        "count": 2,
        "nodes": [{"name": "new", "code": "x", "staff": 1}, {"name": "other", "code": "y", "staff": None}],
    }
    assert await api.code(text.replace("[code]", "[staff]"), rows=rows) == "BAD_REQUEST"


async def test_what_somebody_owns_is_handed_over_in_one_operation(api: Api) -> None:
    heir = await api.new("user", name="bob")
    ids = [await api.new("customer", name=name, owner=api.user) for name in ("a", "b")]
    text = """mutation ($f: ID!, $t: ID, $o: [ObjectName!]) {
        transferOwnership(from: $f, to: $t, objects: $o) {
            __typename total: count objects { object count ids } } }"""
    found = await api.data(text, f=api.user, t=heir, o=["customer"])
    assert found["transferOwnership"] == {
        "__typename": "TransferPayload",
        "total": 2,
        "objects": [{"object": "customer", "count": 2, "ids": ids}],
    }
    owners = "query { customers { nodes { owner { name } } } }"
    assert (await api.data(owners))["customers"]["nodes"] == [{"owner": {"name": "bob"}}] * 2
    assert (await api.data(text, f=heir))["transferOwnership"]["total"] == 2
    assert (await api.data(owners))["customers"]["nodes"] == [{"owner": None}] * 2
    assert await api.code(text, "sales", f=heir) == "BAD_REQUEST"


async def test_a_deletion_is_the_last_write_that_its_answer_tells_of(api: Api) -> None:
    bob = await api.new("user", name="bob")
    id_ = await api.new("customer", name="Acme", cost="5", owner=bob)
    await api.new("contact", name="x", customer=id_)
    await api.data("mutation ($id: ID!) { updateCustomer(id: $id, input: {staff: 1}) { id } }", id=id_)
    picks = """{ name cost version updatedAt updatedBy { name } owner { name } contacts { totalCount }
        history(first: 1) { nodes { operation } } }"""
    text = f"mutation ($id: ID!) {{ deleteCustomer(id: $id) {{ customer {picks} }} }}"
    assert (await api.data(text, id=id_))["deleteCustomer"]["customer"] == {
        "name": "Acme",
        "cost": "5.00",
        "version": 3,
        "updatedAt": "2026-03-01T12:00:00Z",
        "updatedBy": {"name": "ann"},
        "owner": {"name": "bob"},
        "contacts": {"totalCount": 1},
        "history": {"nodes": [{"operation": "updated"}]},
    }
    restored = "mutation ($id: ID!) { restoreCustomer(id: $id) { customer { version } } }"
    assert (await api.data(restored, id=id_))["restoreCustomer"]["customer"] == {"version": 4}


async def test_deleting_answers_the_record_as_it_was_and_restoring_brings_it_back(api: Api) -> None:
    id_ = await api.new("customer", name="Acme")
    deleted = await api.data(
        "mutation ($id: ID!) { deleteCustomer(id: $id) { id customer { name } } }", id=id_
    )
    assert deleted["deleteCustomer"] == {"id": id_, "customer": {"name": "Acme"}}
    assert (await api.data("query ($id: ID!) { customer(id: $id) { name } }", id=id_)) == {"customer": None}
    restored = await api.data(
        "mutation ($id: ID!) { restoreCustomer(id: $id) { customer { name } } }", id=id_
    )
    assert restored["restoreCustomer"]["customer"] == {"name": "Acme"}


async def test_all_problems_of_an_input_come_at_once_with_paths_from_the_argument(api: Api) -> None:
    text = """mutation ($rows: [CustomerCreate!]!) { createCustomers(input: $rows) { count } }"""
    rows = [
        {"name": "fine"},
        {"name": "x" * 41, "founded": "31.1.2026", "nextFollowUp": "soon", "grade": "z", "revenue": 1.5},
        {"staff": "many", "owner": "nobody"},
    ]
    error = await api.error(text, rows=rows)
    assert error["extensions"]["code"] == "VALIDATION_FAILED"
    assert error["path"] == ["createCustomers"]
    assert {(tuple(each["path"]), each["code"]) for each in error["extensions"]["problems"]} == {
        (("input", 1, "name"), "too_long"),
        (("input", 1, "founded"), "not_a_date"),
        (("input", 1, "nextFollowUp"), "not_a_datetime"),
        (("input", 1, "grade"), "unknown_option"),
        (("input", 1, "revenue"), "not_a_number"),
        (("input", 2, "staff"), "not_an_integer"),
        (("input", 2, "owner"), "not_an_id"),
        (("input", 2, "name"), "required"),
    }
    assert (await api.data("{ customers { totalCount } }"))["customers"] == {"totalCount": 0}


async def test_literals_of_the_wrong_kind_are_the_same_problems(api: Api) -> None:
    error = await api.error(
        'mutation { createCustomer(input: {name: 5, revenue: 1.5, grade: z, founded: ""}) { id } }'
    )
    assert {(tuple(each["path"]), each["code"]) for each in error["extensions"]["problems"]} == {
        (("input", "name"), "not_text"),
        (("input", "revenue"), "not_a_number"),
        (("input", "grade"), "unknown_option"),
        (("input", "founded"), "not_a_date"),
    }


async def test_mutations_run_in_order_each_for_itself_until_one_is_refused(api: Api) -> None:
    found = await api.ask(
        """mutation { a: createCustomer(input: {name: "a"}) { id } b: createCustomer(input: {}) { id }
            c: createCustomer(input: {name: "c"}) { id } }"""
    )
    assert found["data"] is None
    assert [each["path"] for each in found["errors"]] == [["b"]]
    assert found["errors"][0]["extensions"]["committed"] == ["a"]
    names = (await api.data("{ customers { nodes { name } } }"))["customers"]["nodes"]
    assert names == [{"name": "a"}]


async def test_an_error_names_every_mutation_that_stays_and_none_where_nothing_does(api: Api) -> None:
    heir = await api.new("user", name="bob")
    error = await api.error(
        """mutation ($from: ID!, $to: ID!) { __typename one: createCustomer(input: {name: "a"}) { id }
            transferOwnership(from: $from, to: $to) { count } createCustomer(input: {}) { id } }""",
        **{"from": api.user, "to": heir},
    )
    assert error["extensions"]["committed"] == ["one", "transferOwnership"]
    first = await api.error(
        'mutation { createCustomer(input: {}) { id } b: createCustomer(input: {name: "b"}) { id } }'
    )
    assert "committed" not in first["extensions"]


async def test_a_row_out_of_sight_is_not_found_and_one_out_of_reach_forbidden(api: Api) -> None:
    theirs = await api.new("customer", name="theirs", owner=await api.new("user", name="bob"))
    mine = await api.new("customer", name="mine", owner=api.user)
    text = "mutation ($id: ID!) { updateCustomer(id: $id, input: {staff: 1}) { customer { staff } } }"
    assert (await api.data(text, "sales", id=mine))["updateCustomer"]["customer"] == {"staff": 1}
    assert await api.code(text, "sales", id=theirs) == "FORBIDDEN"
    assert await api.code(text, "sales", id=api.user) == "NOT_FOUND"


async def test_a_mutation_nobody_may_do_is_an_unknown_name(api: Api) -> None:
    error = await api.error('mutation { deleteCustomer(id: "x") { id } }', "sales")
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["message"].startswith("Cannot query field 'deleteCustomer' on type 'Mutation'.")


async def test_an_input_may_name_only_what_the_caller_may_write(api: Api) -> None:
    text = "mutation ($in: CustomerCreate!) { createCustomer(input: $in) { id } }"
    assert await api.code(text, "sales", **{"in": {"name": "a", "cost": "1"}}) == "BAD_REQUEST"
    assert (
        await api.code('mutation { createCustomer(input: {wechat: "x"}) { id } }', "sales") == "BAD_REQUEST"
    )
