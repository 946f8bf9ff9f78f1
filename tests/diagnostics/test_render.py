"""A diagnostic is one block: place, code and message; the source line with a caret; why; hint."""

import pytest

from salesmode.diagnostics import Collector, Diagnostic, MetadataError, Span, as_json, render

SOURCE = "kind: object\nfields:\n  ammount: {type: money}\n"


def test_the_block_has_everything_in_order() -> None:
    diagnostic = Diagnostic(
        "SM302",
        "unknown field 'ammount'",
        Span("a/b.yaml", 3, 3, 7),
        why="stage 'proposal' requires it",
        hint="did you mean 'amount'?",
        related=(Span("c.yaml", 9, 5),),
    )
    assert render(diagnostic, {"a/b.yaml": SOURCE}) == (
        "a/b.yaml:3:3: SM302 unknown field 'ammount'\n"
        "    ammount: {type: money}\n"
        "    ^^^^^^^\n"
        "  stage 'proposal' requires it\n"
        "  see c.yaml:9:5\n"
        "  hint: did you mean 'amount'?"
    )


def test_a_warning_says_so() -> None:
    warning = Diagnostic("SM901", "no effect", Span("a", 1, 1), severity="warning")
    assert render(warning, {}) == "a:1:1: SM901 warning: no effect"


@pytest.mark.parametrize(
    ("line", "column", "length", "caret"),
    [
        ("名称: x", 5, 1, "      ^"),
        ("a: 客户", 4, 2, "   ^^^^"),
        ("\ta: b", 2, 1, "\t^"),
        ("e\u0301: b", 4, 1, "  ^"),
        ("abc", 4, 1, "   ^"),
        ("abc", 2, 99, " ^^"),
    ],
)
def test_the_caret_stands_under_what_is_meant(line: str, column: int, length: int, caret: str) -> None:
    shown = render(Diagnostic("SM101", "x", Span("a", 1, column, length)), {"a": line})
    assert shown.split("\n")[2] == f"  {caret}"


def test_a_long_line_is_cut_around_the_place() -> None:
    _, excerpt, caret = render(
        Diagnostic("SM101", "x", Span("a", 1, 5001, 3)), {"a": "-" * 5000 + "abc" + "-" * 5000}
    ).split("\n")
    assert len(excerpt) < 200
    assert excerpt[caret.index("^") : caret.index("^") + 3] == "abc"


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in render(Diagnostic("SM106", "x", Span("a", 1, 1)), {"a": "\x1b[31mred"})


def test_a_file_that_is_not_at_hand_has_no_excerpt() -> None:
    assert render(Diagnostic("SM110", "x", Span("a", 7, 1)), {"a": "one line"}) == "a:7:1: SM110 x"


def test_json_says_the_same() -> None:
    assert as_json(Diagnostic("SM302", "x", Span("a", 3, 5, 2), hint="h", related=(Span("b", 1, 2),))) == {
        "code": "SM302",
        "severity": "error",
        "message": "x",
        "file": "a",
        "line": 3,
        "column": 5,
        "length": 2,
        "why": None,
        "hint": "h",
        "related": [{"file": "b", "line": 1, "column": 2, "length": 1}],
    }


def test_diagnostics_come_in_the_order_of_their_places_and_once() -> None:
    collector = Collector()
    for line in (3, 1, 3):
        collector.error("SM302", "x", Span("a", line, 1))
    assert [each.span.line for each in collector.diagnostics] == [1, 3]


def test_warnings_alone_do_not_stop() -> None:
    collector = Collector()
    collector.warning("SM901", "x", Span("a", 1, 1))
    collector.stop_on_errors({})
    collector.error("SM302", "y", Span("a", 2, 1))
    with pytest.raises(MetadataError) as raised:
        collector.stop_on_errors({"a": "one\ntwo"})
    assert str(raised.value) == "a:1:1: SM901 warning: x\n  one\n  ^\n\na:2:1: SM302 y\n  two\n  ^"


def test_after_a_thousand_errors_one_says_that_there_are_more() -> None:
    collector = Collector()
    for line in range(1, 1201):
        collector.error("SM302", "x", Span("a", line, 1))
        collector.warning("SM901", "w", Span("a", line, 1))
    assert collector.full
    codes = [each.code for each in collector.diagnostics if each.severity == "error"]
    assert (codes.count("SM302"), codes.count("SM112")) == (1000, 1)
