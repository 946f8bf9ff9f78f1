"""Questions: from the text of a request to the bytes of its answer, on both engines."""

import pytest

from tests.graph.api import Api

pytestmark = pytest.mark.anyio


async def test_fields_come_in_the_order_and_under_the_keys_that_were_asked_for(api: Api) -> None:
    await api.new("customer", name="Acme", revenue="12.5")
    answer = await api.answer(
        "{ b: customers { nodes { worth: revenue name } } __typename a: viewer { name } }"
    )
    assert answer.body == (
        b'{"data":{"b":{"nodes":[{"worth":"12.50","name":"Acme"}]},"__typename":"Query","a":{"name":"ann"}}}'
    )


async def test_each_data_field_of_the_operation_is_one_statement(api: Api) -> None:
    await api.new("customer", name="Acme")
    api.heard.clear()
    nested = "name owner { name } contacts { nodes { name } }"
    text = f"{{ customers {{ totalCount nodes {{ {nested} }} }} viewer {{ name }} }}"
    await api.data(text)
    assert len(api.heard) == 2


async def test_fragments_are_spread_and_equal_keys_merged(api: Api) -> None:
    await api.new("customer", name="Acme", vip=True, **{"class": "x"})
    found = await api.data(
        """
        query { customers {
            nodes { ...Named ... on Customer { class owner { id } } owner { name } } nodes { vip } } }
        fragment Named on Node { id ... on Customer { name } }
        """
    )
    (node,) = found["customers"]["nodes"]
    assert list(node) == ["id", "name", "class", "owner", "vip"]


@pytest.mark.parametrize(("skip", "include", "keys"), [(True, True, ["id"]), (False, False, ["id", "name"])])
async def test_skip_and_include_decide_by_variables(
    api: Api, skip: bool, include: bool, keys: list[str]
) -> None:
    await api.new("customer", name="Acme")
    text = """query ($s: Boolean!, $i: Boolean!) {
        customers { nodes { id name @skip(if: $s) revenue @include(if: $i) @skip(if: $s) } }
    }"""
    found = await api.data(text, s=skip, i=include)
    assert list(found["customers"]["nodes"][0]) == keys


async def test_values_may_come_as_literals_as_variables_and_inside_objects_alike(api: Api) -> None:
    for name, revenue in (("a", "1"), ("b", "2"), ("c", "3")):
        await api.new("customer", name=name, revenue=revenue, grade=name, founded=f"2020-01-0{revenue}")
    wanted = {"customers": {"nodes": [{"name": "b"}]}}
    select = "{ nodes { name } }"
    literal = (
        '{revenue: {gt: 1, lt: "3"}, grade: {in: [b, c]}, founded: {between: ["2020-01-02", "2020-01-02"]}}'
    )
    assert await api.data(f"{{ customers(where: {literal}) {select} }}") == wanted
    whole = {
        "revenue": {"gt": 1, "lt": "3"},
        "grade": {"in": ["b", "c"]},
        "founded": {"between": ["2020-01-02", "2020-01-02"]},
    }
    assert await api.data(f"query ($w: CustomerWhere) {{ customers(where: $w) {select} }}", w=whole) == wanted
    inside = """query ($low: Decimal, $g: [CustomerGrade!], $d: Date!, $one: CustomerGrade!) {
        customers(where: {revenue: {gt: $low, lt: "3"}, grade: {in: $g}, or: [{grade: {in: [$one, c]}}],
                          founded: {between: [$d, "2020-01-02"]}}) { nodes { name } } }"""
    assert await api.data(inside, low="1.00", g=["b", "c"], d="2020-01-02", one="b") == wanted


async def test_an_absent_variable_drops_its_key_and_a_default_stands_in(api: Api) -> None:
    await api.new("customer", name="a")
    await api.new("customer", name="b")
    text = """query ($name: String, $least: String = "a", $first: Int = 1) {
        customers(where: {name: {eq: $name, gte: $least}}, first: $first, orderBy: [{name: DESC}]) {
            nodes { name } } }"""
    assert await api.data(text) == {"customers": {"nodes": [{"name": "b"}]}}
    assert await api.data(text, first=5, name="a") == {"customers": {"nodes": [{"name": "a"}]}}
    assert len((await api.data(text, first=None))["customers"]["nodes"]) == 2


@pytest.mark.parametrize(
    "where", ["{name: {eq: $name}}", "{name: {}}", "{contacts: {}}", "{not: {name: {eq: $name}}}"]
)
async def test_a_filter_that_says_nothing_is_refused_and_never_widens_what_is_asked(
    api: Api, where: str
) -> None:
    await api.new("customer", name="a")
    text = f"query ($name: String) {{ customers(where: {where}) {{ totalCount }} }}"
    assert (await api.error(text))["extensions"]["code"] == "BAD_REQUEST"


async def test_a_single_value_stands_for_a_list_of_one(api: Api) -> None:
    await api.new("customer", name="a", staff=1)
    text = """query ($w: CustomerWhere, $o: [CustomerOrderBy!]) {
        customers(where: $w, orderBy: $o) { nodes { name } } }"""
    assert (await api.data(text, w={"staff": {"in": 1}}, o={"name": "ASC"}))["customers"]["nodes"]
    assert (
        await api.data('{ customers(where: {name: {in: "a"}}, orderBy: {name: ASC}) { nodes { name } } }')
    )["customers"]["nodes"]


async def test_pages_follow_cursors_given_as_variables(api: Api) -> None:
    for name in ("a", "b", "c"):
        await api.new("customer", name=name)
    text = """query ($after: String) {
        customers(first: 2, after: $after, orderBy: [{name: ASC}]) {
            edges { cursor node { name } } pageInfo { hasNextPage endCursor } } }"""
    first = (await api.data(text))["customers"]
    assert [each["node"]["name"] for each in first["edges"]] == ["a", "b"]
    second = (await api.data(text, after=first["pageInfo"]["endCursor"]))["customers"]
    assert [each["node"]["name"] for each in second["edges"]] == ["c"]
    assert await api.code(text, after="not a cursor") == "BAD_REQUEST"


async def test_groups_are_answered_as_the_contract_shapes_them(api: Api) -> None:
    for grade in ("a", "b", "b"):
        await api.new("customer", name=grade, grade=grade, revenue="2.50")
    found = await api.data(
        """{ customerAggregate(groupBy: [{field: grade}], orderBy: [{count: DESC}]) {
            key { grade } count sum { revenue } countDistinct { name } }
            customers { aggregate { count } } }"""
    )
    assert found["customerAggregate"] == [
        {"key": {"grade": "b"}, "count": 2, "sum": {"revenue": "5.00"}, "countDistinct": {"name": 1}},
        {"key": {"grade": "a"}, "count": 1, "sum": {"revenue": "2.50"}, "countDistinct": {"name": 1}},
    ]
    assert found["customers"] == {"aggregate": {"count": 3}}


@pytest.mark.parametrize("records", [0, 2])
async def test_all_of_a_connection_is_one_group_which_has_no_key(api: Api, records: int) -> None:
    for name in range(records):
        await api.new("customer", name=str(name))
    found = await api.data(
        """{ counted: customers { aggregate { key { __typename grade } count } }
            key: customers { aggregate { key { grade } } }
            named: customers { aggregate { __typename sum { __typename } } } }"""
    )
    assert [found[name]["aggregate"] for name in ("counted", "key", "named")] == [
        {"key": {"__typename": "CustomerAggregateKey", "grade": None}, "count": records},
        {"key": {"grade": None}},
        {"__typename": "CustomerAggregate", "sum": {"__typename": "CustomerAggregateSum"}},
    ]


async def test_typenames_are_those_of_the_schema(api: Api) -> None:
    await api.new("customer", name="a")
    found = await api.data(
        """{ customers { __typename edges { __typename node { __typename } } pageInfo { __typename }
            aggregate { __typename sum { __typename } } }
            customerAggregate { __typename key { __typename } } }"""
    )
    assert found == {
        "customers": {
            "__typename": "CustomerConnection",
            "edges": [{"__typename": "CustomerEdge", "node": {"__typename": "Customer"}}],
            "pageInfo": {"__typename": "PageInfo"},
            "aggregate": {"__typename": "CustomerAggregate", "sum": {"__typename": "CustomerAggregateSum"}},
        },
        "customerAggregate": [
            {"__typename": "CustomerAggregate", "key": {"__typename": "CustomerAggregateKey"}}
        ],
    }


async def test_introspection_and_metadata_stand_beside_data(api: Api) -> None:
    found = await api.data(
        """query ($type: String!) { viewer { name } __type(name: $type) { name }
            metadata { app { name } objects { name fields { name } } } }""",
        "sales",
        type="Customer",
    )
    assert list(found) == ["viewer", "__type", "metadata"]
    assert found["__type"] == {"name": "Customer"}
    named = {
        each["name"]: {field["name"] for field in each["fields"]} for each in found["metadata"]["objects"]
    }
    assert "contact" not in named
    assert "nextFollowUp" in named["customer"]
    assert "cost" not in named["customer"]


async def test_metadata_tells_what_the_caller_may_do(api: Api) -> None:
    found = await api.data(
        """{ metadata { objects { name rights { read create update delete }
            fields { name readable masked creatable updatable options { name label } } } } }""",
        "sales",
    )
    customer = next(each for each in found["metadata"]["objects"] if each["name"] == "customer")
    assert customer["rights"] == {"read": True, "create": True, "update": True, "delete": False}
    fields = {each["name"]: each for each in customer["fields"]}
    assert fields["wechat"] == {
        "name": "wechat",
        "readable": True,
        "masked": True,
        "creatable": False,
        "updatable": False,
        "options": [],
    }
    assert [each["name"] for each in fields["grade"]["options"]] == ["a", "b", "c"]


async def test_the_title_that_metadata_tells_names_no_hidden_field(api: Api) -> None:
    text = "{ metadata { objects { name title } } }"
    for roles, title in (("admin", "{name} {cost}"), ("sales", "{name} ")):
        told = (await api.data(text, roles))["metadata"]["objects"]
        assert {"name": "customer", "title": title} in told


async def test_a_node_is_a_record_of_any_type(api: Api) -> None:
    id_ = await api.new("customer", name="Acme")
    text = """query ($id: ID!) { node(id: $id) {
        __typename id ... on Customer { name owner { name } } ... on User { email: name } } }"""
    assert (await api.data(text, id=id_))["node"] == {
        "__typename": "Customer",
        "id": id_,
        "name": "Acme",
        "owner": {"name": "ann"},
    }
    assert (await api.data(text, id=api.user))["node"]["email"] == "ann"
    assert (await api.data(text, id="01a206c2-c5ac-71fb-afaf-f85076b5ff5f"))["node"] is None


async def test_what_is_searched_is_found_in_what_the_caller_may_see(api: Api) -> None:
    customer = await api.new("customer", name="Acme")
    await api.new("contact", name="acme's boss", customer=customer)
    text = """query ($t: String!, $o: [ObjectName!]) { search(text: $t, objects: $o) {
        object title record { id ... on Customer { name } } } }"""
    found = (await api.data(text, t="ACME"))["search"]
    assert {each["object"] for each in found} == {"customer", "contact"}
    assert (await api.data(text, t="ACME", o=["customer"]))["search"] == [
        {"object": "customer", "title": "Acme ", "record": {"id": customer, "name": "Acme"}}
    ]
    assert [each["object"] for each in (await api.data(text, "sales", t="ACME"))["search"]] == ["customer"]
    assert await api.code(text, "sales", t="ACME", o=["contact"]) == "BAD_REQUEST"


async def test_the_history_of_a_record_is_a_connection_of_its_changes(api: Api) -> None:
    created = await api.data('mutation { createCustomer(input: {name: "a"}) { id } }')
    id_ = created["createCustomer"]["id"]
    update = "mutation ($id: ID!) { updateCustomer(id: $id, input: {staff: 3, revenue: 2}) { id } }"
    await api.data(update, id=id_)
    text = """query ($id: ID!) { customer(id: $id) { history(first: 1) { totalCount nodes {
        operation by { name } changes { field label old new } } pageInfo { hasNextPage } } } }"""
    history = (await api.data(text, id=id_))["customer"]["history"]
    assert history["pageInfo"] == {"hasNextPage": True}
    (entry,) = history["nodes"]
    assert (entry["operation"], entry["by"]) == ("updated", {"name": "ann"})
    assert sorted(entry["changes"], key=lambda each: str(each["field"])) == [
        {"field": "revenue", "label": "revenue", "old": None, "new": "2.00"},
        {"field": "staff", "label": "staff", "old": None, "new": 3},
    ]


async def test_groups_that_are_too_many_for_a_list_are_refused_with_what_to_do(api: Api) -> None:
    for start in (0, 501):
        rows = [{"name": f"c{number}"} for number in range(start, start + 501)]
        text = "mutation ($in: [CustomerCreate!]!) { createCustomers(input: $in) { count } }"
        await api.data(text, **{"in": rows})
    text = """query ($n: Int) { customerAggregate(groupBy: [{field: name}], first: $n) { count }
        viewer { id } }"""
    found = await api.ask(text)
    assert found["data"] is None
    (error,) = found["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["customerAggregate"], "QUERY_TOO_COMPLEX")
    assert (
        error["message"] == "There are more than 1000 groups: give `first`, or narrow `where` or `groupBy`."
    )
    assert len((await api.data(text, n=1000))["customerAggregate"]) == 1000
