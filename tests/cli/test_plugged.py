"""Commands that plugins bring: listed, called with their arguments, and what goes wrong in one."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from salesmode.hookspecs import Argument, Command, Refusal, hookimpl
from tests.cli.kit import APP, Said, salesmode, shop
from tests.support.plugged import plugged

PRODUCT = Argument(name="product", help="Its name.")


def why(desk: Any, given: Mapping[str, str | None]) -> Any:
    rows = yield from desk.read("product", ["price"], where={"name": {"eq": given["product"]}})
    if not rows:
        raise Refusal("NOT_FOUND")
    return [f"it costs {rows[0]['price']}", f"[b]asked by[/b] {given['asked_by']}"]


def listed(desk: Any, _: Mapping[str, str | None]) -> Any:
    rows = yield from desk.read("product", ["name", "price"], order=["name"])
    return [{"name": each["name"], "price": each["price"]} for each in rows]


def add(desk: Any, given: Mapping[str, str | None]) -> Any:
    yield from desk.create("product", [{"name": given["product"], "price": Decimal("1.00")}])
    return [f"made {given['product']}"]


def fail(*_: Any) -> Any:
    raise KeyError("price_book")


COMMANDS = (
    Command(
        name=("explain", "price"),
        help="Why a product costs that.",
        run=why,
        arguments=(PRODUCT, Argument(name="asked_by", help="Who asks.", optional=True)),
    ),
    Command(name=("prices",), help="All prices.", run=listed),
    Command(name=("product", "add"), help="One more.", run=add, arguments=(PRODUCT,), writes=True),
    Command(name=("product", "try"), help="One more, for now.", run=add, arguments=(PRODUCT,)),
    Command(name=("fail",), help="It fails.", run=fail),
    Command(name=("wrong",), help="It answers nonsense.", run=lambda *_: 7),
)


def bringing(*commands: Any) -> object:
    @hookimpl
    def cli_commands() -> Any:
        return commands

    return SimpleNamespace(cli_commands=cli_commands)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Path]:
    """A shop with a plugin, its database, and two products."""
    with plugged(extra=bringing(*COMMANDS)):
        folder = shop(tmp_path / "shop", app=APP + "plugins: [extra]\n")
        assert salesmode("apply", folder).code == 0
        for name in ("ball", "bat"):
            assert said(folder, "product", "add", name).out == f"made {name}\n"
        yield folder


def said(app: Path, *arguments: str) -> Said:
    return salesmode(*arguments, "--app", app)


def test_a_command_is_called_with_its_arguments(app: Path) -> None:
    found = said(app, "explain", "price", "ball", "--asked-by", "ann")
    assert (found.code, found.out) == (0, "it costs 1.00\n[b]asked by[/b] ann\n")
    assert said(app, "explain", "price", "ball").out.endswith("None\n")
    assert salesmode("explain", "price", "ball", f"--app={app}").code == 0
    assert said(app, "explain", "product.price").code == 0


def test_a_table_is_printed_as_one_or_as_json(app: Path) -> None:
    lines = [line.split() for line in said(app, "prices").out.splitlines()]
    assert lines == [["name", "price"], ["ball", "1.00"], ["bat", "1.00"]]
    assert orjson.loads(said(app, "prices", "--json").out) == [
        {"name": "ball", "price": "1.00"},
        {"name": "bat", "price": "1.00"},
    ]
    assert orjson.loads(said(app, "explain", "price", "bat", "--json").out)[0] == "it costs 1.00"


def test_what_a_command_writes_is_kept_only_if_it_says_that_it_writes(app: Path) -> None:
    assert said(app, "product", "try", "net").out == "made net\n"
    assert "net" not in said(app, "prices").out


def test_what_goes_wrong_is_said_in_words(app: Path) -> None:
    found = said(app, "explain", "price", "net")
    assert (found.code, found.out) == (1, "")
    assert "NOT_FOUND" in found.err
    for command in ("fail", "wrong"):
        found = said(app, command)
        assert (found.code, found.out) == (1, "")
        assert "'extra'" in found.err
        assert "price_book" not in found.err
    found = said(app, "product", "add")
    assert found.code == 2
    assert "PRODUCT" in found.err
    absent = salesmode("prices", "--app", app, "--database", f"sqlite:///{app}/absent.db")
    assert absent.code == 1
    assert "salesmode apply" in absent.err


def test_commands_are_listed_where_the_app_is(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "All prices." not in salesmode("--help").out
    monkeypatch.chdir(app)
    found = salesmode("--help").out
    for each in COMMANDS:
        assert " ".join(each.name) in found
        assert each.help in found
    assert "Why a product costs that." in salesmode("explain", "price", "--help").out
    assert salesmode("prices").code == 0


def test_an_unknown_command_is_wrong_usage_with_a_near_one_of_the_plugins(app: Path) -> None:
    found = said(app, "pricess")
    assert found.code == 2
    assert "'prices'" in found.err


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Command(name=("explain", "access"), help="", run=why), "'explain access' is there already"),
        (Command(name=("plan",), help="", run=why), "'plan' is there already"),
        (Command(name=("a", "b", "c"), help="", run=why), "'a b c' is no name for a command"),
        (Command(name=("x",), help="", run=why, arguments=(PRODUCT, PRODUCT)), "of different names"),
        (
            Command(name=("x",), help="", run=why, arguments=(Argument(name="json", help=""),)),
            "'json' is no name for an argument of 'x'",
        ),
        ("prices", "a Command is expected"),
    ],
)
def test_a_command_that_cannot_be_is_told_by_the_name_of_its_plugin(
    tmp_path: Path, command: Any, why: str
) -> None:
    folder = shop(tmp_path / "shop", app=APP + "plugins: [extra]\n")
    with plugged(extra=bringing(command)):
        found = said(folder, "anything")
    assert found.code == 1
    assert "'extra'" in found.err
    assert why in found.err
