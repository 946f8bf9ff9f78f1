"""`salesmode new app --guide`: questions, the mode that their answers tell, and the app that follows."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

from salesmode.cli.faults import Fault, usage
from salesmode.cli.guide_questions import LOCALES, QUESTIONS, TRADE, Choice, Mode, Question, Words
from salesmode.cli.guide_switches import Switch, switch, text_of
from salesmode.cli.terminal import console
from salesmode.diagnostics import did_you_mean

_OTHER = "other"

_NO_ANSWER = Words("there is no answer to", "没有回答")
_NO_CHOICE = Words("is no answer to", "不是可选的回答：")
_HOW = Words(
    "answer in a terminal, or with a line for each question on standard input, or with --answer",
    "在终端里回答，或在标准输入中每题一行，或用 --answer",
)
_ITS = Words("the answers of its mode weigh {most} of {all}", "该模式的回答占 {most}/{all}")
_CUSTOMER = Words("who the customer is counts three times", "“客户是谁”计三倍")
_OF = Words("as {mode}", "同 {mode}")
_FILE = "from_other_modes.yaml"
_PLUGINS = {
    "routing": Words("who gets a lead, and pools", "分配与公海"),
    "duplicates": Words("who is the same, and whose they are", "查重、合并与判客"),
    "commission": Words("who earns what", "提成"),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """The answers by question, the mode that they tell, and what builds on it."""

    answers: Mapping[str, Choice]
    mode: Mode
    weights: Mapping[Mode, int]

    @property
    def preset(self) -> str:
        """The preset of the mode, or its overlay for a trade."""
        trade = self.answers.get(TRADE.name)
        return self.mode if trade is None or trade.name == _OTHER else f"household_{trade.name}"

    @property
    def switches(self) -> Sequence[Switch]:
        """What is taken from other modes, each once."""
        found = [self.switch_of(question) for question in QUESTIONS if not self.agrees(question)]
        return tuple(dict.fromkeys(each for each in found if each.yaml))

    def agrees(self, question: Question) -> bool:
        """Whether the answer is one of the mode."""
        return _mode(question, self.answers[question.name]) == self.mode

    def switch_of(self, question: Question) -> Switch:
        """What is done about an answer of another mode."""
        return switch(self.mode, self.answers[question.name].name)


def advised(given: Sequence[str], locale: str) -> Advice:
    """Ask what `given` (QUESTION=ANSWER) does not answer, and decide."""
    if locale not in LOCALES:
        raise usage(f"the guide does not speak '{locale}'", hint=f"--locale {' or '.join(LOCALES)}")
    known = _read(given)
    answers = {each.name: known.get(each.name) or _ask(each, locale) for each in QUESTIONS}
    weights = Counter[Mode]()
    for each in QUESTIONS:
        weights[_mode(each, answers[each.name])] += each.weight
    # The customer's question comes first, so it decides where two modes weigh the same.
    mode = max(weights, key=lambda each: weights[each])
    if mode is Mode.household:
        answers[TRADE.name] = known.get(TRADE.name) or _ask(TRADE, locale)
    return Advice(answers, mode, weights)


def say(advice: Advice, locale: str) -> None:
    """What follows from each answer, and from all: `=` is the mode's own, `+` is written into the app, `~` is
    another mode's, and the preset has what it takes.
    """
    for question in QUESTIONS:
        _say(advice, question, locale)
    trade = advice.answers.get(TRADE.name)
    if trade is not None:
        _say_line("=", TRADE, trade, trade.so.read(locale))
    share = _ITS.read(locale).format(most=advice.weights[advice.mode], all=sum(advice.weights.values()))
    console.print(f"→ {advice.preset}: {share} ({_CUSTOMER.read(locale)})")


def _say(advice: Advice, question: Question, locale: str) -> None:
    choice = advice.answers[question.name]
    if advice.agrees(question):
        _say_line("=", question, choice, choice.so.read(locale))
        return
    other = _OF.read(locale).format(mode=_mode(question, choice))
    found = advice.switch_of(question)
    sign, behind = ("+", f" ({other}: {_FILE})") if found.yaml else ("~", "")
    _say_line(sign, question, choice, f"{found.text.read(locale)}{behind}")


def _say_line(sign: str, question: Question, choice: Choice, text: str) -> None:
    console.print(f"{sign} {question.name:<14}{choice.name:<14}{text}")


def say_plugins(names: Sequence[str], locale: str) -> None:
    """What the plugins that the layers switch on are for; those of others by name alone."""
    for name in names:
        what = _PLUGINS.get(name)
        console.print(f"= {'plugin':<14}{name:<14}{what.read(locale) if what else ''}".rstrip())


def guided_files(name: str, label: str, advice: Advice, locale: str) -> Mapping[str, str]:
    """File name → text of the app: its settings, and what is taken from other modes."""
    answers = ", ".join(f"{question}={choice.name}" for question, choice in advice.answers.items())
    documents = [f"# {each.text.read(locale)}\n{text_of(each, advice.mode)}" for each in advice.switches]
    asked = fill(f"The guide was told: {answers}", 110, initial_indent="# ", subsequent_indent="#   ")
    own = f"locales: [{locale}, {', '.join(each for each in LOCALES if each != locale)}]\n"
    app = (
        f'{asked}\nkind: app\nname: {name}\nlabel: {label}\nversion: "0.1.0"\nextends: {advice.preset}\n{own}'
    )
    switches = {_FILE: "---\n".join(documents)} if documents else {}
    return {"app.yaml": app} | switches


def _mode(question: Question, choice: Choice) -> Mode:
    """Answers stand in the order of the modes."""
    return tuple(Mode)[question.choices.index(choice)]


def _read(given: Sequence[str]) -> Mapping[str, Choice]:
    questions = {each.name: each for each in (*QUESTIONS, TRADE)}
    answers: dict[str, Choice] = {}
    for each in given:
        name, _, answer = each.partition("=")
        if name not in questions:
            near = did_you_mean(name, questions) or f"there are {', '.join(questions)}"
            raise usage(f"the guide has no question '{name}'", hint=near)
        answers[name] = _choice(questions[name], answer, "en")
    return answers


def _ask(question: Question, locale: str) -> Choice:
    for line in _lines(question, locale):
        try:
            return _choice(question, line.strip(), locale)
        except Fault as fault:
            if not sys.stdin.isatty():
                raise
            console.print(str(fault))
    raise usage(
        f"{_NO_ANSWER.read(locale)} '{question.name}'",
        hint=f"{_HOW.read(locale)} {question.name}={_names(question)}",
    )


def _lines(question: Question, locale: str) -> Iterator[str]:
    """What is typed, once the question is told."""
    console.print(question.text.read(locale))
    for number, each in enumerate(question.choices, 1):
        console.print(f"  {number}  {each.name:<14}{each.text.read(locale)}")
    while True:
        try:
            line = console.input("> ")
        except EOFError:
            return
        if not sys.stdin.isatty():
            console.print(line)
        yield line


def _choice(question: Question, answer: str, locale: str) -> Choice:
    """By its name or its number."""
    for number, each in enumerate(question.choices, 1):
        if answer in (each.name, str(number)):
            return each
    raise usage(f"'{answer}' {_NO_CHOICE.read(locale)} '{question.name}'", hint=_names(question))


def _names(question: Question) -> str:
    return "|".join(each.name for each in question.choices)
