"""All commands are listed, and only the one that is called is imported."""

import subprocess
import sys
from importlib import import_module
from keyword import iskeyword

import pytest
import typer
from typer.testing import CliRunner

from salesmode.cli import main
from salesmode.cli.commands import COMMANDS

HEAVY = {"graphene", "graphql", "starlette", "uvicorn", "asyncpg", "salesmode.server", "salesmode.graph"}
AND_SAY_WHAT_IS_IMPORTED = """
import sys
from salesmode.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("\\n".join(["", "imported:", *sys.modules]))
"""


def imported_by(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", AND_SAY_WHAT_IS_IMPORTED, *arguments]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return set(said.partition("\nimported:\n")[2].split())


def test_help_lists_every_command_with_its_line() -> None:
    said = CliRunner().invoke(main, ["--help"]).stdout
    for name, line in COMMANDS.items():
        assert f" {name} " in said
        assert line in said


def test_help_imports_no_command() -> None:
    imported = imported_by("--help")
    assert not imported & (HEAVY | {f"salesmode.cli.{name}" for name in COMMANDS})


def test_validating_imports_neither_server_nor_schema_library() -> None:
    imported = imported_by("validate", "--help")
    assert "salesmode.cli.validate" in imported
    assert not imported & HEAVY


@pytest.mark.parametrize("name", COMMANDS)
def test_every_listed_command_is_there_and_documented(name: str) -> None:
    command = typer.main.get_command(import_module(f"salesmode.cli.{name}{'_' * iskeyword(name)}").app)
    assert command.help
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert "Usage: " in result.stdout


def test_an_unknown_command_is_wrong_usage_with_a_near_one() -> None:
    result = CliRunner().invoke(main, ["validat"])
    assert result.exit_code == 2
    assert "'validate'" in result.stderr
