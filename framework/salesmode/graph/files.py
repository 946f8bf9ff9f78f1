"""Where a line of the metadata stands, as clients are told: from the app's folder or that of the presets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os.path import commonpath
from pathlib import Path
from typing import Any

from salesmode.access.telling import ENGINE, place
from salesmode.diagnostics import Span
from salesmode.model.app import Model
from salesmode.resources import presets_dir


@dataclass(frozen=True)
class Files:
    """`folder`: the one that all files of the app are in, or below. No path of the machine is told."""

    folder: Path

    def where(self, span: Span) -> Mapping[str, Any]:
        """`file` and `line`; null for what is built in."""
        if span.file == ENGINE:
            return {"file": None, "line": None}
        return {"file": self._file(span.file), "line": span.line}

    def place(self, span: Span) -> str:
        """The same in words."""
        return place(replace(span, file=self._file(span.file)))

    def _file(self, file: str) -> str:
        path = Path(file)
        for folder in (self.folder, presets_dir().parent):
            if path.is_relative_to(folder):
                return path.relative_to(folder).as_posix()
        return path.name


def files_of(model: Model) -> Files:
    """Those of an app."""
    spans = [*(each.span for each in model.objects.values()), *(each.span for each in model.roles.values())]
    parents = {Path(each.file).parent for each in spans if each.file != ENGINE}
    own = [each for each in parents if not each.is_relative_to(presets_dir())]
    return Files(Path(commonpath(own)) if own else presets_dir())
