"""The rows that were refused, in a file of the same form with their reasons, to be put right."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from salesmode.exchange import cells
from salesmode.exchange.columns import PROBLEM
from salesmode.exchange.formats.xlsx_file import text_cell
from salesmode.exchange.lookup import Row


def write_refused(
    path: Path, form: str, headers: Sequence[str], rows: Sequence[Row], reasons: Sequence[str]
) -> None:
    """One row for each, its cells as they were read, and its reason in the last column."""
    names = [each for each in headers if each != PROBLEM]
    found = [[row.cells.get(each) for each in names] for row in rows]
    match form:
        case "csv":
            _csv(path, names, found, reasons)
        case "xlsx":
            _xlsx(path, names, found, reasons)
        case _:
            _json_lines(path, rows, reasons)


def _csv(path: Path, names: Sequence[str], rows: Sequence[Sequence[object]], reasons: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*names, PROBLEM])
        for row, reason in zip(rows, reasons, strict=True):
            texts = [each if each is None else cells.guarded(str(each)) for each in row]
            writer.writerow([*texts, cells.guarded(reason)])


def _xlsx(path: Path, names: Sequence[str], rows: Sequence[Sequence[object]], reasons: Sequence[str]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("refused")
    sheet.append([*names, PROBLEM])
    for row, reason in zip(rows, reasons, strict=True):
        sheet.append([text_cell(sheet, each) if isinstance(each, str) else each for each in (*row, reason)])
    book.save(path)
    book.close()


def _json_lines(path: Path, rows: Sequence[Row], reasons: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for row, reason in zip(rows, reasons, strict=True):
            stream.write(json.dumps({**row.cells, PROBLEM: reason}, ensure_ascii=False, default=str) + "\n")
