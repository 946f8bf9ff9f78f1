"""`salesmode demo`, from an empty folder to answers over HTTP: who asks decides what there is."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salesmode.resources import presets_dir
from tests.cli.kit import Server, refusing, salesmode, serving

HIDDEN = "cost"  # of a customer: what a sale costs us is not for account managers
ACCOUNTS = """{
  customers(first: 200, orderBy: [{name: ASC}]) {
    totalCount
    nodes { name revenue wechat owner { name } }
  }
}"""
USERS = {"admin": "admin", "chen": "sales_manager", "lin": "sales"}


@dataclass(frozen=True)
class Demo:
    """A running demo, and the tokens that it printed."""

    server: Server
    tokens: dict[str, str]
    folder: Path

    def answer(self, user: str, query: str) -> dict[str, Any]:
        return self.server.answer(query, self.tokens[user])

    def data(self, user: str, query: str) -> Any:
        answer = self.answer(user, query)
        assert "errors" not in answer, answer
        return answer["data"]

    def refusal(self, user: str, query: str) -> str:
        """The text of the only error of a request that is refused as a whole."""
        answer = self.answer(user, query)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "BAD_REQUEST", answer
        message: str = error["message"]
        return message


def started(server: Server, folder: Path) -> Demo:
    people = {f"{name} ({role})": name for name, role in USERS.items()}
    lines = server.said
    tokens = {people[line]: lines[at + 1].strip() for at, line in enumerate(lines) if line in people}
    return Demo(server, tokens, folder)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, module_database_url: str) -> Iterator[Demo]:
    """A demo of the small size on a database that was empty."""
    folder = tmp_path_factory.mktemp("demo")
    url = ("--database", module_database_url)
    with serving("demo", "--size", "s", *url, ready="Ctrl+C", cwd=folder) as server:
        yield started(server, folder)


def test_three_users_have_tokens_that_work(demo: Demo) -> None:
    found = {user: demo.data(user, "{ viewer { name roles } }")["viewer"] for user in demo.tokens}
    assert found == {name: {"name": name, "roles": [role]} for name, role in USERS.items()}


def test_the_printed_command_asks_the_printed_query(demo: Demo) -> None:
    (command,) = [line for line in demo.server.said if line.startswith("curl ")]
    answer = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True).stdout
    assert '"errors"' not in answer
    assert '"customers":{"totalCount":' in answer


def test_the_same_query_gives_each_user_other_rows(demo: Demo) -> None:
    counts = {user: demo.data(user, ACCOUNTS)["customers"]["totalCount"] for user in USERS}
    assert 0 < counts["lin"] < counts["chen"] < counts["admin"] == 200 - 1, "two of them were merged"


def test_rules_have_chosen_what_they_choose(demo: Demo) -> None:
    """A customer's strategy is a record that the metadata brings, and that its class names."""
    text = "{ customers(where: {accountClass: {isNull: %s}, strategy: {isNull: true}}) { totalCount } }"
    without = {
        classed: demo.data("admin", text % classed)["customers"]["totalCount"]
        for classed in ("false", "true")
    }
    assert without["false"] == 0 < without["true"]


def test_the_same_query_gives_each_user_other_values(demo: Demo) -> None:
    seen = {
        user: {each["name"]: each for each in demo.data(user, ACCOUNTS)["customers"]["nodes"]}
        for user in USERS
    }
    protected = [
        name
        for name, each in seen["lin"].items()
        if each["owner"]["name"] != "lin" and seen["admin"][name]["wechat"]
    ]
    own = [name for name, each in seen["lin"].items() if each["owner"]["name"] == "lin" and each["wechat"]]
    assert protected
    assert own
    assert all(seen["lin"][name]["wechat"] == seen["admin"][name]["wechat"] for name in own)
    for name in protected:
        assert seen["lin"][name]["wechat"].startswith("••••")
        assert seen["lin"][name]["wechat"] != seen["admin"][name]["wechat"]
    assert all(seen["chen"][name]["wechat"].startswith("••••") for name in own), "not even the manager's"


@pytest.mark.parametrize(
    "query",
    [
        "{ customers { nodes { %s } } }",
        "{ customers(where: {%s: {gt: 1}}) { totalCount } }",
        "{ customers(where: {not: {%s: {isNull: true}}}) { totalCount } }",
        "{ customers(orderBy: [{%s: ASC}]) { totalCount } }",
        "{ contacts(where: {customer: {%s: {gt: 1}}}) { totalCount } }",
        "{ contacts(orderBy: [{customer: {%s: DESC}}]) { totalCount } }",
        "{ customerAggregate { sum { %s } } }",
        "{ customerAggregate(groupBy: [{field: %s}]) { count } }",
    ],
)
def test_a_hidden_field_is_as_unknown_as_one_that_never_was(demo: Demo, query: str) -> None:
    demo.data("admin", query % HIDDEN if "groupBy" not in query else query % "grade")
    hidden = demo.refusal("lin", query % HIDDEN)
    invented = demo.refusal("lin", query % "zzzz")
    assert _without_hint(hidden).replace(HIDDEN, "zzzz") == invented


def _without_hint(message: str) -> str:
    """Hints are made of names that the user may see, and some of those are near to the hidden one."""
    return message.partition(" Did you mean")[0]


@pytest.mark.parametrize("query", ["{ customers { nodes { costt } } }", "{ customers { nodes { cos } } }"])
def test_no_error_suggests_a_hidden_field(demo: Demo, query: str) -> None:
    assert "cost" in demo.refusal("admin", query).replace("costt", ""), "the hint is there for who may see it"
    assert "cost" not in demo.refusal("lin", query).replace("costt", "")


def test_introspection_has_no_word_of_what_is_hidden(demo: Demo) -> None:
    query = "{ __schema { types { name fields { name } inputFields { name } enumValues { name } } } }"

    def names(user: str) -> set[str]:
        return {
            f"{each['name']}.{member['name']}"
            for each in demo.data(user, query)["__schema"]["types"]
            for kind in ("fields", "inputFields", "enumValues")
            for member in each[kind] or ()
        }

    hidden = {
        f"{name}.{field}"
        for name in ("Customer", "CustomerWhere", "CustomerField", "Opportunity")
        for field in (HIDDEN, "creditLimit")
    } - {"Opportunity.creditLimit"}
    assert hidden <= names("admin")
    assert not hidden & names("lin")
    assert {"Customer.revenue", "PresalesRequest.cost"} <= names("lin")


def test_a_second_start_keeps_data_and_tokens(tmp_path: Path) -> None:
    count = "{ customers { totalCount } }"
    with serving("demo", "--size", "s", ready="Ctrl+C", cwd=tmp_path) as server:
        first = started(server, tmp_path)
        before = first.data("admin", count)
    with serving("demo", "--size", "m", ready="Ctrl+C", cwd=tmp_path) as server:
        second = started(server, tmp_path)
        assert second.answer("lin", count) == second.server.answer(count, first.tokens["lin"])
        assert second.data("admin", count) == before
        assert "the database has its data already, and keeps it" in second.server.said
    (secret,) = tmp_path.rglob("*.secret")
    assert secret.stat().st_mode & 0o077 == 0, "nobody else reads it"
    assert (tmp_path / ".salesmode" / ".gitignore").read_text() == "*\n"


def test_somebody_else_s_database_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/mine.db"
    salesmode("new", "app", "my_crm", "--preset", "expert_b2b", "--into", tmp_path)
    assert salesmode("apply", tmp_path / "my_crm", "--database", url, "--admin", "ann").code == 0
    said = refusing("demo", "--port", "0", "--database", url)
    assert said.code == 1
    assert "hint: give another --database" in said.err
    assert salesmode("plan", tmp_path / "my_crm", "--database", url).out == "No changes.\n"


def test_a_database_with_other_users_is_none_of_the_demo_s(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/mine.db"
    assert salesmode("apply", presets_dir() / "expert_b2b", "--database", url, "--admin", "ann").code == 0
    said = refusing("demo", "--port", "0", "--database", url)
    assert said.code == 1
    assert "without the demo's user 'admin'" in said.err


def test_a_preset_that_is_not_there() -> None:
    said = refusing("demo", "expert_b2c")
    assert said.code == 2
    assert "did you mean 'expert_b2b'?" in said.err


def test_a_language_that_the_preset_does_not_speak() -> None:
    said = refusing("demo", "iron_army_b2b", "--locale", "fr", "--port", "0")
    assert said.code == 2
    assert "hint: there are zh, en" in said.err


def test_a_layer_without_a_demo(tmp_path: Path) -> None:
    said = refusing("demo", "common", "--port", "0", "--database", f"sqlite:///{tmp_path}/x.db")
    assert said.code == 1
    assert "'common' describes no demo" in said.err
    assert "expert_b2b, household_car" in said.err, "which do"


def test_records_in_english_come_with_labels_in_english(tmp_path: Path) -> None:
    with serving("demo", "--size", "s", "--locale", "en", ready="Ctrl+C", cwd=tmp_path) as server:
        (command,) = [line for line in server.said if line.startswith("curl ")]
        answer = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True).stdout
    assert not re.search(r"[\u4e00-\u9fff]", answer), answer
