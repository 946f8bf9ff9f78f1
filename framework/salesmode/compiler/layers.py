"""Which layers an app has: core, then what it extends, then itself; each read by the loader."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path

from salesmode.compiler.loader import UNREADABLE, load, read_folder, read_texts
from salesmode.compiler.located import Document
from salesmode.diagnostics import Collector, Span, did_you_mean
from salesmode.resources import presets_dir

CORE = "core"
_ENTRY = "app.yaml"
_INCOMPLETE = UNREADABLE | {"SM401", "SM402"}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as read. `name`: a preset's, a path, or the app's own."""

    name: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """The layers from the bottom to the top, and every text that was read (file → text).

    `complete` is False where part of them could not be read: then a name that is missing may be there.
    """

    layers: tuple[Layer, ...]
    sources: Mapping[str, str]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of metadata; `shown` is how its files are named to people. Texts at hand have no `path`."""

    name: str
    shown: str
    path: Path | None

    def beside(self, written: str) -> "_Folder | None":
        """The folder that a path in `extends` means."""
        if self.path is None:
            return None
        return _Folder(written, normpath(Path(self.shown) / written), self.path / written)


def folder_layers(folder: Path, collector: Collector) -> Stack:
    """The layers of the app in a folder."""
    top = _Folder(folder.resolve().name, str(folder), folder)
    fault = _no_app_folder(folder)
    if fault is not None:
        message, hint = fault
        collector.error("SM110", message, Span(str(folder), 1, 1), hint=hint)
        return Stack((), {}, False)
    return _Reader(collector).stack(top, lambda: read_folder(folder, str(folder), collector))


def _no_app_folder(folder: Path) -> tuple[str, str | None] | None:
    """Why the folder is no app, and what to do; that of several apps would give as many as one."""
    if folder.is_file():
        return f"'{folder}' is a file, and an app is a folder", f"say {folder.parent}"
    if not folder.is_dir():
        return f"there is no folder '{folder}'", None
    below = sorted(path.parent for path in folder.glob(f"*/{_ENTRY}"))
    if len(below) < 2 or any(folder.glob("*.y*ml")):
        return None
    return "there is no app in this folder, and several below it", f"say one of {', '.join(map(str, below))}"


def text_layers(files: Mapping[str, str], collector: Collector) -> Stack:
    """The layers of an app given as texts (file name → text)."""
    return _Reader(collector).stack(_Folder("app", "", None), lambda: read_texts(files, collector))


def plugin_layers(folders: Mapping[str, Path], collector: Collector) -> Stack:
    """The layers that plugins bring, each with its folder, and the texts that were read."""
    reader = _Reader(collector)
    layers = tuple(reader.plugin(name, folder) for name, folder in folders.items())
    return Stack(layers, reader.sources, True)


def is_path(written: str) -> bool:
    """Whether an entry of `extends` is a path; otherwise it is a preset's name."""
    return "/" in written or "\\" in written or written.startswith(".")


@dataclass
class _Reader:
    collector: Collector
    sources: dict[str, str] = field(default_factory=dict)
    _read: dict[str, None] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def stack(self, top: _Folder, texts: Callable[[], dict[str, str]]) -> Stack:
        core = self._layer(_preset(CORE))
        layers = (*core, *self._with_lower(top, texts))
        unread = any(each.code in _INCOMPLETE for each in self.collector.diagnostics)
        return Stack(layers, self.sources, not unread)

    def plugin(self, name: str, folder: Path) -> Layer:
        texts = read_folder(folder, f"plugins/{name}", self.collector)
        self.sources.update(texts)
        return Layer(f"plugin {name}", load(texts, self.collector))

    def _layer(self, folder: _Folder) -> tuple[Layer, ...]:
        path = folder.path
        assert path is not None
        return tuple(self._with_lower(folder, lambda: read_folder(path, folder.shown, self.collector)))

    def _with_lower(self, folder: _Folder, texts: Callable[[], dict[str, str]]) -> Iterator[Layer]:
        """The layer, after all those that it extends."""
        key = str(folder.path.resolve()) if folder.path else ""
        self._read[key] = None
        self._open.append(key)
        read = texts()
        self.sources.update(read)
        documents = _own(load(read, self.collector), folder)
        for document, written, span in _extends(documents):
            yield from self._lower(folder, written, span, document)
        self._open.pop()
        yield Layer(_name(documents) or folder.name, documents)

    def _lower(self, folder: _Folder, written: str, span: Span, document: Document) -> tuple[Layer, ...]:
        lower = folder.beside(written) if is_path(written) else _preset(written)
        if written == CORE:
            self.collector.warning("SM901", "'core' has no effect here: it is always the lowest layer", span)
        elif lower is None or lower.path is None or not (lower.path / _ENTRY).is_file():
            self._not_found(written, span)
        elif str(lower.path.resolve()) in self._open:
            self._cycle(written, span, document)
        elif str(lower.path.resolve()) not in self._read:
            return self._layer(lower)
        return ()

    def _not_found(self, written: str, span: Span) -> None:
        if is_path(written):
            self.collector.error("SM402", f"there is no '{written}/{_ENTRY}' to extend", span)
            return
        names = preset_names()
        hint = (
            did_you_mean(written, names) or f"presets: {', '.join(names) or 'none'}; a path begins with './'"
        )
        self.collector.error("SM402", f"there is no preset '{written}'", span, hint=hint)

    def _cycle(self, written: str, span: Span, document: Document) -> None:
        name = document.data.get("name")
        self.collector.error(
            "SM401", f"'{name}' and '{written}' extend each other", span, hint="remove one of the two"
        )


def preset_names() -> tuple[str, ...]:
    """The presets that an app can extend."""
    folder = presets_dir()
    found = (path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ()
    return tuple(sorted(name for name in found if name != CORE and not name.startswith(".")))


def _preset(name: str) -> _Folder:
    return _Folder(name, f"presets/{name}", presets_dir() / name)


def _name(documents: tuple[Document, ...]) -> str | None:
    names = (each.data.get("name") for each in documents if each.data.get("kind") == "app")
    return next((name for name in names if isinstance(name, str)), None)


def _extends(documents: tuple[Document, ...]) -> Iterator[tuple[Document, str, Span]]:
    """What the app document extends; anything but texts is left to the validator."""
    for document in documents:
        raw = document.data.get("extends") if document.data.get("kind") == "app" else None
        listed = isinstance(raw, list)
        for at, written in enumerate(raw if isinstance(raw, list) else [raw]):
            if isinstance(written, str) and written:
                yield document, written, document.value_place(("extends", at) if listed else ("extends",))


def _own(documents: tuple[Document, ...], folder: _Folder) -> tuple[Document, ...]:
    """Without what lies in folders that the layer extends: those are layers of their own.

    Of several app documents the one nearest to the top of the folder is the layer's.
    """
    extended: list[str] = []
    for document, written, _ in _extends(tuple(sorted(documents, key=_depth))):
        lower = folder.beside(written) if is_path(written) and not _below(document, extended) else None
        if lower is not None and not lower.shown.startswith(".."):
            extended.append(lower.shown)
    return tuple(each for each in documents if not _below(each, extended))


def _depth(document: Document) -> int:
    return document.place().file.count("/")


def _below(document: Document, folders: list[str]) -> bool:
    return any(document.place().file.startswith(f"{folder}/") for folder in folders)
