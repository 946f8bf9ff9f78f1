"""Write the lock anew: the newest versions that satisfy pyproject.toml, in a throw-away environment."""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HEADER = "# Exact versions for development and CI. Renew with: make lock\n"
PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def wanted() -> list[str]:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    dependencies: list[str] = project["project"]["dependencies"]
    development: list[str] = project["dependency-groups"]["dev"]
    return dependencies + development


def resolve(requirements: list[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [str(Path(folder) / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", *requirements], check=True)
        frozen = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True)
        return frozen.stdout


def main(lock: Path) -> None:
    lock.write_text(HEADER + resolve(wanted()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
