"""The page of hooks: it is what `make reference` writes now, and it has every hook and every value."""

from pathlib import Path

import pytest

from salesmode import hookspecs
from salesmode.plugins import HOOKS
from tests.cli.kit import salesmode

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "hooks.md"


def test_the_page_in_the_docs_is_what_the_hooks_say_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == salesmode("schema", "hooks").out, "run `make reference`"


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_says_when_it_is_called_and_what_it_gives(hook: str) -> None:
    text = PAGE.read_text(encoding="utf-8").split(f"\n### {hook}\n")[1].split("\n### ")[0]
    assert f"{hook}(" in text
    assert getattr(hookspecs, hook).__doc__


def test_no_address_of_this_process_is_told() -> None:
    assert " at 0x" not in PAGE.read_text(encoding="utf-8")
