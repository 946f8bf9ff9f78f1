"""A file that is none, or that names what is not there, is told of in one sentence."""

from pathlib import Path

import pytest

from salesmode.access.scope import SystemScope
from salesmode.exchange.columns import identifying, importable
from salesmode.exchange.faults import BadFile
from salesmode.exchange.formats import format_of, reading
from salesmode.records.subject import subject_of
from salesmode.tables import tables_of
from tests.exchange.kit import MODEL

SUBJECT = subject_of(SystemScope(tables_of(MODEL, "sqlite")), "company")

FILES = {
    "empty.csv": (b"", "the file is empty"),
    "blank.csv": (b"\n\n", "the file is empty"),
    "gbk.csv": ("name\n客户\n".encode("gb18030"), "is not utf-8"),
    "semicolons.csv": (b"name;staff\nA;1\n", "not separated by commas"),
    "nameless.csv": (b"name,,staff\nA,1,2\n", "column 2 has no name"),
    "twice.csv": (b"name,name\nA,B\n", "column 'name' stands there twice"),
    "unknown.csv": (b"nmae\nA\n", "column 'nmae': there is no such field"),
    "headless.csv": (b"Acme,5\nBeta,6\n", "column 'Acme': there is no such field"),
    "nowhere.csv": (b"parent.grade\nA\n", "column 'parent.grade'"),
    "plain.csv": (b"staff.name\nA\n", "'staff' leads to no record"),
    "both.csv": (b"name,parent,parent.name\nA,,\n", "two columns write the field 'parent'"),
    "nothing.csv": (b"version,created_at\n1,\n", "no column of the file can be written"),
    "open.csv": (b'name\n"A\nB\n', "row 2 is no CSV"),
    "none.xlsx": (b"PK not really", "no XLSX workbook"),
    "empty.jsonl": (b"\n", "the file is empty"),
    "list.jsonl": (b"[1]\n", "line 1: this is no JSON object"),
    "text.jsonl": (b"name\n", "line 1: this is not JSON"),
    "gbk.jsonl": ('{"name":"客"}\n'.encode("gb18030"), "line 1 is not utf-8"),
    "what.doc": (b"name\n", "does not end like a known format"),
}


def read(path: Path) -> None:
    with reading(path, format_of(path, None), "utf-8") as table:
        importable(SUBJECT, table.headers, ())
        list(table.lines)


@pytest.mark.parametrize("name", FILES)
def test_the_fault_is_said(name: str, tmp_path: Path) -> None:
    content, said = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile, match=said):
        read(path)


def test_the_hint_is_the_near_name() -> None:
    with pytest.raises(BadFile) as caught:
        importable(SUBJECT, ["revenu"], ())
    assert caught.value.hint == "did you mean 'revenue'?"


def test_an_upsert_goes_by_what_is_unique() -> None:
    with pytest.raises(BadFile, match="'grade' is not declared unique") as caught:
        identifying(SUBJECT, ["grade"])
    assert caught.value.hint == "--by may be: id, name"


def test_a_byte_order_mark_says_the_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / "a.csv"
        path.write_text("name\n客户\n", encoding=encoding)
        with reading(path, "csv", "utf-8") as table:
            assert [each.cells for each in table.lines] == [{"name": "客户"}]
