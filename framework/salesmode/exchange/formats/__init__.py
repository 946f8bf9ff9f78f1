"""The forms of a file, one module each: a `Reader` gives lines, a `Writer` takes rows, both as a stream.

Takes: a path; for writing also the columns.
Gives: cells as the form has them: texts in CSV, numbers and dates too in XLSX, any value in JSON Lines.
Rejects when: the file is not of its form (BadFile); a line that is not is a line with a fault.
Modules: form (what all have in common), csv_file, xlsx_file, json_lines.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from salesmode.exchange.columns import Column
from salesmode.exchange.faults import BadFile
from salesmode.exchange.formats.csv_file import read_csv, write_csv
from salesmode.exchange.formats.form import Line, Table, Writer
from salesmode.exchange.formats.json_lines import read_json_lines, write_json_lines
from salesmode.exchange.formats.xlsx_file import read_xlsx, write_xlsx

__all__ = ["FORMATS", "Line", "Table", "Writer", "format_of", "reading", "writing"]

Reading = Callable[[Path, str], AbstractContextManager[Table]]
Writing = Callable[[BinaryIO, Sequence[Column], str], AbstractContextManager[Writer]]

FORMATS: Mapping[str, tuple[Reading, Writing]] = {
    "csv": (read_csv, write_csv),
    "xlsx": (read_xlsx, write_xlsx),
    "jsonl": (read_json_lines, write_json_lines),
}
_ENDINGS = {".csv": "csv", ".xlsx": "xlsx", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def format_of(path: Path | None, named: str | None) -> str:
    """The form that was named, else that of the file's ending, else CSV."""
    if named is not None:
        if named not in FORMATS:
            raise BadFile(f"there is no format '{named}'", f"there are {', '.join(FORMATS)}")
        return named
    ending = path.suffix.lower() if path else ".csv"
    if ending not in _ENDINGS:
        raise BadFile(f"'{path}' does not end like a known format", f"--format {'|'.join(FORMATS)}")
    return _ENDINGS[ending]


def reading(path: Path, form: str, encoding: str) -> AbstractContextManager[Table]:
    """The table in a file; BadFile where there is none."""
    return FORMATS[form][0](path, encoding)


def writing(
    stream: BinaryIO, columns: Sequence[Column], form: str, encoding: str
) -> AbstractContextManager[Writer]:
    """Takes rows, one value for each column, and writes them."""
    return FORMATS[form][1](stream, columns, encoding)


def lines(table: Table) -> Iterator[Line]:
    """The lines of a table."""
    return iter(table.lines)
