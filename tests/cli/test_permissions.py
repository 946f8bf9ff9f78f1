"""`salesmode permissions` against what people say of three roles of a preset, written by hand."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.kit import salesmode, write

FACTS = "name short_name parent level registration_number ownership industry province city address"
POOL = "pool pooled_at owned_since recycle_at recycle_rule kept_at"

# By object: rights to rows (read create update delete transfer share), and to fields (read create update).
FINANCE = {
    "customer": {
        "": "all no all no no no",
        f"{FACTS} owner territory strategic state account_class potential": "all no no",
        "wallet_share open_amount group_open_amount contracted paid pursuit_cost": "all no no",
        "group_revenue revenue_below": "all no no",
        "grade revenue cost credit_limit payment_days discount": "all no all",
    },
    "contact": {
        "": "all no no no",
        "name customer active gender department job_title role": "all no no",
    },
    "opportunity": {
        "": "all no some no no no",
        "name customer owner line amount budget discount close_date pipeline stage status closed_at": (
            "all no no"
        ),
        "customised pursuit_cost budget_source budget_decisive key_project": "all no no",
        "cost": "all no all",
    },
}
MARKETING = {
    "customer": {
        "": "all no all no no no",
        "short_name industry website source": "all no all",
        FACTS.replace(" short_name", "").replace(" industry", "")
        + " employees strategic state work_phase grade account_class class_method class_reason rating"
        " next_follow_up owner territory territory_rule cell " + POOL: "all no no",
        "incumbent solution_manager lead_expert group_contacts": "all no no",
        "phone email wechat": "masked no no",
        "tags.cross_sell": "all no",
    },
    "contact": {
        "": "all no no no",
        "name customer active gender department job_title role reports_to": "all no no",
        "mobile wechat email": "masked no no",
    },
}
SALES = {
    "customer": {
        "": "some all some no no no",
        f"{FACTS} employees website phone email source state potential next_follow_up notes incumbent": (
            "all all all"
        ),
        "owner": "all set no",
        f"{POOL} territory territory_rule strategic grade revenue wallet_share open_amount group_open_amount"
        " contracted paid revenue_below group_revenue group_contacts": "all no no",
        "allies last_contact contact_due cell": "all no no",
        "tags.cross_sell": "all some",
        "points potential_points contribution_points quadrant": "all no no",
        "account_class class_method class_reason rating": "all no no",
        "health overdue_parts strategy strategy_rule work_phase solution_manager lead_expert": "all no no",
        "wechat": "some masked some some",
    },
    "contact": {
        "": "some some some some",
        "name customer active gender department job_title role reports_to email closeness solution_acceptance"
        " price_acceptance birthday notes": "all all all",
        "mobile wechat": "some masked some some",
    },
}


def printed(role: str, app: Path) -> dict[str, dict[str, str]]:
    said = salesmode("permissions", app, "--role", role, "--format", "csv")
    assert said.code == 0
    found: dict[str, dict[str, str]] = {}
    for line in csv.DictReader(said.out.splitlines()):
        words = [line[each] for each in ("read", "create", "update", "delete", "transfer", "share")]
        assert line["role"] == role
        found.setdefault(line["object"], {})[line["field"]] = " ".join(filter(None, words))
    return found


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return write(tmp_path, app="kind: app\nname: my_crm\nextends: expert_b2b\n")


@pytest.mark.parametrize(
    ("role", "expected"), [("finance", FINANCE), ("marketing", MARKETING), ("sales", SALES)]
)
def test_the_matrix_says_what_the_role_was_meant_to_be(
    role: str, expected: dict[str, dict[str, str]], app: Path
) -> None:
    found = printed(role, app)
    for name, lines in expected.items():
        wanted = {field: words for fields, words in lines.items() for field in fields.split() or [""]}
        assert found[name] == wanted, name


def test_every_object_that_a_role_sees_is_there_once(app: Path) -> None:
    assert list(printed("marketing", app)) == [
        *("activity", "task", "team", "territory", "territory_member", "user"),
        *("campaign", "lead", "opportunity", "partner", "product", "price"),
        *("contact", "customer", "insight"),
    ]


def test_sharing_and_handing_over_are_told_of_owned_objects(tmp_path: Path) -> None:
    boss = """
kind: role
name: boss
objects:
  customer: {share: {where: {owner: $user.id}}, transfer: true, read: true, fields: {name: read}}
"""
    app = write(tmp_path, app="kind: app\nname: my_crm\nextends: expert_b2b\n", boss=boss)
    lines = {"": "all no no no all some", "name": "all no no", "tags.cross_sell": "all no"}
    assert printed("boss", app)["customer"] == lines


@pytest.mark.parametrize(
    ("role", "field", "right", "word"),
    [
        ("sales_operations", "", "export", "all"),
        ("sales_manager", "", "export", "no"),
        ("sales_manager", "wechat", "unmask", "some"),
        ("sales_manager", "phone", "unmask", ""),
        ("marketing", "wechat", "unmask", ""),
    ],
)
def test_exporting_and_unmasking_are_told(role: str, field: str, right: str, word: str, app: Path) -> None:
    cells = json.loads(salesmode("permissions", app, "--role", role, "--format", "json").out)
    (cell,) = [each for each in cells if (each["object"], each["field"]) == ("customer", field)]
    assert cell[right] == word


def test_as_json_it_has_the_same_lines(app: Path) -> None:
    cells = json.loads(salesmode("permissions", app, "--role", "finance", "--format", "json").out)
    rows = [each for each in cells if each["object"] == "customer" and not each["field"]]
    assert [(each["read"], each["update"], each["share"]) for each in rows] == [("all", "all", "no")]


def test_names_in_the_table_are_whole(app: Path) -> None:
    said = salesmode("permissions", app, "--role", "lead_expert", COLUMNS="40")
    assert said.out.splitlines()[0].split()[-1] == "snapshot"
    assert "…" not in said.out


def test_a_role_that_is_none_is_wrong_usage(app: Path) -> None:
    said = salesmode("permissions", app, "--role", "finanec")
    assert said.code == 2
    assert "there is no role 'finanec'" in said.err
