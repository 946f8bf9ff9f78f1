"""What each role of the preset sees and changes, asked of the API about demo data (D12, D26a, D38)."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from salesmode.database.connect import connect
from tests.presets.compiled import compiled
from tests.presets.office import Office, opened

pytestmark = pytest.mark.anyio

MASK = "••••"
UPDATE = """mutation ($id: ID!, $input: CustomerUpdate!) {
    updateCustomer(id: $id, input: $input) { customer { id } }
}"""
UPDATE_DEAL = """mutation ($id: ID!, $input: OpportunityUpdate!) {
    updateOpportunity(id: $id, input: $input) { opportunity { discount } }
}"""


@pytest.fixture(scope="module")
async def office(module_database_url: str) -> AsyncIterator[Office]:
    database = await connect(module_database_url)
    yield await opened(database, compiled("expert_b2b"))
    await database.close()


def below(office: Office, *users: object) -> set[object]:
    """The ids of the customers up to three levels below those that these users own (D20)."""
    parents = {row["id"]: row["parent"] for row in office.rows["customer"]}
    level = set(office.owned_by("customer", *users))
    found: set[object] = set()
    for _ in range(3):
        level = {id_ for id_, parent in parents.items() if parent in level}
        found |= level
    return found


async def test_sales_sees_the_customers_and_deals_of_the_own_team_and_of_the_own_groups(
    office: Office,
) -> None:
    team, lin = office.team_of("lin"), office.person("lin")["id"]
    of_group = below(office, lin)
    expected = set(office.owned_by("customer", *team)) | of_group
    assert (
        set(await office.all("lin", "customers", "")) == expected != set(office.owned_by("customer", *team))
    )
    own = set(office.owned_by("customer", lin)) | of_group
    deals = set(office.owned_by("opportunity", *team))
    deals |= {row["id"] for row in office.rows["opportunity"] if row["customer"] in own}
    assert set(await office.all("lin", "opportunities", "")) == deals


async def test_a_manager_sees_the_teams_below_and_no_others(office: Office) -> None:
    found = await office.all("chen", "customers", "cost")
    granted = office.granted("customer", "chen")
    assert set(found) == set(office.owned_by("customer", *office.below("chen"))) | granted
    assert 0 < len(found) < len(office.rows["customer"])
    assert any(row["cost"] for row in found.values())


@pytest.mark.parametrize("name", ["fang", "qian.expert"])
async def test_who_completes_the_triangle_sees_the_deals_they_were_asked_to(
    office: Office, name: str
) -> None:
    found = await office.all(name, "opportunities", "customer { name } grants { nodes { right share } }")
    assert set(found) == office.granted("opportunity", name) != set()
    for node in found.values():
        shares = [Decimal(each["share"]) for each in node["grants"]["nodes"] if each["right"] == "credit"]
        assert (sum(shares), len(shares)) == (100, 3)
        assert node["customer"]["name"]


@pytest.mark.parametrize("name", ["admin", "xu", "he", "emma"])
async def test_marketing_finance_and_operations_see_all_customers(office: Office, name: str) -> None:
    assert len(await office.all(name, "customers", "")) == len(office.rows["customer"])


async def test_personal_channels_are_shown_to_the_owner_of_the_customer_only(office: Office) -> None:
    lin = office.person("lin")["id"]
    mine = office.owned_by("customer", lin)
    stored = {row["id"]: row for row in office.rows["contact"]}
    seen = await office.all("lin", "contacts", "mobile wechat customer { id }")
    for contact, node in seen.items():
        for channel in ("mobile", "wechat"):
            value = stored[contact][channel]
            if node["customer"]["id"] in mine or value is None:
                assert node[channel] == value
            else:
                assert node[channel] == MASK + value[-4:]
    masked = [node for node in seen.values() if (node["wechat"] or "").startswith(MASK)]
    assert 0 < len(masked) < len(seen)


async def test_a_manager_asks_for_a_channel_in_clear_and_that_is_logged(office: Office) -> None:
    text = """mutation ($id: ID!) { unmaskCustomer(id: $id, fields: [wechat]) { customer { wechat } } }"""
    theirs = office.owned_by("customer", *office.below("chen") - {office.person("chen")["id"]})
    row = next(row for row in theirs.values() if row["wechat"])
    masked = (await office.all("chen", "customers", "wechat"))[row["id"]]["wechat"]
    assert masked == MASK + row["wechat"][-4:]
    found = (await office.data("chen", text, id=row["id"]))["unmaskCustomer"]["customer"]
    assert found == {"wechat": row["wechat"]}
    assert (await office.error("lin", text, id=row["id"]))["code"] == "BAD_REQUEST"
    log = """query ($id: ID!) {
      accessLogs(where: {recordId: {eq: $id}}) { nodes { createdBy { name } fields } } }"""
    entries = (await office.data("admin", log, id=row["id"]))["accessLogs"]["nodes"]
    assert entries == [{"createdBy": {"name": "chen"}, "fields": ["wechat"]}]


async def test_a_masked_channel_cannot_be_guessed_by_filter(office: Office) -> None:
    lin = office.person("lin")["id"]
    team = office.owned_by("customer", *office.team_of("lin"))
    text = "query ($wechat: String!) { customers(where: {wechat: {eq: $wechat}}) { totalCount } }"
    for row in team.values():
        if row["wechat"] is not None:
            found = await office.data("lin", text, wechat=row["wechat"])
            assert found["customers"]["totalCount"] == (1 if row["owner"] == lin else 0)


HIDDEN = [
    ("lin", "customers", "cost creditLimit paymentDays discount"),
    ("lin", "opportunities", "cost"),
    ("xu", "customers", "revenue potential cost creditLimit paymentDays discount notes"),
    ("xu", "contacts", "closeness solutionAcceptance priceAcceptance birthday notes"),
    ("xu", "opportunities", "amount budget cost discount"),
    ("he", "customers", "phone email wechat notes health"),
    ("he", "contacts", "mobile wechat email birthday closeness"),
    ("he", "opportunities", "nextStep competitor decisionMaker"),
    ("emma", "customers", "cost creditLimit phone email wechat"),
    ("emma", "contacts", "mobile wechat email"),
    ("emma", "opportunities", "cost"),
]


@pytest.mark.parametrize(
    ("name", "plural", "field"),
    [(name, plural, field) for name, plural, fields in HIDDEN for field in fields.split()],
)
async def test_a_hidden_field_does_not_exist_for_the_role(
    office: Office, name: str, plural: str, field: str
) -> None:
    inner = f"{field} {{ id }}" if field == "decisionMaker" else field
    found = await office.error(name, f"{{ {plural} {{ nodes {{ {inner} }} }} }}")
    assert found["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("plural", "field"), [("customers", "wechat"), ("contacts", "mobile"), ("contacts", "email")]
)
async def test_what_marketing_sees_masked_it_cannot_filter_by(
    office: Office, plural: str, field: str
) -> None:
    assert any((node[field] or MASK) != MASK for node in (await office.all("xu", plural, field)).values())
    found = await office.error(
        "xu", f"{{ {plural}(where: {{{field}: {{isNull: false}}}}) {{ totalCount }} }}"
    )
    assert found["code"] == "BAD_REQUEST"


async def test_finance_reads_what_is_earned_and_spent(office: Office) -> None:
    found = await office.data(
        "he", "{ customerAggregate { sum { revenue cost } } opportunityAggregate { sum { amount cost } } }"
    )
    assert Decimal(found["customerAggregate"][0]["sum"]["revenue"]) == sum(
        row["revenue"] or 0 for row in office.rows["customer"]
    )
    assert found["opportunityAggregate"][0]["sum"]["cost"] is not None


async def test_sales_writes_own_customers_only(office: Office) -> None:
    lin = office.person("lin")["id"]
    team = office.owned_by("customer", *office.team_of("lin"))
    mine = next(id_ for id_, row in team.items() if row["owner"] == lin)
    theirs = next(id_ for id_, row in team.items() if row["owner"] != lin)
    seen = {*team, *below(office, lin)}
    foreign = next(row["id"] for row in office.rows["customer"] if row["id"] not in seen)
    assert await office.data("lin", UPDATE, id=mine, input={"potential": "5000000"})
    assert (await office.error("lin", UPDATE, id=theirs, input={"potential": "1"}))["code"] == "FORBIDDEN"
    assert (await office.error("lin", UPDATE, id=foreign, input={"potential": "1"}))["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "change", [{"grade": "a"}, {"discount": "1"}, {"creditLimit": "1"}, {"strategic": True}]
)
async def test_terms_are_not_for_sales_to_set(office: Office, change: dict[str, object]) -> None:
    mine = next(iter(office.owned_by("customer", office.person("lin")["id"])))
    assert (await office.error("lin", UPDATE, id=mine, input=change))["code"] == "BAD_REQUEST"


async def test_a_new_customer_belongs_to_who_made_it(office: Office) -> None:
    text = (
        'mutation { createCustomer(input: {name: "新客户"}) { customer { id owner { name } state level } } }'
    )
    found = (await office.data("lin", text))["createCustomer"]["customer"]
    await office.data(
        "admin", "mutation ($id: ID!) { deleteCustomer(id: $id) { customer { id } } }", id=found["id"]
    )
    assert (found["owner"], found["state"], found["level"]) == ({"name": "lin"}, "potential", "company")


async def test_a_subsidiary_needs_a_parent(office: Office) -> None:
    text = 'mutation { createCustomer(input: {name: "子公司", level: subsidiary}) { customer { id } } }'
    (problem,) = (await office.error("lin", text))["problems"]
    assert problem["code"] == "branch_has_parent"


async def test_finance_keeps_to_the_discount_of_the_grade(office: Office) -> None:
    low = next(row["id"] for row in office.rows["customer"] if row["grade"] == "c")
    assert await office.data("he", UPDATE, id=low, input={"discount": "20"})
    refused = await office.error("he", UPDATE, id=low, input={"discount": "20.01"})
    assert refused["code"] == "VALIDATION_FAILED"
    assert [each["code"] for each in refused["problems"]] == ["small_discount_for_low_grades"]
    assert await office.data("he", UPDATE, id=low, input={"discount": "30", "grade": "b"})


async def test_a_committed_price_is_locked_for_sales_and_not_for_the_manager(office: Office) -> None:
    deals = office.owned_by("opportunity", office.person("lin")["id"])
    committed = next(id_ for id_, row in deals.items() if row["stage"] == "won")
    open_ = next(id_ for id_, row in deals.items() if row["stage"] in ("qualify", "solution"))
    assert await office.data("lin", UPDATE_DEAL, id=open_, input={"discount": "2"})
    assert (await office.error("lin", UPDATE_DEAL, id=committed, input={"discount": "2"}))[
        "code"
    ] == "FORBIDDEN"
    assert await office.data("chen", UPDATE_DEAL, id=committed, input={"discount": "2"})


async def test_only_operations_and_managers_give_customers_to_others(office: Office) -> None:
    mine = next(iter(office.owned_by("customer", office.person("lin")["id"])))
    given = {"owner": office.person("lin")["id"]}
    assert (await office.error("lin", UPDATE, id=mine, input=given))["code"] == "BAD_REQUEST"
    for name in ("chen", "emma"):
        assert await office.data(name, UPDATE, id=mine, input=given)
