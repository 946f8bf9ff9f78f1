"""A page that is followed as a reader would, in an empty folder: its files are written, its commands are run.

- ```` ```yaml FILE ````, ```` ```csv FILE ````: a file with that text, in the folder of the last `cd`.
- ```` ```console ````: commands behind `$`, going on in the next line behind a backslash; below each, what it
  prints. `…` in a line stands for anything, a line of `…` alone for any lines. `<name>` stands for an id, the
  same one wherever it is written from then on, in commands too.
- ```` ```graphql USER ````: a request of that user to what `salesmode serve` serves; ```` ```json ```` behind
  it is the whole answer, in which `"…"` stands for any text and `<name>` for an id.

Blocks of other languages, and those without a name, are to be read only.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack, chdir
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.cli.kit import Server, salesmode, serving

_BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n?(?P<told>(?:(?!\$ ).*\n?)*)", re.MULTILINE)
_NAME = re.compile(r"<(\w+)>")
_ASSIGNED = re.compile(r"(?:export )?(?P<name>[A-Z_]+)=(?P<value>.*)", re.DOTALL)
_OURS = re.compile(r"\$\(salesmode (.*)\)")
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ANYTHING, _PORT = "…", "8000"


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    name: str
    text: str


def blocks(page: Path) -> list[Block]:
    """All fenced blocks, in order."""
    found = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Block(each["language"], each["name"] or "", each["text"]) for each in found]


@dataclass
class Reader:
    """Somebody who does what the page says, and compares; used in a `with`, which ends the servers."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    server: Server | None = None
    _servers: ExitStack = field(default_factory=ExitStack)
    _tokens: dict[str, str] = field(default_factory=dict)
    _answer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._servers.close()

    def follow(self, block: Block) -> None:
        """Do what one block says."""
        match block.language:
            case "yaml" | "csv" if block.name:
                path = self.folder / block.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            case "console":
                for each in _COMMAND.finditer(block.text):
                    told = self._run(each["command"].replace("\\\n", " "))
                    self._compare(each["told"], told, each["command"])
            case "graphql":
                self._answer = self._asked(block.name, self._with_ids(block.text))
            case "json":
                self._compare_json(json.loads(block.text), self._answer, "answer")
            case _:
                pass

    def _run(self, command: str) -> str:
        command = self._with_ids(command)
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return ""
        if command.startswith("salesmode serve"):
            return self._serve(shlex.split(command)[1:])
        assigned = _ASSIGNED.fullmatch(command)
        if assigned:
            self.variables[assigned["name"]] = self._value(assigned["value"])
            return ""
        if command.startswith("salesmode "):
            return self._salesmode(command.removeprefix("salesmode "))
        return self._shell(command)

    def _value(self, text: str) -> str:
        ours = _OURS.fullmatch(text)
        return self._salesmode(ours[1]).strip() if ours else self._shell(f"printf %s {text}")

    def _shell(self, command: str) -> str:
        """Whatever is no command of ours; nobody needs curl to follow a request to the server."""
        where = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | self.variables | {"PATH": where}
        command = command.replace(f":{_PORT}", f":{self._port}")
        ended = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return ended.stdout + ended.stderr

    def _serve(self, arguments: list[str]) -> str:
        server = serving(*arguments, ready="/graphql", cwd=self.folder, **self.variables)
        self.server = self._servers.enter_context(server)
        return "\n".join(self.server.said).replace(f":{self._port}", f":{_PORT}") + "\n"

    @property
    def _port(self) -> str:
        return self.server.url.rpartition(":")[2] if self.server else _PORT

    def _asked(self, user: str, text: str) -> Any:
        assert self.server is not None
        if user not in self._tokens:
            self._tokens[user] = self._salesmode(f"token --user {user}").strip()
        return self.server.answer(text, self._tokens[user])

    def _salesmode(self, arguments: str) -> str:
        """A command of ours, in this process: it says the same as in one of its own, and sooner."""
        with chdir(self.folder):
            said = salesmode(*shlex.split(arguments), **self.variables)
        return said.out + said.err

    def _with_ids(self, text: str) -> str:
        return _NAME.sub(lambda found: self.ids.get(found[1], found[0]), text)

    def _compare(self, expected: str, told: str, command: str) -> None:
        wanted = [each for each in expected.rstrip("\n").split("\n") if expected.strip()]
        text = "".join(r"(?:.*\n)*?" if each == _ANYTHING else f"{self._line(each)} *\n" for each in wanted)
        found = re.fullmatch(text, told.rstrip("\n") + "\n" if told.strip() else "")
        assert found, f"$ {command}\n{told}\n-- the page says --\n{expected}"
        self.ids |= found.groupdict()

    def _line(self, line: str) -> str:
        """The pattern of a line: an id that has its name already has to be that one."""
        parts = re.split(r"(<\w+>|…)", line)
        return "".join(self._part(each) for each in parts)

    def _part(self, part: str) -> str:
        if part == _ANYTHING:
            return ".*"
        name = _NAME.fullmatch(part)
        if name is None:
            return re.escape(part)
        return self.ids.get(name[1]) or rf"(?P<{name[1]}>{_ID})"

    def _compare_json(self, expected: Any, told: Any, place: str) -> None:
        match expected:
            case dict():
                assert isinstance(told, dict), (place, self._answer)
                assert expected.keys() == told.keys(), (place, self._answer)
                for key, value in expected.items():
                    self._compare_json(value, told[key], f"{place}.{key}")
            case list():
                assert isinstance(told, list), (place, self._answer)
                assert len(expected) == len(told), (place, self._answer)
                for at, (one, other) in enumerate(zip(expected, told, strict=True)):
                    self._compare_json(one, other, f"{place}.{at}")
            case str():
                found = re.fullmatch(self._line(expected), str(told), re.DOTALL)
                assert found, (place, expected, self._answer)
                self.ids |= found.groupdict()
            case _:
                assert expected == told, (place, self._answer)
