"""The broken cases: in `broken/` the smallest wrong metadata, and beside it what has to be said of it.

A case is a file `NAME.yaml` (an app document is added where it has none) or a folder `NAME/`, and `NAME.txt`.
`python -m tests.compiler.broken_cases` writes the `.txt` of cases that have none; to renew one, delete it.
"""

import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from salesmode.compiler import compile_app
from salesmode.diagnostics import MetadataError, render

BROKEN = Path(__file__).parent / "broken"
_APP = "kind: app\nname: app\n"


def cases() -> list[str]:
    """The names of all cases."""
    return sorted(path.stem for path in BROKEN.iterdir() if path.is_dir() or path.suffix == ".yaml")


def lay_out(case: str, folder: Path) -> None:
    """Puts the files of the case into the folder."""
    source = BROKEN / case
    if source.is_dir():
        shutil.copytree(source, folder, dirs_exist_ok=True)
        return
    content = source.with_suffix(".yaml").read_bytes()
    (folder / f"{case}.yaml").write_bytes(content)
    if b"kind: app" not in content:
        (folder / "app.yaml").write_text(_APP)


def said(case: str, folder: Path) -> str:
    """What a person reads."""
    lay_out(case, folder)
    with chdir(folder):
        try:
            compiled = compile_app(Path())
        except MetadataError as error:
            return f"{error}\n"
        return "".join(f"{render(each, compiled.sources)}\n" for each in compiled.warnings)


def main() -> None:
    for case in cases():
        expectation = BROKEN / f"{case}.txt"
        if not expectation.exists():
            with tempfile.TemporaryDirectory() as folder:
                expectation.write_text(said(case, Path(folder)), encoding="utf-8")
            print(f"\n{case}\n{expectation.read_text(encoding='utf-8')}", end="")


if __name__ == "__main__":
    main()
