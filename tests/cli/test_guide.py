"""`salesmode new app --guide`: answers tell a sales mode, and an app that validates follows from them."""

import os
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from salesmode.cli import main
from salesmode.cli.guide import Advice, advised, guided_files
from salesmode.cli.guide_questions import QUESTIONS, TRADE, Mode
from salesmode.cli.guide_switches import switch
from salesmode.compiler.compiled import compile_app
from tests.cli.kit import Said, salesmode, write


def _answers(mode: Mode, **other: Mode) -> list[str]:
    """Options that answer every question as that mode does, but for some."""
    places = {each.name: tuple(Mode).index(other.get(each.name, mode)) for each in QUESTIONS}
    return [f"--answer={each.name}={each.choices[places[each.name]].name}" for each in QUESTIONS]


def _typed(folder: Path, *lines: str) -> Said:
    arguments = ["new", "app", "crm", "--guide", "--into", str(folder)]
    result = CliRunner().invoke(main, arguments, input="".join(f"{each}\n" for each in lines))
    return Said(result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize(
    ("mode", "trade", "preset"),
    [
        (Mode.expert, "", "expert_b2b"),
        (Mode.army, "", "iron_army_b2b"),
        (Mode.household, "other", "big_c_household"),
        (Mode.household, "car", "household_car"),
    ],
)
def test_the_answers_of_a_mode_give_its_preset_and_nothing_else(
    tmp_path: Path, mode: Mode, trade: str, preset: str
) -> None:
    trades = [f"--answer=trade={trade}"] if trade else []
    said = salesmode("new", "app", "crm", "--guide", *_answers(mode), *trades, "--into", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert f"→ {preset}: the answers of its mode weigh 10 of 10" in said.out
    assert sorted(each.name for each in (tmp_path / "crm").iterdir()) == [
        ".gitignore",
        "app.yaml",
        "salesmode.lock.json",
    ]
    made = compile_app(tmp_path / "crm")
    assert made.warnings == ()
    told = [line.split()[2] for line in said.out.splitlines() if line.startswith("= plugin ")]
    assert tuple(told) == made.model.app.plugins
    assert len((tmp_path / "crm" / "app.yaml").read_text().splitlines()) < 10


def test_each_overlay_of_a_trade_is_a_preset() -> None:
    names = {f"household_{each.name}" for each in TRADE.choices if each.name != "other"}
    assert names == {"household_education", "household_property", "household_car"}


@pytest.mark.parametrize(("mode", "other"), [*permutations(Mode, 2)])
def test_whatever_is_taken_from_another_mode_validates(tmp_path: Path, mode: Mode, other: Mode) -> None:
    """As different as can be: every answer is the other mode's."""
    answers = {each.name: each.choices[tuple(Mode).index(other)] for each in QUESTIONS}
    advice = Advice(answers, mode, {mode: 0})
    files = guided_files("crm", "CRM", advice, "en")
    write(tmp_path, **{name.removesuffix(".yaml"): text for name, text in files.items()})
    assert compile_app(tmp_path).warnings == ()


def test_every_answer_of_another_mode_has_words() -> None:
    for mode in Mode:
        for question in QUESTIONS:
            for own, choice in zip(Mode, question.choices, strict=True):
                assert own == mode or switch(mode, choice.name).text.zh


def test_mixed_answers_say_which_mode_wins_and_what_is_taken_from_another(tmp_path: Path) -> None:
    mixed = _answers(Mode.army, product=Mode.household, management=Mode.expert, force=Mode.household)
    said = salesmode("new", "app", "crm", "--guide", *mixed, "--into", tmp_path)
    assert said.code == 0
    lines = said.out.splitlines()
    assert (
        "+ product       large         a referral is a tag that may become a deal"
        " (as big_c_household: from_other_modes.yaml)" in lines
    )
    assert "~ force         deliverers    who delivers gets the role `sales` too" in lines
    assert "= cycle         short         who was not contacted for a month goes to the pool" in lines
    assert any(line.startswith("→ iron_army_b2b: the answers of its mode weigh 7 of 10") for line in lines)
    model = compile_app(tmp_path / "crm").model
    assert "referral" in model.tags
    assert "daily" not in model.reports
    assert "monthly" in model.reports


def test_who_the_customer_is_outweighs() -> None:
    def mode(**other: Mode) -> Mode:
        given = [each.removeprefix("--answer=") for each in _answers(Mode.army, **other)]
        return advised([*given, "trade=other"], "en").mode

    like = dict.fromkeys(("product", "cycle"), Mode.household)
    assert mode(customer=Mode.household, **like) is Mode.household
    assert mode(customer=Mode.household) is Mode.army


def test_answers_may_come_line_by_line(tmp_path: Path) -> None:
    said = _typed(tmp_path, "family", "3", "3", "together", "3", "3", "3", "3", "1")
    assert (said.code, said.err) == (0, "")
    assert "\nWhat do you sell?\n  1  custom        Goods made for the customer" in said.out
    assert "extends: household_education" in (tmp_path / "crm" / "app.yaml").read_text()


def test_without_an_answer_it_says_how_to_answer(tmp_path: Path) -> None:
    said = _typed(tmp_path, "family")
    assert said.code == 2
    assert said.err.splitlines() == [
        "error: there is no answer to 'product'",
        "  hint: answer in a terminal, or with a line for each question on standard input, or with --answer"
        " product=custom|membership|large",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_answer_names_the_right_ones(tmp_path: Path) -> None:
    said = _typed(tmp_path, "4")
    assert (said.code, said.err) == (
        2,
        "error: '4' is no answer to 'customer'\n  hint: company|shop|family\n",
    )


def test_in_a_terminal_it_asks_again(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    try:
        os.write(ours, b"4\nfamily\n\x04")
        command = [str(Path(sys.executable).with_name("salesmode")), "new", "app", "crm", "--guide"]
        ended = subprocess.run(
            command, cwd=tmp_path, stdin=theirs, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "'4' is no answer to 'customer'\n" in ended.stdout
    assert "What do you sell?" in ended.stdout
    assert ended.returncode == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--guide", "--answer=custmer=shop"], "did you mean 'customer'?"),
        (["--guide", "--locale=fr"], "--locale en or zh"),
        (["--guide", "--preset=expert_b2b"], "exclude each other"),
        (["--answer=customer=shop"], "hint: --guide"),
    ],
)
def test_wrong_usage(tmp_path: Path, options: list[str], told: str) -> None:
    said = salesmode("new", "app", "crm", *options, "--into", tmp_path)
    assert said.code == 2
    assert told in said.err
    assert list(tmp_path.iterdir()) == []


def test_it_speaks_chinese(tmp_path: Path) -> None:
    options = [*_answers(Mode.expert, product=Mode.household), "--locale", "zh", "--into", tmp_path]
    said = salesmode("new", "app", "crm", "--guide", *options)
    assert "+ product       large         转介绍是标签，可转为商机（同 big_c_household" in said.out.replace(
        " (", "（"
    )
    assert "# 转介绍是标签" in (tmp_path / "crm" / "from_other_modes.yaml").read_text()
