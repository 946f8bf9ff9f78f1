"""XLSX by openpyxl's streaming modes: the first sheet, its first row the header.

Numbers are written as numbers where a spreadsheet holds them exactly, else as text; dates as dates; all else
as text, which is marked so that no spreadsheet runs it.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException

from salesmode.exchange import cells
from salesmode.exchange.columns import Column
from salesmode.exchange.faults import BadFile
from salesmode.exchange.formats.form import Line, Table, Writer, line_of

ROWS = 1_048_576
_TEXT = 32_767
_UNPACKED = 4 * 1024**3
_FIRST_DAY = date(1901, 1, 1)  # what lies before is counted in two ways


@contextmanager
def read_xlsx(path: Path, encoding: str) -> Iterator[Table]:  # noqa: ARG001 - a workbook says its own
    book = _opened(path)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        headers = _headers(next(rows, ()))
        yield Table(headers, _lines(headers, rows))
    finally:
        book.close()


def _opened(path: Path) -> Any:
    try:
        with ZipFile(path) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > _UNPACKED:
            raise BadFile("the workbook is too large", "split it, or save it as CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise BadFile("this is no XLSX workbook", "save it as XLSX without a password, or as CSV") from error
    if not book.worksheets:
        raise BadFile("the workbook has no sheet")
    return book


def _headers(row: Sequence[object]) -> tuple[str, ...]:
    found = ["" if each is None else str(each).strip() for each in row]
    while found and not found[-1]:
        found.pop()
    if not found:
        raise BadFile("the first sheet is empty", "its first row names the fields")
    return tuple(found)


def _lines(headers: Sequence[str], rows: Iterator[Sequence[object]]) -> Iterator[Line]:
    width = len(headers)
    for number, row in enumerate(rows, 2):
        values = [None if each == "" else each for each in row]
        while len(values) > width and values[-1] is None:
            values.pop()
        if any(each is not None for each in values):
            yield line_of(number, headers, [*values, *[None] * (width - len(values))])


@contextmanager
def write_xlsx(stream: BinaryIO, columns: Sequence[Column], encoding: str) -> Iterator[Writer]:  # noqa: ARG001
    book = Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.freeze_panes = "A2"
    sheet.append([each.header for each in columns])
    written = 1

    def write(row: Sequence[object]) -> None:
        nonlocal written
        written += 1
        if written > ROWS:
            raise BadFile(f"a sheet holds at most {ROWS:,} rows", "export as csv or jsonl")
        sheet.append([_cell(sheet, each, value) for each, value in zip(columns, row, strict=True)])

    try:
        yield write
        book.save(stream)
    finally:
        book.close()


def _cell(sheet: Any, column: Column, value: object) -> Any:
    text = cells.as_text(column.shown, value)
    if text is None or isinstance(value, bool):
        return value
    if cells.numeric(column.shown) and (number := cells.number(text)) is not None:
        cell = WriteOnlyCell(sheet, cast(float, number))  # openpyxl writes any number as it is
        cell.number_format = "0" + ("." + "0" * column.shown.scale if column.shown.scale else "")
        return cell
    if column.shown.type == "date" and (day := date.fromisoformat(text)) >= _FIRST_DAY:
        return _dated(sheet, day)
    return _texted(sheet, column, text)


def _dated(sheet: Any, day: date) -> Any:
    cell = WriteOnlyCell(sheet, datetime(day.year, day.month, day.day))  # noqa: DTZ001 - a day
    cell.number_format = "yyyy-mm-dd"
    return cell


def _texted(sheet: Any, column: Column, text: str) -> Any:
    if len(text) > _TEXT:
        raise BadFile(f"a text of '{column.header}' is longer than a cell may be", "export as csv or jsonl")
    try:
        return text_cell(sheet, text)
    except IllegalCharacterError:
        what = f"a text of '{column.header}' has characters that no workbook can hold"
        raise BadFile(what, "export as csv or jsonl") from None


def text_cell(sheet: Any, text: str) -> Any:
    """A cell that holds a text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if cells.risky(text):
        cell.quotePrefix = True
    return cell
