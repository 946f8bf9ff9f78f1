"""Finds and decodes the YAML files of a folder."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from salesmode.diagnostics import Collector, Span

UNREADABLE = frozenset({"SM101", "SM104", "SM105", "SM106", "SM107", "SM108", "SM110"})
"""Codes after which part of a file is unknown, so that a missing name may be the fault of the reading."""

_LARGEST = 10_000_000  # bytes
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_FORBIDDEN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # line breaks that only YAML 1.1 knows (U+0085, U+2028, U+2029) are among them: the versions disagree


def read_folder(folder: Path, shown: str, collector: Collector) -> dict[str, str]:
    """The texts of all `.yaml` and `.yml` files below the folder, by a name that begins with `shown`.

    Hidden folders are left out. Files come in the order of their names.
    """
    texts: dict[str, str] = {}
    for path in sorted(_yaml_files(folder)):
        name = (Path(shown) / path.relative_to(folder)).as_posix()
        text = _read(path, name, collector)
        if text is not None:
            texts[name] = text
    return texts


def read_texts(files: Mapping[str, str], collector: Collector) -> dict[str, str]:
    """The same for texts at hand: file name → text."""
    found = {
        name: decode(text.encode("utf-8", "surrogatepass"), name, collector) for name, text in files.items()
    }
    return {name: text for name, text in found.items() if text is not None}


def _yaml_files(folder: Path) -> Iterator[Path]:
    """Folders that cannot be read, and links to folders, are passed over."""
    for found, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        yield from (
            Path(found) / name for name in names if name.endswith((".yaml", ".yml")) and name[0] != "."
        )


def _read(path: Path, name: str, collector: Collector) -> str | None:
    try:
        return decode(path.read_bytes(), name, collector)
    except OSError as error:
        collector.error("SM110", f"the file cannot be read: {error.strerror}", Span(name, 1, 1))
        return None


def decode(content: bytes, name: str, collector: Collector) -> str | None:
    """UTF-8, with or without a byte order mark, any line ends; None where the file is refused."""
    if len(content) > _LARGEST:
        collector.error(
            "SM108",
            f"the file has {len(content):,} bytes, more than {_LARGEST:,}",
            Span(name, 1, 1),
            hint="split it: a folder may hold any number of files, a kind any number of documents",
        )
        return None
    try:
        text = _text(content)
    except UnicodeDecodeError as error:
        _not_utf8(content, error.start, name, collector)
        return None
    return text if _allowed(text, name, collector) else None


def _text(content: bytes) -> str:
    if content.startswith(_UTF16_OR_32):
        raise UnicodeDecodeError("utf-8", content, 0, 1, "another encoding's mark")
    return content.removeprefix(_UTF8_MARK).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(content: bytes, start: int, name: str, collector: Collector) -> None:
    before = content[:start].decode("utf-8", "replace")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    collector.error(
        "SM106",
        "the file is not UTF-8",
        Span(name, line, column),
        why=_guess(content),
        hint="save the file as UTF-8",
    )


def _guess(content: bytes) -> str | None:
    if content.startswith(_UTF16_OR_32):
        return "it begins with the mark of UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "it may be GBK or another older encoding"


def _allowed(text: str, name: str, collector: Collector) -> bool:
    found = _FORBIDDEN.search(text)
    if not found:
        return True
    start = found.start()
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    collector.error(
        "SM106",
        f"the character U+{ord(found[0]):04X} may not stand in YAML",
        Span(name, text.count("\n", 0, start) + 1, column),
        hint=f'write it as "\\u{ord(found[0]):04x}" in double quotes, or remove it',
    )
    return False
