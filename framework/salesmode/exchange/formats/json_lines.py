"""JSON Lines: one object in each line, its keys the columns; numbers are exact."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from salesmode.exchange.columns import Column
from salesmode.exchange.faults import BadFile
from salesmode.exchange.formats.form import Line, Table, Writer

LARGEST = 16 * 1024 * 1024


@contextmanager
def read_json_lines(path: Path, encoding: str) -> Iterator[Table]:
    """The columns are the keys of the first object; a later line may leave some out."""
    with path.open("rb") as stream:
        lines = _lines(stream, encoding)
        first = next(lines, None)
        if first is None:
            raise BadFile("the file is empty", "each line is a JSON object with fields as keys")
        if first.fault:
            raise BadFile(f"line {first.number}: {first.fault}", "each line is a JSON object")
        headers = tuple(first.cells)
        yield Table(headers, (_within(each, headers) for each in chain([first], lines)), verbatim=True)


def _lines(stream: BinaryIO, encoding: str) -> Iterator[Line]:
    number = 0
    while raw := stream.readline(LARGEST):
        number += 1
        if len(raw) == LARGEST:
            raise BadFile(f"line {number} is longer than {LARGEST >> 20} MiB")
        if raw.strip():
            yield _line(number, raw, encoding)


def _line(number: int, raw: bytes, encoding: str) -> Line:
    try:
        found = json.loads(raw.decode("utf-8-sig" if number == 1 else encoding), parse_float=Decimal)
    except UnicodeDecodeError:
        raise BadFile(f"line {number} is not {encoding}", "save the file as UTF-8") from None
    except (ValueError, RecursionError):
        return Line(number, {}, "this is not JSON")
    return Line(number, found) if isinstance(found, dict) else Line(number, {}, "this is no JSON object")


def _within(line: Line, headers: Sequence[str]) -> Line:
    extra = [each for each in line.cells if each not in headers]
    if not extra or line.fault:
        return line
    return Line(line.number, line.cells, f"the first line has no key '{extra[0]}'")


@contextmanager
def write_json_lines(stream: BinaryIO, columns: Sequence[Column], encoding: str) -> Iterator[Writer]:
    text = TextIOWrapper(stream, encoding, newline="\n")
    headers = [each.header for each in columns]

    def write(row: Sequence[object]) -> None:
        text.write(
            json.dumps(dict(zip(headers, row, strict=True)), ensure_ascii=False, separators=(",", ":"))
        )
        text.write("\n")

    try:
        yield write
        text.flush()
    finally:
        text.detach()
