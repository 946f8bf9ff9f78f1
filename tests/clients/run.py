"""Serve a CRM with the project's own commands, and let the clients of this folder ask it.

Usage: python tests/clients/run.py, after `npm ci` in this folder. The exit status is that of the clients.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SALESMODE = Path(sys.executable).with_name("salesmode")
APP = 'kind: app\nname: clients\nversion: "1.0.0"\nextends: expert_b2b\n'


def main() -> int:
    environment = {**os.environ, "SALESMODE_SECRET": secrets.token_urlsafe(32)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app.yaml").write_text(APP)
        _salesmode(environment, "apply", str(folder), "--admin", "ann")
        token = _salesmode(environment, "token", "--user", "ann").strip()
        with _served(folder, environment) as server:
            try:
                asking = {**environment, "CRM_URL": _address(server), "CRM_TOKEN": token}
                tests = sorted(str(each) for each in HERE.glob("*.test.mjs"))
                command = ["node", "--test", "--test-reporter=spec", *tests]
                return subprocess.run(command, check=False, env=asking, cwd=HERE).returncode
            finally:
                server.terminate()


def _salesmode(environment: dict[str, str], *arguments: str) -> str:
    command = [str(SALESMODE), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _served(folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [str(SALESMODE), "serve", str(folder), "--port", "0"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def _address(server: subprocess.Popen[str]) -> str:
    """`serve` says where it listens once it does."""
    assert server.stderr is not None
    for line in server.stderr:
        if " on http" in line:
            return line.rpartition(" on ")[2].strip()
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    sys.exit(main())
