"""A page of `docs/examples` that is sent, request by request, to a server of the preset it is named after.

A page is Markdown, of which the server hears three things:

- ```` ```graphql NAME ```` is a request of that user, over HTTP with a token of their own. A block
  ```` ```json variables ```` behind it has its variables; the block ```` ```json ```` has the whole answer.
- A paragraph that begins with `` `+2d` `` moves the clock; what is due meanwhile is done.
- `<deal>` in an answer stands for whatever is there (an id, a cursor), which has that name from then on; in
  requests and later answers it stands for the same again.

The database begins with nothing but what the metadata brings and the user `admin`; the clock at START.
`python -m tests.examples.page PAGE` writes the answers into the page: those that are missing and those that
came out otherwise. A new id is called by its alias (`works: id`), or as its root field (`deal: create…`).
"""

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from salesmode.database.connect import connect
from salesmode.server.application import application
from salesmode.server.settings import Settings
from salesmode.server.tokens import new_token
from salesmode.tables import tables_of
from salesmode.testing import Running
from tests.presets.compiled import compiled
from tests.server.live import live

PAGES = Path(__file__).parents[2] / "docs" / "examples"

_SECRET = "a secret that is long enough for the tokens of an example"
_HEARD = re.compile(
    r"^```graphql (?P<user>\w+)\n(?P<text>.*?)^```\n"
    r"(?:\s*^```json variables\n(?P<variables>.*?)^```\n)?"
    r"(?:\s*^```json\n(?P<answer>.*?)^```\n)?"
    r"|^`\+(?P<later>\w+)`",
    re.MULTILINE | re.DOTALL,
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"<(\w+)>")
_WIDTH = 116


@dataclass(frozen=True)
class Server:
    """The preset, served over HTTP on a port of its own."""

    running: Running
    client: httpx.AsyncClient

    async def answer(self, user: str, text: str, variables: Any) -> Any:
        """As the user's client gets it, once plugins have heard of it."""
        token = new_token(_SECRET, user, lifetime=timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        body = {"query": text, "variables": variables}
        answer = await self.client.post("/graphql", json=body, headers=headers)
        await self.running.work()
        return answer.json()


@asynccontextmanager
async def served(preset: str, database_url: str) -> AsyncIterator[Server]:
    """On an empty database."""
    database = await connect(database_url)
    try:
        model = compiled(preset).model
        running = Running(tables_of(model, database.dialect), database)
        await running.make_tables()
        await running.begin()
        app = application(model, database, secret=_SECRET, settings=Settings(clock=running.clock))
        async with live(app) as at, httpx.AsyncClient(base_url=f"http://{at}", timeout=60) as client:
            yield Server(running, client)
    finally:
        await database.close()


@dataclass
class Names:
    """What has a name so far, by it."""

    values: dict[str, str] = field(default_factory=dict)

    def filled_in(self, text: str) -> str:
        """With the values in the places of their names; a name that nothing has yet stays."""
        return _NAME.sub(lambda found: self.values.get(found[1], found[0]), text)

    def learn(self, told: Any, answer: Any) -> None:
        """What an answer has where the page has a name that is new."""
        if isinstance(told, dict) and isinstance(answer, dict):
            for key in told.keys() & answer.keys():
                self.learn(told[key], answer[key])
        elif isinstance(told, list) and isinstance(answer, list):
            for each, its in zip(told, answer, strict=False):
                self.learn(each, its)
        elif isinstance(told, str) and isinstance(answer, str) and (found := _NAME.fullmatch(told)):
            self.values.setdefault(found[1], answer)

    def name(self, answer: Any) -> None:
        """Each id that has no name gets that of its key, or of the root field where the key is `id`."""
        for root, value in (answer.get("data") or {}).items():
            for name, id_ in _ids(value, root):
                if id_ not in self.values.values():
                    self.values[next(each for each in _numbered(name) if each not in self.values)] = id_

    def told(self, answer: Any) -> Any:
        """The answer as a page tells it."""
        text = json.dumps(answer)
        for name, value in self.values.items():
            text = text.replace(json.dumps(value)[1:-1], f"<{name}>")
        return json.loads(text)


def _ids(value: Any, root: str, key: str = "id") -> Iterator[tuple[str, str]]:
    """The ids in a part of an answer, and what to call them."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _ids(each, root, name)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each, root, key)
    elif isinstance(value, str) and _ID.fullmatch(value):
        yield (root if key == "id" else key), value


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}{number}" for number in range(2, 10_000))


class Page:
    """`text` is what the page says now, with the answers of the last time it was played."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    async def check(self, server: Server) -> None:
        """Every answer is the page's."""
        names = Names()
        async for found, answer in self._played(server, names):
            assert found["answer"], f"{self._place(found)} has no answer"
            told = json.loads(found["answer"])
            names.learn(told, answer)
            assert names.told(answer) == told, self._place(found)

    async def answered(self, server: Server) -> str:
        """The text with the answers of today."""
        names, parts, end = Names(), list[str](), 0
        async for found, answer in self._played(server, names):
            names.learn(json.loads(found["answer"] or "null"), answer)
            names.name(answer)
            written = laid_out(names.told(answer))
            begin, over = found.span("answer") if found["answer"] else (found.end(), found.end())
            parts.append(self.text[end:begin])
            parts.append(f"{written}\n" if found["answer"] else f"\n```json\n{written}\n```\n")
            end = over
        return "".join([*parts, self.text[end:]])

    async def _played(self, server: Server, names: Names) -> AsyncIterator[tuple[re.Match[str], Any]]:
        """Each request, with its answer."""
        for found in _HEARD.finditer(self.text):
            if found["later"]:
                await server.running.pass_time(found["later"])
                continue
            text, variables = (names.filled_in(found[each] or "null") for each in ("text", "variables"))
            unknown = _NAME.findall(text + variables)
            assert not unknown, f"{self._place(found)}: nothing is called {unknown}"
            yield found, await server.answer(found["user"], text, json.loads(variables))

    def _place(self, found: re.Match[str]) -> str:
        line = self.text.count("\n", 0, found.start()) + 1
        return f"{self.path.name}:{line}"


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON, a line for what fits on one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    if isinstance(value, dict):
        inner = [
            f"{json.dumps(key, ensure_ascii=False)}: {laid_out(each, indent + 2)}"
            for key, each in value.items()
        ]
    else:
        inner = [laid_out(each, indent + 2) for each in value]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    lines = ",\n".join(f"{' ' * (indent + 2)}{each}" for each in inner)
    return f"{begin}\n{lines}\n{' ' * indent}{end}"


async def _answered(page: Page) -> str:
    with tempfile.TemporaryDirectory() as folder:
        async with served(page.path.stem, f"sqlite:///{folder}/page.db") as server:
            return await page.answered(server)


def main(path: Path) -> None:
    path.write_text(asyncio.run(_answered(Page(path))), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
