"""CSV as RFC 4180 has it: commas, quotation marks, UTF-8 unless told."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from salesmode.exchange import cells
from salesmode.exchange.columns import Column
from salesmode.exchange.faults import BadFile
from salesmode.exchange.formats.form import Line, Table, Writer, line_of

LARGEST = 16 * 1024 * 1024
csv.field_size_limit(LARGEST)

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@contextmanager
def read_csv(path: Path, encoding: str) -> Iterator[Table]:
    """A mark at the file's beginning says more of the encoding than `encoding` does."""
    with path.open(encoding=_encoding(path, encoding), newline="") as stream:
        rows = _rows(csv.reader(stream, strict=True), encoding)
        _, header = next(rows, (1, []))
        if not any(header):
            raise BadFile("the file is empty", "the first row names the fields")
        headers = tuple(each.strip() for each in header)
        if len(headers) == 1 and any(mark in headers[0] for mark in ";\t"):
            raise BadFile("the columns are not separated by commas", "save the file as CSV with commas")
        yield Table(headers, _lines(headers, rows))


def _encoding(path: Path, given: str) -> str:
    with path.open("rb") as stream:
        beginning = stream.read(4)
    try:
        codecs.lookup(given)
    except LookupError:
        raise BadFile(f"there is no encoding '{given}'", "utf-8, gb18030, utf-16 …") from None
    return next((name for mark, name in _MARKS if beginning.startswith(mark)), given)


def _rows(reader: Any, encoding: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except UnicodeError:
            hint = "save the file as UTF-8, or name what it is: --encoding gb18030"
            raise BadFile(f"row {number} or one soon after it is not {encoding}", hint) from None
        except csv.Error as error:
            hint = "is a quotation mark left open?"
            raise BadFile(f"row {number} is no CSV: {error}", hint) from None
        yield number, row


def _lines(headers: Sequence[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Line]:
    for number, row in rows:
        if row:
            yield line_of(number, headers, [cells.unguarded(each) or None for each in row])


@contextmanager
def write_csv(stream: BinaryIO, columns: Sequence[Column], encoding: str) -> Iterator[Writer]:
    text = TextIOWrapper(stream, encoding, newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(each.header for each in columns)
    plain = [cells.numeric(each.shown) for each in columns]

    def write(row: Sequence[object]) -> None:
        texts = [cells.as_text(each.shown, value) for each, value in zip(columns, row, strict=True)]
        writer.writerow(
            text if text is None or safe else cells.guarded(text)
            for text, safe in zip(texts, plain, strict=True)
        )

    try:
        yield write
        text.flush()
    except UnicodeEncodeError as error:
        raise BadFile(f"a text cannot be written in {encoding}", "use --encoding utf-8") from error
    finally:
        text.detach()
