"""Files become plain data with places, and nothing a file holds can hang or overrun the loader."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from salesmode.compiler.loader import load, read_folder, read_texts
from salesmode.compiler.located import Document, text_of
from salesmode.diagnostics import Collector


def loaded(text: str) -> Document:
    """The one document of a text that is right."""
    collector = Collector()
    documents = load(read_texts({"a.yaml": text}, collector), collector)
    assert collector.diagnostics == ()
    (document,) = documents
    return document


def codes(text: str | bytes, folder: Path) -> list[str]:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "a.yaml").write_bytes(content)
    collector = Collector()
    load(read_folder(folder, "", collector), collector)
    return [each.code for each in collector.diagnostics]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("1.10", Decimal("1.10")),
        ("-0.5", Decimal("-0.5")),
        ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", Decimal("9223372036854775808")),
        *(
            (text, text)
            for text in ("yes", "on", "off", "True", "NULL", "~", "0010", "+5", "1e3", ".5", "5.", "0x1F")
        ),
        *((text, text) for text in ("12:30", "2026-01-31", "1_000", ".inf", "=", "01.5", "-0")),
        ("'true'", "true"),
        ('"12"', "12"),
        ("!!str 12", "12"),
    ],
)
def test_only_few_plain_scalars_are_not_text(written: str, meant: object) -> None:
    value = loaded(f"a: {written}").data["a"]
    assert (value, type(value)) == (meant, type(meant))


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?", fullmatch=True))
def test_a_number_gives_its_source_text_back(written: str) -> None:
    assert text_of(loaded(f"a: {written}").data["a"]) == written


def test_a_decimal_never_goes_through_a_float() -> None:
    assert loaded("a: 0.1000000000000000055511151231257827").data["a"] == Decimal(
        "0.1000000000000000055511151231257827"
    )


def test_keys_are_text_whatever_they_look_like() -> None:
    assert [*loaded("1: a\ntrue: b\nnull: c\n2026-01-01: d").data] == ["1", "true", "null", "2026-01-01"]


def test_every_key_and_value_has_its_place() -> None:
    document = loaded("fields:\n  name: {type: text}\nlist:\n  - a\n  - 客户: x\n")
    assert str(document.keys["fields", "name", "type"]) == "a.yaml:2:10"
    assert str(document.values["fields", "name", "type"]) == "a.yaml:2:16"
    assert str(document.values["list", 0]) == "a.yaml:4:5"
    assert document.values["list", 1, "客户"].column == 9


def test_places_of_parts_that_are_not_there_are_those_above() -> None:
    document = loaded("fields:\n  name: {type: text}\n")
    assert str(document.place(("fields", "name", "label", "en"))) == "a.yaml:2:3"
    assert str(document.value_place(("fields", "phone"))) == "a.yaml:1:1"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_and_byte_order_marks_do_not_matter(end: str) -> None:
    document = loaded("\ufeff" + end.join(["kind: object", "name: shop", ""]))
    assert document.data == {"kind": "object", "name": "shop"}
    assert str(document.keys["name",]) == "a.yaml:2:1"


def test_a_file_holds_several_documents() -> None:
    collector = Collector()
    documents = load({"a.yaml": "---\na: 1\n---\n---\nb: 2\n...\n"}, collector)
    assert [each.data for each in documents] == [{"a": 1}, {"b": 2}]


def test_aliases_are_plain_copies_with_the_place_of_their_anchor() -> None:
    document = loaded("a: &x {b: [1]}\nc: *x\n")
    assert document.data == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert document.values["c", "b", 0] == document.values["a", "b", 0]


def test_folders_are_read_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/x.yaml", "a.yml", ".git/c.yaml", "b/.d.yaml", "readme.md", "node_modules/e.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a: 1")
    assert [*read_folder(tmp_path, "app", Collector())] == ["app/a.yml", "app/b/x.yaml"]


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").symlink_to(tmp_path / "nowhere")
    assert codes("a: 1", tmp_path) == ["SM110"]


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("a: [")
    (tmp_path / "c.yaml").write_text("\ta: 1")
    assert codes("a: 1\na: 2", tmp_path) == ["SM102", "SM101", "SM107"]


def test_a_large_file_is_read(tmp_path: Path) -> None:
    """Five megabytes."""
    assert codes("a:\n" + "  - some text that is neither short nor long\n" * 115_000, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: " + "x" * 10_000_001, "SM108"),
        ("a: " + "[" * 1_000_000, "SM108"),
        ("{a: " * 1_000_000, "SM108"),
        ("\n".join(" " * depth + "a:" for depth in range(200)), "SM108"),
        ("a: &a [" + "x, " * 10_000 + "]\nb: [" + "*a, " * 10_000 + "]", "SM104"),
    ],
)
def test_what_would_grow_without_bound_is_refused_at_once(text: str, code: str, tmp_path: Path) -> None:
    assert codes(text, tmp_path) == [code]


@given(st.text(alphabet=st.sampled_from(" \n\t:-,[]{}&*!|>'\"%@`#?ab1.~：，“【\\"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    collector = Collector()
    load(read_texts({"a.yaml": text}, collector), collector)
    for each in collector.diagnostics:
        assert each.span.line <= text.count("\n") + 2


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    codes(content, tmp_path_factory.mktemp("any"))
